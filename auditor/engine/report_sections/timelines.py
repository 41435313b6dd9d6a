"""What held for each teacher of the rows over time, by the paths that its rows came."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from auditor.domain.claim import Access
from auditor.domain.origin import OriginTeacher
from auditor.domain.report.origin_facts import OriginFacts
from auditor.domain.timeline import Timeline
from auditor.ids import TeacherId
from auditor.knowledge.asof import DayRange, read_range
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.timeline import lane

MOST_TEACHERS, MOST_PATHS, MOST_DAYS = 24, 8, 24
_PLAIN = re.compile(r"\d{4}(?:-\d\d){0,2}", re.ASCII)


def timelines(knowledge: Knowledge, origins: Iterable[OriginFacts], today: date) -> tuple[Timeline, ...]:
    """Return a timeline for each teacher that the catalog knows, in the order of the origins."""
    paths: dict[TeacherId, dict[tuple[Access, str | None], set[str]]] = {}
    for teacher in (one for origin in origins for one in origin.teacher_details):
        id = TeacherId(teacher.id)
        if id in knowledge.teachers and teacher.access is not Access.NONE:
            days = paths.setdefault(id, {}).setdefault((teacher.access, teacher.host), set())
            days.update(_days_of(teacher))
    return tuple(
        _timeline(knowledge, id, ways, today)
        for id, ways in list(paths.items())[:MOST_TEACHERS]
        if knowledge.teachers[id].access is not Access.NONE
    )


def _days_of(teacher: OriginTeacher) -> tuple[str, ...]:
    said = (teacher.generated_at or "").strip()
    days = read_range(said) if said else None
    if days is None:
        return ()
    if _PLAIN.fullmatch(said):
        return (said,)
    return tuple(date.fromordinal(one).isoformat() for one in dict.fromkeys((days.first, days.last)))


def _timeline(
    knowledge: Knowledge, id: TeacherId, ways: dict[tuple[Access, str | None], set[str]], today: date
) -> Timeline:
    entry, days = knowledge.teachers[id], DayRange(last=today.toordinal())
    ordered = sorted(ways.items(), key=lambda way: (way[0][0], way[0][1] or ""))[:MOST_PATHS]
    lanes = tuple(
        lane(knowledge, entry, access, host, days, tuple(sorted(dated))[:MOST_DAYS])
        for (access, host), dated in ordered
    )
    return Timeline(entry.name, id, entry.developer, lanes, today.isoformat())
