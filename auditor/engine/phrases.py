"""Count the rows whose text names its maker or refuses in an assistant's words: a hint, never a verdict.

A row may quote such a sentence or be about it, and models repeat what other models said; so the findings are
notes. What a row declares is set beside what its text says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.domain.claim import Access
from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Evidence, Finding
from auditor.domain.origin import Origin, OriginTeacher
from auditor.domain.outcome import Outcome
from auditor.engine.own_finding import engine_finding
from auditor.engine.part_texts import PartTexts
from auditor.fingerprint.phrases import MAKERS, Phrase, PhraseKind, find_phrases
from auditor.ids import TeacherId
from auditor.knowledge.catalog import Knowledge

NAMED, REFUSED = "phrase-self-identification", "phrase-refusal"
_EXAMPLES = 5
_CLAUSE = ClauseRef("engine-rule", "a phrase is a hint and decides nothing")
_HINT = "A row may quote such a sentence or be about it, so this is a hint and changes no outcome."


@dataclass(frozen=True, slots=True)
class _Said:
    """What a text says, and the origin of its row."""

    origin: int
    kind: PhraseKind
    family: str | None


@dataclass(slots=True)
class PhraseCount:
    """Rows by what their text says and where they come from, a few of each kept to be shown."""

    rows: Counter[_Said] = field(default_factory=Counter)
    examples: dict[_Said, list[Evidence]] = field(default_factory=dict)

    def add(
        self,
        texts: PartTexts,
        numbers: NDArray[np.int32],
        ids: pa.StringArray,
        lines: NDArray[np.int64] | None = None,
        asked: NDArray[np.bool_] | None = None,
    ) -> None:
        """Count one batch.

        Args:
            texts: the teacher text.
            numbers: origin number of each row of the batch.
            ids, lines: of each row.
            asked: the texts to look at, where the others are known to have no phrase.
        """
        places = texts.places if asked is None else texts.places[asked]
        said_in = PartTexts(texts.parts, places)
        found = find_phrases(said_in.table().column("text")) if len(places) else []
        at = said_in.rows
        seen: set[tuple[int, _Said]] = set()
        for phrase in found:
            row = int(at[phrase.row])
            said = _Said(int(numbers[row]), phrase.kind, phrase.family)
            if (row, said) in seen:
                continue
            seen.add((row, said))
            self.rows[said] += 1
            kept = self.examples.setdefault(said, [])
            if len(kept) < _EXAMPLES:
                line = None if lines is None else int(lines[row])
                kept.append(Evidence(ids[row].as_py(), note=_note(phrase), line=line))

    def findings(self, origins: Sequence[Origin], knowledge: Knowledge) -> tuple[Finding, ...]:
        """Return one note per maker named, one for rows that name none, one for refusals.

        Args:
            origins: by number.
            knowledge: tells who makes the teachers that rows declare.
        """
        groups: dict[tuple[str, str | None], list[_Said]] = {}
        for said in sorted(self.rows, key=lambda s: (s.kind, s.family or "", s.origin)):
            rule = NAMED if said.kind is PhraseKind.SELF_IDENTIFICATION else REFUSED
            groups.setdefault((rule, said.family), []).append(said)
        return tuple(
            self._finding(rule, family, group, origins, knowledge) for (rule, family), group in groups.items()
        )

    def _finding(
        self, rule: str, family: str | None, group: list[_Said], origins: Sequence[Origin], facts: Knowledge
    ) -> Finding:
        against = [said for said in group if contradicts(origins[said.origin], family, facts)]
        rest = [said for said in group if said not in against]
        rows, contrary = (sum(self.rows[said] for said in part) for part in (group, against))
        title, message = _words(rule, family, rows, contrary)
        return engine_finding(
            rule,
            title,
            message,
            "look at these rows; declare the teacher if they are a model's" if contrary else "",
            cause=family or "",
            subject=family or "",
            samples=rows,
            clause=_CLAUSE,
            outcome=Outcome.ALLOW,
            origins=tuple(origins[said.origin].id for said in group),
            evidence=tuple(row for said in against + rest for row in self.examples[said])[:_EXAMPLES],
        )


def contradicts(origin: Origin, family: str | None, knowledge: Knowledge) -> bool:
    """Tell whether rows of an origin declare people, or only makers other than the one their text names.

    A declared teacher that the catalog does not know may be of any maker: it contradicts nothing. So does a
    student whose base or own teacher is of the maker named.
    """
    declared = [teacher for teacher in origin.teachers if teacher.declared]
    if not declared:
        return False
    people = [t.access is Access.NONE for t in declared]
    if family is None:
        return all(people)
    return all(
        person or (teacher.resolved and not _made_by(teacher, family, knowledge))
        for person, teacher in zip(people, declared, strict=True)
    )


def _made_by(teacher: OriginTeacher, family: str, knowledge: Knowledge) -> bool:
    names = tuple(name.lower() for name in MAKERS[family])
    makers = list(_makers(TeacherId(teacher.id), knowledge))
    return not makers or any(maker.lower().startswith(names) for maker in makers)


def _makers(id: TeacherId, knowledge: Knowledge) -> Iterator[str]:
    entry = knowledge.teachers.get(id)
    if entry is not None:
        base = (entry.inherits_base,) if entry.inherits_base else ()
        for one in (id, *base, *entry.distilled_from):
            if one in knowledge.teachers:
                yield knowledge.teachers[one].developer


def _note(phrase: Phrase) -> str:
    place = f"characters {phrase.start:,} to {phrase.end:,}"
    if phrase.kind is PhraseKind.REFUSAL:
        return f"refuses, {place}"
    maker = MAKERS[phrase.family][0] if phrase.family else ""
    return f"names {maker} as its maker, {place}" if maker else f"speaks as a model, {place}"


def _words(rule: str, family: str | None, rows: int, contrary: int) -> tuple[str, str]:
    """Return title and message of a finding."""
    many = f"{rows:,} {'row' if rows == 1 else 'rows'}"
    if rule == REFUSED:
        return (
            "Refusals in an assistant's words",
            f"{many} {'refuses' if rows == 1 else 'refuse'} as assistants do.{_people(contrary)} {_HINT}",
        )
    if family is None:
        verbs = ("speaks", "names") if rows == 1 else ("speak", "name")
        said = f"{many} {verbs[0]} as a language model and {verbs[1]} no maker."
        return "Text that speaks as a model", f"{said}{_people(contrary)} {_HINT}"
    maker = MAKERS[family][0]
    apart = f" Of these, {contrary:,} declared as text of another maker or a person." if contrary else ""
    said = f"{many} {'says so of itself' if rows == 1 else 'say so of themselves'}."
    return f"Text that names {maker} as its maker", f"{said}{apart} {_HINT}"


def _people(contrary: int) -> str:
    return f" Of these, {contrary:,} declared as written by a person." if contrary else ""
