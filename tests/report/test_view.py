from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.domain.coverage import Coverage
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer
from auditor.report.view import coverage_bars, grouped, ordered, ordered_origins, rows_by_outcome
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


def test_what_was_found_comes_before_what_is_missing_and_stands_for_itself() -> None:
    [first, *_] = examples.rich().findings
    one = replace(first, waived_by=None, outcome=Outcome.REVIEW, origins=("o-1", "o-2"))
    missing = replace(one, id="F-m", rule="teacher-unknown", layer=Layer.PROVENANCE, samples=900)
    clause = replace(one, id="F-c", rule="outputs-forbidden", layer=Layer.SERVICE_TERMS, samples=30)
    part = replace(clause, id="F-p", rule="duty-owed", origins=("o-2",), samples=10)
    found = replace(one, id="F-f", rule="origin-contradiction", layer=Layer.PROVENANCE, samples=2)
    order = ordered([missing, part, clause, found])
    assert [finding.id for finding in order] == ["F-f", "F-c", "F-p", "F-m"]
    groups = grouped(order)
    assert [(g.lead.id, [b.id for b in g.beneath]) for g in groups] == [("F-f", []), ("F-c", ["F-p", "F-m"])]


def test_nothing_is_hidden_beneath_a_finding_that_was_waived() -> None:
    [first, *_] = examples.rich().findings
    waived = replace(first, id="F-w", waived_by="W-1", origins=("o-1", "o-2"), rule="a")
    open_one = replace(first, id="F-o", waived_by=None, origins=("o-1",), rule="b")
    assert [group.lead.id for group in grouped(ordered([waived, open_one]))] == ["F-o", "F-w"]
    assert all(not group.beneath for group in grouped((waived, open_one)))
