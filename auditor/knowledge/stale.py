"""Readings that are old: texts in force that nobody has looked at again for long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from auditor.domain.terms import UNKNOWN_TERMS, Terms
from auditor.ids import TermsId
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.readings import SERVICES


@dataclass(frozen=True, slots=True)
class Stale:
    """A text in force by a service, and how long ago a copy of it was seen."""

    terms: TermsId
    name: str
    seen: str | None
    """None: no copy says when it was seen."""
    days: int | None
    where: tuple[str, ...]
    """Where it was read, and would be read again."""
    teachers: int
    """So many entries of teachers rest on it."""


def stale(knowledge: Knowledge, today: date, days: int) -> list[Stale]:
    """Return the service texts in force whose newest reading is older than `days`, the oldest first.

    A license of weights stays what it was; only what a vendor can change is looked at.
    """
    found = [one for one in _in_force(knowledge, today) if one.days is None or one.days > days]
    return sorted(found, key=lambda one: (one.seen or "", one.terms))


def _in_force(knowledge: Knowledge, today: date) -> Iterator[Stale]:
    resting = _resting(knowledge)
    for terms in knowledge.terms.values():
        ended = terms.effective_to is not None and terms.effective_to < today.isoformat()
        if terms.kind in SERVICES and terms.id in resting and not ended:
            seen = seen_last(terms)
            age = (today - date.fromisoformat(seen)).days if seen and len(seen) == 10 else None
            yield Stale(terms.id, terms.name, seen, age, _places(terms), resting[terms.id])


def seen_last(terms: Terms) -> str | None:
    """Return the last day on which a copy of a text was seen."""
    return max((one.seen for one in terms.read if one.seen), default=None)


def _resting(knowledge: Knowledge) -> dict[TermsId, int]:
    """Count for each text in force the teachers that rest on it; a host's text is in force too."""
    counts: dict[TermsId, int] = {}
    for teacher in knowledge.teachers.values():
        last = teacher.spans[-1] if teacher.spans else None
        held = teacher.terms if last is None else last.terms if last.end is None else ()
        for id in set(held):
            counts[id] = counts.get(id, 0) + 1
    for host in knowledge.hosts.values():
        for id in host.adds_terms:
            counts.setdefault(id, 0)
    counts.pop(UNKNOWN_TERMS, None)
    return counts


def _places(terms: Terms) -> tuple[str, ...]:
    read = [f"{one.repository} {one.path}" for one in terms.read]
    return tuple(dict.fromkeys((*read, terms.url)))
