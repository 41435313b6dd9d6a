"""The picture of a timeline: every span is there, in its place, told in words as well as in color."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.domain.axes import OutputsUse
from auditor.domain.claim import Access
from auditor.domain.outcome import Outcome
from auditor.domain.timeline import Known, Lane, Segment, Timeline
from auditor.report.timeline import LEFT, MOST_LANES, WIDTH, drawing, known_words, told
from tests.report import examples


def _timeline(*segments: Segment, dated: tuple[str, ...] = ()) -> Timeline:
    lane = Lane("acme-chat", Access.API, None, segments, dated)
    return Timeline("Acme Chat", "acme-chat", "Acme", (lane,), "2026-11-24")


def test_spans_follow_on_each_other_and_reach_the_end() -> None:
    (row,) = drawing(examples.rich().timelines[0]).rows
    starts = [bar.x for bar in row.bars]
    assert starts == sorted(starts)
    for bar, after in zip(row.bars, starts[1:], strict=False):
        assert bar.x + bar.width == pytest.approx(after, abs=0.2)
    assert row.bars[0].x == LEFT
    assert row.bars[-1].x + row.bars[-1].width == pytest.approx(WIDTH - 10, abs=0.2)
    assert [day for _, day in row.ticks] == ["2024-04", "2025-06-02"]


def test_what_is_unread_from_memory_or_read_looks_different() -> None:
    (row,) = drawing(examples.rich().timelines[0]).rows
    unread, memory, read = row.bars
    assert (unread.fill, memory.fill, read.fill) == ("none", "review", "review")
    assert (unread.unsure, memory.unsure, read.unsure) == (False, True, False)
    assert "not read" in unread.told
    assert "from memory" in memory.told
    assert "openai-services-agreement 2.3(e); text read" in read.told


def test_memory_does_not_permit() -> None:
    (ground,) = examples.rich().timelines[1].lanes[0].segments[0].grounds
    allowed = replace(ground, outputs=OutputsUse.ALLOWED)
    for known, fill in ((Known.READ, "allow"), (Known.REPORTED, "allow"), (Known.MEMORY, "none")):
        (bar,) = drawing(_timeline(Segment(None, None, known, (allowed,)))).rows[0].bars
        assert bar.fill == fill, known


@pytest.mark.parametrize("outputs", OutputsUse)
@pytest.mark.parametrize("known", Known)
def test_every_value_has_a_sign_and_words(outputs: OutputsUse, known: Known) -> None:
    (ground,) = examples.rich().timelines[1].lanes[0].segments[0].grounds
    segment = Segment(None, None, known, (replace(ground, outputs=outputs),))
    found = drawing(_timeline(segment))
    (bar,) = found.rows[0].bars
    assert bar.label[0] in "○●◐▲■◇"
    assert (bar.fill, bar.label) in found.key
    assert known_words(known) in told(segment)


@pytest.mark.parametrize("outcome", Outcome)
def test_what_was_judged_is_drawn_by_its_outcome(outcome: Outcome) -> None:
    segment = Segment(None, None, Known.READ, (), outcome=outcome)
    (bar,) = drawing(_timeline(segment)).rows[0].bars
    assert bar.fill == outcome.value
    assert "judged" in bar.told


def test_hostile_names_and_dates_are_drawn_within_the_picture() -> None:
    hostile = examples.hostile().timelines[0]
    found = drawing(replace(hostile, lanes=hostile.lanes * 10))
    assert len(found.rows) == MOST_LANES
    assert found.more == 20 - MOST_LANES
    for row in found.rows:
        assert all(LEFT <= bar.x <= WIDTH and bar.x + bar.width <= WIDTH for bar in row.bars)
        assert all(LEFT <= x <= WIDTH for x, _ in row.ticks)
        assert "\x1b" not in row.title + row.teacher + "".join(bar.told for bar in row.bars)


def test_a_path_without_a_span_is_a_row_without_a_bar() -> None:
    found = drawing(_timeline(dated=("2024",)))
    assert found.rows[0].bars == ()
    assert drawing(Timeline("x", "x", "", (), "2026-11-24")).rows == ()
