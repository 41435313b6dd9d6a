"""What a pass over the rows gathers: origins with their verdicts, counts, and the answer on each row.

Everything that stays after the pass is small: a few dozen origins, their verdicts and first rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.digest import DatasetDigest, Digests, end_to_end
from auditor.domain.claim import ClaimSet
from auditor.domain.finding import Evidence
from auditor.domain.match import MatchVerdict, Span
from auditor.domain.origin import Origin, OriginFlag, View
from auditor.domain.sample import PartRole
from auditor.domain.verdict import Verdict
from auditor.engine.part_texts import PartTexts, texts_of
from auditor.engine.phrases import PhraseCount
from auditor.engine.samples_file import OriginColumns, sample_table
from auditor.engine.search import RowMatches
from auditor.engine.text_count import TextCount
from auditor.engine.text_form import FormCount
from auditor.engine.works import WorkCount
from auditor.fingerprint.signs.text_signs import signs_of, spoken
from auditor.policy.evaluate.evaluator import Judge
from auditor.provenance.origins import OriginTable

EXAMPLES = 5
"""Rows kept per origin to show as evidence."""


class Batch(Protocol):
    """What a scan needs of a batch of rows; `auditor.samples.batch.SampleBatch` is one."""

    @property
    def digests(self) -> Digests:
        """Return the row digests."""

    @property
    def lines(self) -> NDArray[np.int64] | None:
        """Return the 1-based line of each row, where the format has lines."""

    @property
    def parts(self) -> pa.Table | pa.RecordBatch:
        """Return row_index, role, slot and text of every part."""

    @property
    def claim_sets(self) -> NDArray[np.int32]:
        """Return each row's place in the source's table of claim sets."""

    def sample_ids(self) -> pa.StringArray:
        """Return the ids of the rows."""


Sink = Callable[[pa.RecordBatch, Batch], None]
"""Takes the answers on a batch (`samples_file.SCHEMA`) beside the batch itself."""


@dataclass(slots=True)
class Scan:
    """All that is known of the rows that were passed over so far.

    Attributes:
        table: the origins met, numbered.
        rules: judges origins under the pack and plan of the audit.
        verdicts: by origin number.
        examples: first rows by origin number.
        phrases: rows whose text names its maker or refuses.
        forms: rows that are factual or creative by their form.
        works: registered works that rows repeat.
        text: characters by what was done with them.
        searched, detected, insufficient, unreadable_text, public_text: rows, as in `Coverage`.
        aside: rows of which passages were left aside, those of `public_text` among them.
        hidden: first rows whose text could not be read.
        public: first rows with passages that are nobody's own.
        unlearned: rows without a text that a teacher may have written.
        masked: rows with an answer that their own mask keeps from being learned.
        longest_span: longest matched stretch of any row, in characters.
    """

    table: OriginTable
    rules: Judge
    digest: DatasetDigest = field(default_factory=DatasetDigest)
    verdicts: list[Verdict] = field(default_factory=list)
    examples: list[list[Evidence]] = field(default_factory=list)
    phrases: PhraseCount = field(default_factory=PhraseCount)
    forms: FormCount = field(default_factory=FormCount)
    works: WorkCount = field(default_factory=WorkCount)
    text: TextCount = field(default_factory=TextCount)
    samples: int = 0
    searched: int = 0
    detected: int = 0
    insufficient: int = 0
    unreadable_text: int = 0
    public_text: int = 0
    aside: int = 0
    hidden: list[Evidence] = field(default_factory=list)
    public: list[Evidence] = field(default_factory=list)
    unlearned: int = 0
    masked: int = 0
    longest_span: int = 0
    _columns: OriginColumns = field(default_factory=OriginColumns)

    def conclude(
        self, claim_sets: Sequence[ClaimSet], batch: Batch, matches: RowMatches
    ) -> NDArray[np.int32]:
        """Return the number of each row's origin, from what is claimed of it and what was found."""
        return self.table.number(
            claim_sets, batch.claim_sets, matches.detections if len(matches.hits) else None
        )

    def judge(self) -> None:
        """Judge the origins met since the last call; rows inherit the verdict of their origin."""
        for origin in self.table.origins[len(self.verdicts) :]:
            verdict = self.rules.judge(origin)
            self.verdicts.append(verdict)
            self.examples.append([])
            self._columns.add(origin, verdict)

    def answers(
        self, batch: Batch, texts: PartTexts, matches: RowMatches, numbers: NDArray[np.int32]
    ) -> pa.RecordBatch:
        """Count the rows of a batch and return the answer on each, after `samples_file.SCHEMA`.

        Args:
            texts: the batch's text that was searched.
            numbers: origin number of each row.
        """
        ids, best, digests = batch.sample_ids(), matches.best(), end_to_end(batch.digests)
        self._count(len(ids), digests, matches, best)
        self.text.add(texts, matches.decided, numbers)
        signs, at = signs_of(batch.parts.column("text"), texts.places), texts.rows
        masked = texts_of(batch.parts, (PartRole.MASKED,)).rows
        self.masked += len(np.unique(masked))
        learned = texts_of(batch.parts).rows if len(masked) else at
        self.unlearned += len(ids) - len(np.unique(learned))
        self.phrases.add(texts, numbers, ids, batch.lines, spoken(signs))
        self.forms.add(signs, at, len(ids), self.works.add(matches, len(ids)))
        unread = matches.rows_of(MatchVerdict.UNREADABLE)
        self.unreadable_text += len(unread)
        for row in unread[: EXAMPLES - len(self.hidden)].tolist():
            self.hidden.append(_evidence(ids[row].as_py(), row, batch.lines, matches.hits, best))
        self._count_public(ids, batch.lines, matches)
        for row in self._first_rows(numbers):
            evidence = _evidence(ids[row].as_py(), row, batch.lines, matches.hits, best)
            self.examples[numbers[row]].append(evidence)
        return sample_table(ids, digests, self._columns.take(numbers), batch.lines, matches.columns(best))

    def _count_public(
        self, ids: pa.StringArray, lines: NDArray[np.int64] | None, matches: RowMatches
    ) -> None:
        self.public_text += matches.count(MatchVerdict.PUBLIC)
        if not len(matches.aside):
            return
        held = matches.holders()
        self.aside += len(held)
        for row in sorted(held)[: EXAMPLES - len(self.public)]:
            line = None if lines is None else int(lines[row])
            note = f"held by {', '.join(held[row])}"
            self.public.append(Evidence(ids[row].as_py(), note=note, line=line))

    def _first_rows(self, numbers: NDArray[np.int32]) -> list[int]:
        """Return the rows of a batch that are still wanted as examples of their origins."""
        wanted = EXAMPLES - np.fromiter(map(len, self.examples), np.int64, len(self.examples))
        asked = np.flatnonzero(wanted[numbers] > 0)
        order = asked[np.argsort(numbers[asked], kind="stable")]
        of_row = numbers[order]
        place = np.arange(len(order)) - np.searchsorted(of_row, of_row)
        rows: list[int] = order[place < wanted[of_row]].tolist()
        return rows

    def _count(
        self, rows: int, digests: bytes | memoryview, matches: RowMatches, best: NDArray[np.int64]
    ) -> None:
        self.digest.extend_run(digests)
        self.samples += rows
        self.searched += matches.searched
        self.detected += matches.count(MatchVerdict.COPIED)
        self.insufficient += matches.count(MatchVerdict.INSUFFICIENT)
        spans = matches.hits.column("spans").take(pa.array(best[best >= 0])).combine_chunks().flatten()
        lengths = pc.subtract(spans.field("query_end"), spans.field("query_start"))
        self.longest_span = max(self.longest_span, pc.max(lengths).as_py() or 0)

    def verdict_by_id(self) -> dict[str, Verdict]:
        """Return the verdict on each origin by its id."""
        return {origin.id: verdict for origin, verdict in zip(self.table.origins, self.verdicts, strict=True)}

    def rows_by_id(self) -> dict[str, int]:
        """Return how many rows each origin has by its id."""
        return {origin.id: rows for origin, rows in zip(self.table.origins, self.table.samples, strict=True)}

    def rows_with(self, wanted: Callable[[Origin], bool]) -> int:
        """Return how many rows have an origin of a kind."""
        pairs = zip(self.table.origins, self.table.samples, strict=True)
        return sum(samples for origin, samples in pairs if wanted(origin))

    @property
    def declared(self) -> int:
        """Return the rows for which somebody names a teacher."""
        return self.rows_with(attrgetter("declared"))

    @property
    def unattributed_chars(self) -> int:
        """Return the characters of learned text in rows of unknown origin."""
        return sum(
            self.text.of(number) for number, origin in enumerate(self.table.origins) if is_unknown(origin)
        )

    @property
    def unknown_origin(self) -> int:
        """Return the rows of which nobody says, and no match shows, where they come from."""
        return self.rows_with(is_unknown)


def is_unknown(origin: Origin) -> bool:
    """Tell whether neither a match nor a claim that the catalog knows says whose text it is."""
    if any(View.DETECTED in teacher.views for teacher in origin.teachers):
        return False
    unknown = {OriginFlag.UNKNOWN_TEACHER, OriginFlag.AMBIGUOUS_TEACHER}
    return not origin.teachers or bool(unknown & origin.flags)


def _evidence(
    sample_id: str, row: int, lines: NDArray[np.int64] | None, hits: pa.Table, best: NDArray[np.int64]
) -> Evidence:
    line = None if lines is None else int(lines[row])
    if best[row] < 0:
        return Evidence(sample_id, line=line)
    [match] = hits.slice(best[row], 1).to_pylist()
    return Evidence(
        sample_id,
        note=_note(match),
        line=line,
        teacher=match["teacher"],
        reference_id=match["reference_id"],
        score=round(float(match["score"]), 4),
        spans=tuple(Span(**span) for span in match["spans"]),
    )


def _note(match: dict[str, Any]) -> str:
    """Say what a match rests on, and which lane found it where that is not the usual one."""
    shared = f"{match['matched_chars']:,} characters shared" if match["spans"] else "alike by signature"
    return shared if match["lane"] in {None, "ngrams"} else f"{shared} ({match['lane']})"
