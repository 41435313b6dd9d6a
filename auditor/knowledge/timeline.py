"""What held for a model over time: each span of days is asked of the catalog as a row's date would be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from auditor.domain.axes import SilentBasis
from auditor.domain.claim import Access
from auditor.domain.teacher import Host, Teacher, TermsSet, TermsSpan
from auditor.domain.terms import UNKNOWN_TERMS, Terms
from auditor.domain.timeline import Ground, Known, Lane, Segment, Timeline, known_by, strictness
from auditor.ids import TeacherId
from auditor.knowledge.asof import FIRST, LAST, DayRange, read_range
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.names import matches


def timeline(
    knowledge: Knowledge,
    name: str,
    today: date,
    access: Access | None = None,
    days: str | None = None,
    host: str | None = None,
) -> Timeline | None:
    """Return what held for outputs of the model `name`, by each path that is left open.

    Args:
        today: the last day that is drawn.
        days: a date, a prefix of one, or `FROM/TO`: spans that lie outside of it are left out.

    Returns:
        None where the catalog does not know the name.
    """
    found = knowledge.resolve(name, access, days, host)
    ids = (found.teacher,) if found.teacher else found.candidates
    if not ids:
        return None
    entries = [knowledge.teachers[id] for id in ids]
    asked = read_range(days) or DayRange()
    lanes = [
        _within(lane(knowledge, entry, path, host, DayRange(asked.first, _last(asked, today))), asked)
        for entry, path in _paths(knowledge, name, entries, access, host)
    ]
    developers = dict.fromkeys(entry.developer for entry in entries)
    return Timeline(name, ", ".join(ids), ", ".join(developers), tuple(lanes), today.isoformat())


def _last(asked: DayRange, today: date) -> int:
    """Return the last day to draw: today, or a later one that was asked for by its date."""
    return max(asked.last if asked.last != LAST else 0, today.toordinal())


def _within(found: Lane, asked: DayRange) -> Lane:
    """Leave the spans out that lie outside of the days that were asked for."""
    kept = tuple(one for one in found.segments if _days(one.start, one.end).meets(asked))
    return replace(found, segments=kept, since=_since(found.segments, kept))


def _paths(
    knowledge: Knowledge, name: str, entries: Iterable[Teacher], access: Access | None, host: str | None
) -> Iterator[tuple[Teacher, Access]]:
    """Yield each entry that may be meant with the path to it, each once."""
    seen: set[tuple[TeacherId, Access]] = set()
    for entry in entries:
        ways = [(entry, entry.access)]
        if access not in (None, Access.UNKNOWN):
            others = _meant(knowledge, name, entry.siblings(access))
            ways = [(one, access) for one in others if access is not entry.access] or [(entry, access)]
        elif host:
            ways = [(entry, Access.UNKNOWN)]
        else:
            ways += [(one, path) for path, ids in entry.by_access for one in _meant(knowledge, name, ids)]
            if entry.access is Access.OPEN_WEIGHTS and not entry.siblings(Access.API):
                ways.append((entry, Access.API))
        for way in ways:
            if (way[0].id, way[1]) not in seen:
                seen.add((way[0].id, way[1]))
                yield way


def _meant(knowledge: Knowledge, name: str, ids: Iterable[TeacherId]) -> list[Teacher]:
    """Return the entries that themselves go by the name; all of them where none does."""
    entries = [knowledge.teachers[one] for one in ids]
    return [one for one in entries if matches(one, name)] or entries


def lane(
    knowledge: Knowledge,
    entry: Teacher,
    access: Access,
    host: str | None,
    days: DayRange,
    dated: tuple[str, ...] = (),
) -> Lane:
    """Return what held for one entry by one path; days before the model's release are left out.

    Args:
        days: up to the last one it is drawn; from the first one where that is told and nothing was known yet.
            The last span has no end.
        dated: days of rows that came this way.
    """
    served = knowledge.index.find_host(host) if host else None
    points = _points(knowledge, entry, served, days)
    segments: list[Segment] = []
    for first, after in pairwise(points):
        asked = f"{_iso(first)}/{_iso(after - 1)}"
        sets = knowledge.terms_for(entry, access, asked, host)
        one = _segment(knowledge, sets, first, after - 1, days)
        if segments and _same(segments[-1], one):
            one = _joined(segments.pop(), one)
        segments.append(one)
    told = served.id if served else host
    return Lane(entry.id, access, told, tuple(segments), dated, _since(segments, segments))


def _points(knowledge: Knowledge, entry: Teacher, served: Host | None, days: DayRange) -> list[int]:
    """Return the first day of every stretch on which nothing can change, and the day after the last one."""
    spans: list[TermsSpan] = [*entry.spans, *(served.spans if served else ())]
    used = {id for span in spans for id in span.terms} | {
        *entry.terms,
        *(served.adds_terms if served else ()),
    }
    starts = [span.start for span in spans]
    ends = [span.end for span in spans]
    for id in used:
        terms = knowledge.terms.get(id)
        if terms is not None:
            starts.append(terms.effective_from)
            ends += [terms.effective_to, *(one.seen for one in terms.read)]
    known = [_days(one, None).first for one in starts if one]
    released = _days(entry.released, None).first if entry.released else min(known, default=FIRST)
    first = min(released, days.last, days.first if days.first != FIRST else released)
    changes = {*known, *(_days(None, one).last + 1 for one in ends if one)}
    inner = {day for day in changes if first < day <= days.last}
    return [first, *sorted(inner), days.last + 1]


def _days(start: str | None, end: str | None) -> DayRange:
    first, last = read_range(start) or DayRange(), read_range(end) or DayRange()
    return DayRange(first.first, last.last)


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _segment(knowledge: Knowledge, sets: list[TermsSet], first: int, last: int, days: DayRange) -> Segment:
    ids = dict.fromkeys(id for one in sets for id in one.terms if id != UNKNOWN_TERMS)
    grounds = sorted(
        (ground_of(knowledge.terms[id]) for id in ids),
        key=lambda ground: -strictness(ground.outputs),
    )
    unread = not all(one.known for one in sets) or any(
        ground.silent_basis is SilentBasis.TEXT_NOT_READ for ground in grounds
    )
    rests = max((known_by(ground.confidence) for ground in grounds), key=_weakness, default=Known.UNREAD)
    notes = dict.fromkeys(one.note for one in sets if one.note)
    return Segment(
        start=None if first == FIRST else _iso(first),
        end=None if last == days.last else _iso(last),
        known=Known.UNREAD if unread else rests,
        grounds=tuple(grounds),
        note="; ".join(notes),
    )


def _weakness(known: Known) -> int:
    return known.weakness


def ground_of(terms: Terms) -> Ground:
    """Return what a text says of outputs."""
    clause = terms.facts.outputs
    return Ground(
        terms=terms.id,
        name=terms.name,
        outputs=clause.value,
        section=clause.section,
        reading=terms.reading or clause.text,
        source=clause.source,
        confidence=clause.confidence,
        url=terms.url,
        silent_basis=terms.facts.silent_basis,
        effective_from=terms.effective_from,
        seen=max((one.seen for one in terms.read if one.seen), default=None),
    )


def _same(one: Segment, other: Segment) -> bool:
    return (one.known, one.grounds, one.note) == (other.known, other.grounds, other.note)


def _joined(one: Segment, other: Segment) -> Segment:
    return Segment(one.start, other.end, one.known, one.grounds, one.note)


def _since(segments: Sequence[Segment], kept: Sequence[Segment]) -> str | None:
    """Return the day since which the answer of the last kept span holds; None where that is since ever."""
    start = None
    for segment in reversed(segments):
        if kept and segment.start is not None and (segment.start > (kept[-1].start or "")):
            continue
        if kept and segment.outputs is not kept[-1].outputs:
            break
        start = segment.start
    return start
