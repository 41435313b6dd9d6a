"""Search texts that may be disguised once more, as they read with the disguise undone."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.domain.match import InsufficientReason, MatchVerdict
from auditor.fingerprint.disguise import triage
from auditor.fingerprint.disguise.undo import views_of
from auditor.fingerprint.disguise.unspaced import Vocabulary
from auditor.fingerprint.disguise.view import View
from auditor.fingerprint.tokens.chunks import chunks

_BATCH = 512
"""Texts whose views are searched at a time, which bounds their memory."""
_RANK = {
    str(MatchVerdict.INSUFFICIENT): 0,
    str(MatchVerdict.NO_MATCH): 1,
    str(MatchVerdict.PUBLIC): 2,
    str(MatchVerdict.UNREADABLE): 4,
    str(MatchVerdict.COPIED): 5,
}
"""Which verdict of one text, read in several ways, stands; a shared passage is no clearance."""
_SHARED_RANK = 3
_VOCABULARIES: dict[int, tuple[weakref.ref[NDArray[np.uint32]], Vocabulary]] = {}


def vocabulary_of(words: NDArray[np.uint32]) -> Vocabulary:
    """Return the vocabulary of an index's words, counted once for each index that is open."""
    kept = _VOCABULARIES.get(id(words))
    if kept is not None and kept[0]() is words:
        return kept[1]
    made = Vocabulary.of(words)
    _VOCABULARIES[id(words)] = (weakref.ref(words), made)
    return made


@dataclass(frozen=True, slots=True)
class _Reading:
    row: int
    view: View
    unreadable: bool = False
    """Nothing more can be undone, and what is left is no text."""


def search_again(
    table: pa.Table,
    texts: pa.Array | pa.ChunkedArray,
    words: NDArray[np.uint32],
    search: Callable[[pa.Array], pa.Table],
) -> pa.Table:
    """Return the table with the rows that say more once their disguise is undone.

    Args:
        table: a match table of the texts as they are, with the column `undone`.
        words: the word ids of the index.
        search: searches texts as they are.
    """
    open_ = pc.not_equal(table["verdict"], str(MatchVerdict.COPIED)).to_numpy()
    better: dict[int, _Line] = {}
    for batch in _batches(_readings(texts, open_, words)):
        found = search(pa.array([one.view.text for one in batch], pa.large_string()))
        verdicts, scores = found["verdict"].to_pylist(), found["score"].to_pylist()
        reasons = found["reason"].to_pylist()
        for place, reading in enumerate(batch):
            before = better.get(reading.row)
            hidden = reading.unreadable and verdicts[place] != str(MatchVerdict.COPIED)
            verdict = str(MatchVerdict.UNREADABLE) if hidden else verdicts[place]
            rank = (_rank(verdict, reasons[place]), scores[place])
            if before is None or rank > before.rank:
                better[reading.row] = _Line(rank, verdict, place, found, reading.view)
    return _patched(table, better)


class _Line(NamedTuple):
    rank: tuple[int, float]
    verdict: str
    place: int
    found: pa.Table
    view: View


def _readings(
    texts: pa.Array | pa.ChunkedArray, open_: NDArray[np.bool_], words: NDArray[np.uint32]
) -> Iterator[_Reading]:
    vocabulary: Vocabulary | None = None
    for row, part in chunks(texts):
        hidden = open_[row : row + len(part)]
        if hidden.any():
            hidden = hidden & triage.suspicious(triage.measured(part))
        for place in np.flatnonzero(hidden).tolist():
            vocabulary = vocabulary or vocabulary_of(words)
            text = part[place].as_py() or ""
            views, unreadable = views_of(text, vocabulary)
            yield from (_Reading(row + place, view) for view in views[:-1])
            if views or unreadable:
                yield _Reading(row + place, views[-1] if views else View.of(text), unreadable)


def _batches(readings: Iterator[_Reading]) -> Iterator[list[_Reading]]:
    batch: list[_Reading] = []
    for reading in readings:
        batch.append(reading)
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _rank(verdict: str, reason: str | None) -> int:
    return _SHARED_RANK if reason == InsufficientReason.SHARED_PASSAGE else _RANK[verdict]


def _patched(table: pa.Table, better: dict[int, _Line]) -> pa.Table:
    """Put what the views say where it says more than the text as it is."""
    verdicts, reasons = table["verdict"], table["reason"]
    rows: list[int] = []
    lines: list[dict[str, Any]] = []
    for row, found in sorted(better.items()):
        if found.rank[0] > _rank(verdicts[row].as_py(), reasons[row].as_py()):
            rows.append(row)
            lines.append(_match(found))
    if not rows:
        return table
    places = np.arange(len(table))
    places[rows] = len(table) + np.arange(len(rows))
    both = pa.concat_tables([table, pa.Table.from_pylist(lines, schema=table.schema)])
    return both.take(pa.array(places))


def _match(line: _Line) -> dict[str, Any]:
    """Return a match with its spans in the text as it is, and with what was undone."""
    match: dict[str, Any] = line.found.slice(line.place, 1).to_pylist()[0]
    spans = []
    for span in match["spans"]:
        start, end = line.view.origin(span["query_start"], span["query_end"])
        spans.append(span | {"query_start": start, "query_end": end})
    covered = sum(end - start for start, end in _merged(spans))
    undone = [str(one) for one in line.view.undone]
    told = {"verdict": line.verdict, "spans": spans, "matched_chars": covered, "undone": undone}
    hidden = line.verdict == MatchVerdict.UNREADABLE
    return match | told | ({"reason": None} if hidden else {})


def _merged(spans: list[dict[str, int]]) -> list[tuple[int, int]]:
    """Return the stretches that the spans cover, none over another."""
    covered: list[tuple[int, int]] = []
    for start, end in sorted((one["query_start"], one["query_end"]) for one in spans):
        if covered and start <= covered[-1][1]:
            covered[-1] = (covered[-1][0], max(covered[-1][1], end))
        else:
            covered.append((start, end))
    return covered
