"""The report has a timeline for each teacher of its rows, by the paths that the rows came."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bundles import catalog

from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.origin import Origin, OriginTeacher, View
from auditor.domain.outcome import Outcome
from auditor.domain.report.origin_facts import OriginFacts, origin_facts
from auditor.engine.report_sections.timelines import timelines
from auditor.knowledge.load import load_folders


def _origin(*teachers: OriginTeacher) -> OriginFacts:
    return origin_facts(Origin("o", teachers, (), Basis.ROW, Grade.C), (), 1, 1, Outcome.ALLOW)


def _teacher(id: str, access: Access, when: str | None, host: str | None = None) -> OriginTeacher:
    views = (View.DECLARED,)
    return OriginTeacher(id, id, True, views, Basis.ROW, Grade.C, access, host, when)


def test_rows_are_marked_on_the_path_that_they_came(tmp_path: Path) -> None:
    facts = load_folders((catalog(tmp_path / "acme", follows="allowed"),))
    found = timelines(
        facts,
        [
            _origin(_teacher("acme-chat", Access.API, "2026-06-01T10:00:00Z")),
            _origin(_teacher("acme-chat", Access.API, "2026-02"), _teacher("nobody", Access.API, "2026")),
            _origin(
                _teacher("acme-chat", Access.API, "soon", "elsewhere"), _teacher("human", Access.NONE, None)
            ),
        ],
        date(2026, 11, 27),
    )
    (only,) = found
    assert (only.name, only.teacher, only.until) == ("Acme Chat", "acme-chat", "2026-11-27")
    direct, hosted = only.lanes
    assert direct.dated == ("2026-02", "2026-06-01")
    assert [one.start for one in direct.segments] == ["2026-01-01", "2026-05-01"]
    assert (hosted.host, hosted.dated) == ("elsewhere", ())
    assert all(one.outputs is None or one.known.value == "unread" for one in hosted.segments)
