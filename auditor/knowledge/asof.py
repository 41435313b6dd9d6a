"""Find the terms that held on a day: dates may be partial, spans may leave gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

from auditor.domain.teacher import Host, Teacher, TermsSpan
from auditor.domain.terms import UNKNOWN_TERMS, Terms
from auditor.ids import TermsId
from auditor.knowledge.readings import last_seen

AFTER = "the text after"
"""Begins the note of a version that goes on beyond the day on which it was last seen."""
FIRST, LAST = date.min.toordinal(), date.max.toordinal()
_PARTIAL = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ]\d\d?:?\d\d(?::?\d\d(?:[.,]\d+)?)?"
    r" ?([zZ]|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?)?)?",
    re.ASCII,
)
_QUARTER = re.compile(r"(\d{4})[- ]?[Qq]([1-4])|[Qq]([1-4])[- /]?(\d{4})", re.ASCII)
_BETWEEN = re.compile(r" +(?:to|-|until|through) +| *(?:/|\.\.+|–|—) *")
_ISO_UTC = re.compile(r" ?(?:[zZ]|UTC|GMT)$")


@dataclass(frozen=True, slots=True)
class DayRange:
    """Days from `first` to `last`, both included, as proleptic ordinals."""

    first: int = FIRST
    last: int = LAST

    def meets(self, other: DayRange) -> bool:
        """Tell whether both have a day in common."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Version:
    """Terms that may have held within a range of days."""

    terms: tuple[TermsId, ...]
    start: str | None = None
    end: str | None = None
    note: str = ""


def read_range(text: str | None) -> DayRange | None:
    """Read a date, a prefix of one (`2023`, `2023-03`, `2023-Q1`), a timestamp, or two with `/` between.

    A timestamp with an offset stands for its day there and its day in UTC.

    Returns:
        None where it is none of these; the range of all days where `text` is None or empty.
    """
    if not text or not text.strip():
        return DayRange()
    whole = _days(text)
    if whole is not None:
        return whole
    parts = _BETWEEN.split(text.strip())
    if len(parts) != 2:
        return None
    start, end = _days(parts[0]), _days(parts[1])
    if start is None or end is None or start.first > end.last:
        return None
    return DayRange(start.first, end.last)


def written_range(start: str | None, end: str | None, within: str | None = None) -> str:
    """Write the days from `start` to `end`, as far as they lie in `within`, as a row's date is written."""
    days = read_range(within) or DayRange()
    first, last = max(days.first, _start(start)), min(days.last, _end(end))
    return f"{date.fromordinal(first).isoformat()}/{date.fromordinal(max(first, last)).isoformat()}"


def _days(text: str) -> DayRange | None:
    found = _PARTIAL.fullmatch(text.strip())
    if found is None:
        return _quarter(text.strip())
    year, month, day = (int(part) if part else None for part in found.groups()[:3])
    try:
        assert year is not None
        first = date(year, month or 1, day or 1)
        if day:
            return _day_with_offset(first, text.strip() if found[4] else "")
        rest = date(year, 12, 31) if not month else _month_end(year, month)
    except (ValueError, OverflowError):
        return None
    return DayRange(first.toordinal(), rest.toordinal())


def _day_with_offset(day: date, moment: str) -> DayRange:
    """Return a day, and the day before or after it on which a moment with an offset falls in UTC."""
    there = datetime.fromisoformat(_ISO_UTC.sub("+00:00", moment)) if moment else None
    away = there.utcoffset() if there is not None else None
    if there is None or not away:
        return DayRange(day.toordinal(), day.toordinal())
    in_utc = (there.replace(tzinfo=None) - away).date()
    ends = sorted((day.toordinal(), in_utc.toordinal()))
    return DayRange(ends[0], ends[1])


def _quarter(text: str) -> DayRange | None:
    found = _QUARTER.fullmatch(text)
    if found is None:
        return None
    year, quarter = int(found[1] or found[4]), int(found[2] or found[3])
    if not year:
        return None
    first, last = date(year, 3 * quarter - 2, 1), _month_end(year, 3 * quarter)
    return DayRange(first.toordinal(), last.toordinal())


def _month_end(year: int, month: int) -> date:
    if month == 12:
        return date(year, 12, 31)
    return date.fromordinal(date(year, month + 1, 1).toordinal() - 1)


def is_before_release(teacher: Teacher, days: DayRange) -> bool:
    """Tell whether the model was not out yet on any of the days, by whatever path."""
    return days.last < _start(teacher.released)


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
    found = list(_all_held(spans, asked, catalog))
    undated = days.last == LAST
    if _gap(spans, asked) and (teacher.spans or not undated):
        note = "the version in force then was not read" if not undated else "some versions were not read"
        found.append(Version((UNKNOWN_TERMS,), note=note))
    return found


def added(host: Host, days: DayRange, catalog: dict[TermsId, Terms]) -> list[Version]:
    """Return the terms that `host` added over every version that `days` leaves possible."""
    if not host.service:
        return [Version(host.adds_terms)]
    found = list(_all_held(host.spans, days, catalog))
    if _gap(host.spans, days):
        found.append(Version((UNKNOWN_TERMS,), note=f"the terms of {host.id} then were not read"))
    return found


def overlap(one: Version, other: Version) -> bool:
    """Tell whether two versions may have held on the same day."""
    return _start(one.start) <= _end(other.end) and _start(other.start) <= _end(one.end)


def _all_held(
    spans: Sequence[TermsSpan], asked: DayRange, catalog: dict[TermsId, Terms]
) -> Iterator[Version]:
    for span, after in zip_longest(spans, spans[1:]):
        yield from _held(span, last_seen(_going_on(span, after), catalog), asked)


def _going_on(span: TermsSpan, after: TermsSpan | None) -> tuple[TermsId, ...]:
    """Return the texts of a span that nothing read replaces at its end."""
    if span.end is None:
        return span.terms
    if after is None or _start(after.start) != _end(span.end) + 1:
        return ()
    return tuple(one for one in span.terms if one in after.terms)


def _held(span: TermsSpan, seen: str | None, asked: DayRange) -> Iterator[Version]:
    """Yield what of a span falls within `asked`: as it was read, and as it went on after it was last seen.

    What was last seen may have been replaced since: it may bar, and together with what is unread it does
    not permit.
    """
    first, last = _start(span.start), _end(span.end)
    until = min(_end(seen), last) if seen else last
    if max(first, asked.first) <= min(until, asked.last):
        yield Version(span.terms, span.start, seen if seen and until < last else span.end, span.note)
    if until < last and asked.last > until and asked.first <= last and asked.last >= first:
        after = max(date.fromordinal(until + 1).isoformat(), span.start or "")
        terms = tuple(dict.fromkeys((*span.terms, UNKNOWN_TERMS)))
        yield Version(terms, after, span.end, f"{AFTER} {seen} was not read: it may have been replaced")


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
