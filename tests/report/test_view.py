from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.domain.coverage import Coverage
from auditor.domain.outcome import Outcome
from auditor.report.view import coverage_bars, ordered, ordered_origins, rows_by_outcome
from tests.report import examples


def test_deny_comes_first_and_waived_last_whatever_the_order() -> None:
    findings = examples.rich().findings
    shown = [finding.id for finding in ordered(reversed(findings))]
    assert shown == [finding.id for finding in ordered(findings)]
    assert shown[0] == "F-3c9a51d2"
    assert shown[-1] == "F-c1d2e3f4"


def test_origins_that_look_alike_are_one_line_with_all_rows() -> None:
    rich = examples.rich()
    twin = replace(rich.origins[0], id="o-twin", samples=6)
    shown = ordered_origins(replace(rich, origins=(*rich.origins, twin)))
    assert len(shown) == len(rich.origins)
    assert sum(origin.samples for origin in shown) == sum(o.samples for o in rich.origins) + 6


def test_rows_are_counted_by_outcome() -> None:
    assert dict(rows_by_outcome(examples.rich())) == {
        Outcome.DENY: 412,
        Outcome.REVIEW: 623,
        Outcome.ALLOW_WITH_OBLIGATIONS: 10_965,
    }


@pytest.mark.parametrize("coverage", [Coverage(), Coverage(9, 9, 9, 9, 9), Coverage(10**9, 10**9, 10**9)])
def test_bars_fill_the_whole_whatever_the_counts(coverage: Coverage) -> None:
    for bar in coverage_bars(replace(examples.bare(), coverage=coverage)):
        assert sum(part.width for part in bar.segments) == pytest.approx(100, abs=0.01)
        assert all(part.rows > 0 for part in bar.segments)
