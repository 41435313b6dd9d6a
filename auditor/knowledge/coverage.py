"""What the catalog has read: each teacher by its path, period by period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from auditor.domain.claim import Access
from auditor.domain.service import Unread
from auditor.domain.teacher import Teacher
from auditor.domain.timeline import Known
from auditor.ids import TeacherId, TermsId
from auditor.knowledge.asof import DayRange
from auditor.knowledge.catalog import OTHER, Knowledge
from auditor.knowledge.timeline import lane
from auditor.printable import plain


@dataclass(frozen=True, slots=True)
class Period:
    """Days on which the same texts held for a teacher."""

    start: str | None
    end: str | None
    known: Known
    terms: tuple[TermsId, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """The periods of one entry by its path; those that share a service share them."""

    teacher: TeacherId
    access: Access
    service: str
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class UnreadText:
    """A text of a service that nobody read."""

    service: str
    text: Unread


def coverage(knowledge: Knowledge) -> list[Covered]:
    """Return every teacher that is a model, in the catalog's order, up to the day its facts were read."""
    return [_covered(knowledge, one, one.released) for one in _models(knowledge)]


def _models(knowledge: Knowledge) -> list[Teacher]:
    return [one for id, one in knowledge.teachers.items() if one.access is not Access.NONE and id != OTHER]


def _covered(knowledge: Knowledge, entry: Teacher, released: str) -> Covered:
    last = DayRange(last=date.fromisoformat(knowledge.version).toordinal())
    segments = lane(knowledge, replace(entry, released=released), entry.access, None, last).segments
    periods: list[Period] = []
    for one in segments:
        terms = tuple(ground.terms for ground in one.grounds)
        period = Period(one.start, one.end, one.known, terms)
        if periods and (periods[-1].known, periods[-1].terms) == (period.known, period.terms):
            period = Period(periods.pop().start, period.end, period.known, period.terms)
        periods.append(period)
    return Covered(entry.id, entry.access, entry.service, tuple(periods))


def unread_texts(knowledge: Knowledge) -> list[UnreadText]:
    """Return the texts that governed services and that nobody read, with where they would be read."""
    return [UnreadText(one.name, text) for one in knowledge.services.values() for text in one.unread]


def tally(covered: list[Covered]) -> dict[str, int]:
    """Count the teachers by how what holds today is known."""
    counts = {str(known): 0 for known in Known}
    for one in covered:
        counts[str(one.periods[-1].known) if one.periods else str(Known.UNREAD)] += 1
    return counts


def markdown(knowledge: Knowledge) -> str:
    """Return tables of all teachers by path and period, and of what nobody read."""
    covered = coverage(knowledge)
    counted = ", ".join(f"{number} {word.replace('-', ' ')}" for word, number in tally(covered).items())
    head = [
        f"{len(covered)} entries; what holds on {knowledge.version}: {counted}.",
        "",
        "| teachers | path | from | to | known | texts |",
        "|---|---|---|---|---|---|",
    ]
    unread = [
        "",
        "Texts that nobody read:",
        "",
        "| service | from | to | text | where it would be read |",
        "|---|---|---|---|---|",
    ]
    texts = [
        _line(one.service, one.text.start or "…", one.text.end or "…", one.text.what, one.text.where)
        for one in unread_texts(knowledge)
    ]
    return "\n".join([*head, *_rows(knowledge), *(unread + texts if texts else [])]) + "\n"


def _rows(knowledge: Knowledge) -> Iterator[str]:
    """Yield a line for each period; teachers under the same texts share lines, whenever they came out."""
    groups: dict[tuple[Access, tuple[Period, ...]], list[TeacherId]] = {}
    for entry in _models(knowledge):
        shared = _covered(knowledge, entry, "" if entry.spans else entry.released)
        groups.setdefault((shared.access, shared.periods), []).append(entry.id)
    for (access, periods), ids in groups.items():
        for place, period in enumerate(periods):
            who = ", ".join(ids) if place == 0 else ""
            known = str(period.known).replace("-", " ")
            texts = ", ".join(period.terms) or "–"
            yield _line(who, str(access), period.start or "…", period.end or "today", known, texts)


def _line(*cells: str) -> str:
    return "| " + " | ".join(plain(cell).replace("|", "\\|") for cell in cells) + " |"
