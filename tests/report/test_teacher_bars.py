"""A bar for each teacher on one scale: widths are shares of the longest, and no row is lost."""

from __future__ import annotations

from dataclasses import replace

from auditor.report.teacher_bars import MOST_BARS, teacher_bars
from tests.report.examples import rich


def test_every_row_of_a_teacher_is_in_its_bar() -> None:
    report = rich()
    for bar in teacher_bars(report):
        own = [one for one in report.origins if bar.name in (one.teachers or ("nobody says",))]
        assert sum(part.rows for part in bar.parts) == bar.rows == sum(one.samples for one in own)


def test_the_longest_bar_fills_the_scale_and_none_is_longer() -> None:
    lengths = [sum(part.width for part in bar.parts) for bar in teacher_bars(rich())]
    assert abs(max(lengths) - 100) < 0.01


def test_most_denied_rows_come_first_and_the_rest_is_one_bar() -> None:
    report, [first, *_] = rich(), rich().origins
    many = [
        replace(first, id=f"o-{number}", teachers=(f"teacher-{number:02}",), samples=number + 1)
        for number in range(MOST_BARS + 8)
    ]
    bars = teacher_bars(replace(report, origins=tuple(many), findings=()))
    assert len(bars) == MOST_BARS + 1
    assert bars[0].name == f"teacher-{MOST_BARS + 7:02}"
    assert bars[-1].name == "8 others"
    assert bars[-1].rows == sum(range(1, 9))
