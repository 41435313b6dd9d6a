"""A timeline says of each day what the catalog says of a row of that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from bundles import catalog
from hypothesis import given
from hypothesis import strategies as st

from auditor.domain.axes import OutputsUse
from auditor.domain.claim import Access
from auditor.domain.terms import UNKNOWN_TERMS
from auditor.domain.timeline import Known, Segment
from auditor.knowledge.asof import DayRange
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.load import load_folders, load_knowledge
from auditor.knowledge.timeline import lane, timeline

TODAY = date(2026, 11, 27)
SHIPPED = load_knowledge()


@pytest.fixture
def acme(tmp_path: Path) -> Knowledge:
    return load_folders((catalog(tmp_path / "acme", follows="allowed"),))


def test_a_text_that_follows_on_another_begins_a_span(acme: Knowledge) -> None:
    found = timeline(acme, "acme/chat-2", TODAY)
    assert found is not None
    assert (found.teacher, found.developer) == ("acme-chat", "Acme")
    (only,) = found.lanes
    spans = [(one.start, one.end, one.known, one.outputs) for one in only.segments]
    assert spans == [
        ("2026-01-01", "2026-04-30", Known.READ, OutputsUse.FORBIDDEN_IF_COMPETING),
        ("2026-05-01", None, Known.READ, OutputsUse.ALLOWED),
    ]
    first = only.segments[0].grounds[0]
    assert (first.section, first.reading, first.seen) == (
        "7.2",
        "Outputs are spoken of in section 7.2.",
        "2026-11-01",
    )
    assert only.since == "2026-05-01"


def test_a_date_leaves_other_spans_out_and_a_gap_is_unread(acme: Knowledge) -> None:
    for days, starts in (
        ("2025-12/2026-01", ["2025-12-01", "2026-01-01"]),
        ("2026", ["2026-01-01", "2026-05-01"]),
        ("2020", ["2020-01-01"]),
    ):
        found = timeline(acme, "acme-chat", TODAY, days=days)
        assert found is not None
        assert [one.start for one in found.lanes[0].segments] == starts
        assert found.lanes[0].since == starts[-1]
    before = replace(acme.teachers["acme-chat"], released="2025-06")  # type: ignore[index]
    early = lane(acme, before, Access.API, None, DayRange(last=TODAY.toordinal()))
    assert early.segments[0].known is Known.UNREAD
    assert (early.segments[0].start, early.segments[0].end) == ("2025-06-01", "2025-12-31")
    assert early.segments[0].outputs is None


def test_a_name_that_nobody_knows_has_no_line(acme: Knowledge) -> None:
    assert timeline(acme, "nobody", TODAY) is None


def test_weights_without_a_service_are_unread_by_call() -> None:
    found = timeline(SHIPPED, "allenai/OLMo-2-1124-7B-Instruct", TODAY)
    assert found is not None
    paths = {lane.access: lane.segments[-1] for lane in found.lanes}
    assert paths[Access.OPEN_WEIGHTS].outputs is not None
    assert paths[Access.API].known is Known.UNREAD
    only = timeline(SHIPPED, "allenai/OLMo-2-1124-7B-Instruct", TODAY, Access.OPEN_WEIGHTS)
    assert only is not None
    assert [one.access for one in only.lanes] == [Access.OPEN_WEIGHTS]


def _holds(day: date, one: Segment) -> bool:
    return (one.start or "") <= day.isoformat() <= (one.end or "9999")


@given(
    st.sampled_from(sorted(SHIPPED.teachers)),
    st.sampled_from([None, "azure", "bedrock", "together", "nobody-serves"]),
    st.integers(0, 1500),
)
def test_each_day_has_the_terms_that_a_row_of_it_has(id: str, host: str | None, back: int) -> None:
    entry, day = SHIPPED.teachers[id], TODAY - timedelta(days=back)  # type: ignore[index]
    found = lane(SHIPPED, entry, entry.access, host, DayRange(last=TODAY.toordinal()))
    held = [one for one in found.segments if _holds(day, one)]
    assert len(held) <= 1
    sets = SHIPPED.terms_for(entry, entry.access, day.isoformat(), host)
    if not held:
        assert not any(one.known for one in sets) or entry.released > day.isoformat()
        return
    (segment,) = held
    assert {one.terms for one in segment.grounds} == {
        id for one in sets for id in one.terms if id != UNKNOWN_TERMS
    }
    assert (segment.known is Known.UNREAD) >= any(not one.known for one in sets)


@pytest.mark.parametrize("id", sorted(SHIPPED.teachers))
def test_spans_leave_no_day_out(id: str) -> None:
    entry = SHIPPED.teachers[id]  # type: ignore[index]
    found = lane(SHIPPED, entry, entry.access, None, DayRange(last=TODAY.toordinal())).segments
    assert found[-1].end is None
    for one, after in pairwise(found):
        assert one.end is not None
        assert after.start == (date.fromisoformat(one.end) + timedelta(days=1)).isoformat()
