"""Two audits are compared by their causes; a baseline hides what was there before, never what got worse."""

from __future__ import annotations

from dataclasses import replace

from auditor.domain.finding import Finding
from auditor.domain.outcome import Outcome
from auditor.report.comparison import Turn, compare, only_new
from tests.report.examples import rich


def _open(number: int, samples: int, outcome: Outcome = Outcome.REVIEW) -> Finding:
    [first, *_] = rich().findings
    return replace(first, id=f"F-{number}", samples=samples, outcome=outcome, waived_by=None)


def test_each_cause_is_new_gone_or_moved() -> None:
    before = replace(rich(), findings=(_open(1, 5), _open(2, 5), _open(3, 5), _open(4, 5), _open(5, 5)))
    denied = _open(3, 5, Outcome.DENY)
    waived = replace(_open(4, 5), waived_by="W-1")
    after = replace(rich(), findings=(_open(1, 5), _open(2, 9), denied, waived, _open(6, 1)))
    changes = {change.finding.id: change for change in compare(before, after).changes}
    assert {id: change.turn for id, change in changes.items()} == {
        "F-2": Turn.MORE,
        "F-3": Turn.STRICTER,
        "F-4": Turn.MILDER,
        "F-5": Turn.GONE,
        "F-6": Turn.NEW,
    }
    assert (changes["F-2"].rows_before, changes["F-2"].rows_after) == (5, 9)
    assert (changes["F-5"].rows_before, changes["F-5"].rows_after) == (5, 0)


def test_the_same_audit_differs_in_nothing() -> None:
    found = compare(rich(), rich())
    assert found.changes == ()
    assert found.why == ()


def test_every_ground_that_differs_is_said() -> None:
    report = rich()
    other = replace(
        report,
        dataset=replace(report.dataset, digest="sha256:other"),
        policy=replace(report.policy, digest="sha256:other", version="9"),
        knowledge=replace(report.knowledge, digest="sha256:other"),
        tool_digest="sha256:other",
        indexes=(),
        plan=None,
        waivers=(),
        columns={"learned": ("other",)},
        sampled=True,
    )
    said = " ".join(compare(report, other).why)
    for word in ("data", "plan", "policy", "catalog", "indexes", "waivers", "columns", "program", "sample"):
        assert word in said


def test_a_baseline_hides_only_what_it_has_as_strict_and_as_large() -> None:
    before = replace(rich(), findings=(_open(1, 5), _open(2, 5), replace(_open(3, 5), waived_by="W-1")))
    after = replace(rich(), findings=(_open(1, 5), _open(2, 6), _open(3, 5), _open(4, 1)))
    shown = only_new(after, before)
    assert [finding.id for finding in shown.findings] == ["F-2", "F-3", "F-4"]
    assert shown.outcome is after.outcome
    assert "3 causes; 1 cause that the baseline has too is not shown" in shown.sentence
