"""Find the terms that held on a day: dates may be partial, spans may leave gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from auditor.domain.teacher import Host, Teacher, TermsSpan
from auditor.domain.terms import UNKNOWN_TERMS, Terms
from auditor.ids import TermsId
from auditor.knowledge.readings import last_seen

AFTER = "the text after"
"""Begins the note of a version that goes on beyond the day on which it was last seen."""
FIRST, LAST = date.min.toordinal(), date.max.toordinal()
_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ].*)?)?)?")


@dataclass(frozen=True, slots=True)
class DayRange:
    """Days from `first` to `last`, both included, as proleptic ordinals."""

    first: int = FIRST
    last: int = LAST


@dataclass(frozen=True, slots=True)
class Version:
    """Terms that may have held within a range of days."""

    terms: tuple[TermsId, ...]
    start: str | None = None
    end: str | None = None
    note: str = ""


def read_range(text: str | None) -> DayRange | None:
    """Read a date, a prefix of one (`2023`, `2023-03`), a timestamp, or two of them with `/` between.

    Returns:
        None where it is none of these; the range of all days where `text` is None or empty.
    """
    if not text or not text.strip():
        return DayRange()
    first, _, last = text.strip().partition("/")
    start, end = _days(first), _days(last or first)
    if start is None or end is None or start.first > end.last:
        return None
    return DayRange(start.first, end.last)


def _days(text: str) -> DayRange | None:
    found = _PARTIAL.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        assert year is not None
        first = date(year, month or 1, day or 1)
        if day:
            return DayRange(first.toordinal(), first.toordinal())
        rest = date(year, 12, 31) if not month else _month_end(year, month)
    except ValueError:
        return None
    return DayRange(first.toordinal(), rest.toordinal())


def _month_end(year: int, month: int) -> date:
    if month == 12:
        return date(year, 12, 31)
    return date.fromordinal(date(year, month + 1, 1).toordinal() - 1)


def since_release(teacher: Teacher, days: DayRange) -> DayRange:
    """Return the part of `days` on which the model was out; empty ranges keep their last day."""
    return DayRange(min(max(days.first, _start(teacher.released)), days.last), days.last)


def versions(teacher: Teacher, days: DayRange, catalog: dict[TermsId, Terms]) -> list[Version]:
    """Return the terms of `teacher` over every version that `days` leaves possible.

    A day outside every span, or before the release, is an unknown version and never the nearest one.
    """
    released = _start(teacher.released)
    if days.last < released:
        return [Version((UNKNOWN_TERMS,), note=f"dated before the release of {teacher.name}")]
    asked = DayRange(max(days.first, released), days.last)
    spans = teacher.spans or (_whole(teacher, catalog),)
    found = [version for span in spans for version in _held(span, asked, catalog)]
    undated = days.last == LAST
    if _gap(spans, asked) and (teacher.spans or not undated):
        note = "the version in force then was not read" if not undated else "some versions were not read"
        found.append(Version((UNKNOWN_TERMS,), note=note))
    return found


def added(host: Host, days: DayRange, catalog: dict[TermsId, Terms]) -> list[Version]:
    """Return the terms that `host` added over every version that `days` leaves possible."""
    if not host.service:
        return [Version(host.adds_terms)]
    found = [version for span in host.spans for version in _held(span, days, catalog)]
    if _gap(host.spans, days):
        found.append(Version((UNKNOWN_TERMS,), note=f"the terms of {host.id} then were not read"))
    return found


def overlap(one: Version, other: Version) -> bool:
    """Tell whether two versions may have held on the same day."""
    return _start(one.start) <= _end(other.end) and _start(other.start) <= _end(one.end)


def _held(span: TermsSpan, asked: DayRange, catalog: dict[TermsId, Terms]) -> Iterator[Version]:
    """Yield what of a span falls within `asked`: as it was read, and as it went on after it was last seen.

    What was last seen may have been replaced since: it may bar, and together with what is unread it does
    not permit.
    """
    first, last = _start(span.start), _end(span.end)
    seen = last_seen(span.terms, catalog) if span.end is None else None
    until = max(_end(seen), first) if seen else last
    if first <= asked.last and until >= asked.first:
        yield Version(span.terms, span.start, seen or span.end, span.note)
    if until < last and asked.last > until:
        after = date.fromordinal(until + 1).isoformat()
        terms = tuple(dict.fromkeys((*span.terms, UNKNOWN_TERMS)))
        yield Version(terms, after, None, f"{AFTER} {seen} was not read: it may have been replaced")


def _whole(teacher: Teacher, catalog: dict[TermsId, Terms]) -> TermsSpan:
    """Bound terms without spans by what their own entries say of their dates."""
    held = [catalog[one] for one in teacher.terms if one in catalog]
    starts = [terms.effective_from for terms in held if terms.effective_from]
    ends = [terms.effective_to for terms in held if terms.effective_to]
    return TermsSpan(max(starts, default=None), min(ends, default=None), teacher.terms)


def _gap(spans: Sequence[TermsSpan], asked: DayRange) -> bool:
    """Tell whether some day of `asked` lies outside all spans (which are in order)."""
    day = asked.first
    for span in spans:
        if _start(span.start) > day:
            return True
        day = max(day, _end(span.end) + 1)
        if day > asked.last:
            return False
    return True


def _start(text: str | None) -> int:
    days = _days(text) if text else None
    return days.first if days else FIRST


def _end(text: str | None) -> int:
    days = _days(text) if text else None
    return days.last if days else LAST
