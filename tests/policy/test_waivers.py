from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from auditor.domain.clause import ClauseRef
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer, Reason, Verdict
from auditor.domain.waiver import Waiver, WaiverReason
from auditor.errors import PolicyError, UsageError
from auditor.policy.findings import finding_id, group_findings
from auditor.policy.waivers import (
    apply_waivers,
    effective_outcome,
    load_waivers,
    propose,
    save_waivers,
    waive_verdict,
)

REASON = Reason("r", Outcome.DENY, "t", "m", Layer.SERVICE_TERMS, ClauseRef("T", "1"), subject="gpt")
OTHER = replace(REASON, rule="q", outcome=Outcome.REVIEW)
VERDICT = Verdict(Outcome.DENY, (REASON, OTHER))
FINDINGS = group_findings({"o-1": VERDICT}, {"o-1": 5})
ID = finding_id("r", "gpt", REASON.clause)
WAIVER = Waiver(
    ID, "r", WaiverReason.COUNSEL_DECIDED, "counsel read the terms", "ann", "bob", "2026-11-01", "2027-01-31",
    5, "default",
)  # fmt: skip
TODAY = date(2026, 11, 24)


def problems(waiver: Waiver, today: date = TODAY, pack: str = "default") -> list[str]:
    return [one.rule for one in apply_waivers(FINDINGS, [waiver], pack, today).problems]


def test_a_waiver_marks_its_finding_and_no_other() -> None:
    applied = apply_waivers(FINDINGS, [WAIVER], "default", TODAY)
    assert applied.used == (WAIVER,)
    assert {f.id: f.waived_by for f in applied.findings if f.waived_by} == {ID: "bob until 2027-01-31"}
    assert len(applied.findings) == 2


def test_waivers_that_do_not_hold_are_findings() -> None:
    assert problems(WAIVER, date(2027, 1, 31)) == []
    assert problems(WAIVER, date(2027, 2, 1)) == ["waiver-expired"]
    assert problems(replace(WAIVER, finding="F-gone")) == ["waiver-stale"]
    assert problems(WAIVER, date(2026, 10, 31)) == ["waiver-stale"]
    assert problems(replace(WAIVER, rule="x")) == ["waiver-stale"]
    assert problems(WAIVER, pack="commercial-api") == ["waiver-stale"]
    assert problems(replace(WAIVER, samples=4)) == ["waiver-over-broad"]
    assert problems(replace(WAIVER, expires="2028-11-01")) == ["waiver-over-broad"]
    (one,) = apply_waivers(FINDINGS, [replace(WAIVER, samples=4)], "default", TODAY).problems
    assert one.outcome is Outcome.REVIEW


def test_a_waived_reason_counts_no_more_and_the_others_still_do() -> None:
    applied = apply_waivers(FINDINGS, [WAIVER], "default", TODAY)
    waived = waive_verdict(VERDICT, "o-1", applied.findings)
    assert waived.outcome is Outcome.REVIEW
    assert "Waived by bob" in waived.reasons[0].message
    assert waive_verdict(VERDICT, "o-2", applied.findings) is VERDICT
    assert waive_verdict(VERDICT, "o-1", FINDINGS) is VERDICT
    assert effective_outcome({"o-1": VERDICT}, applied) is Outcome.REVIEW
    other = replace(WAIVER, finding=finding_id("q", "gpt", OTHER.clause), rule="q")
    both = apply_waivers(FINDINGS, [WAIVER, other], "default", TODAY)
    assert effective_outcome({"o-1": VERDICT}, both) is Outcome.ALLOW_WITH_OBLIGATIONS
    rotten = apply_waivers(FINDINGS, [WAIVER, replace(other, samples=1)], "default", TODAY)
    assert effective_outcome({"o-1": VERDICT}, rotten) is Outcome.REVIEW


def test_a_waiver_for_one_teacher_does_not_cover_another() -> None:
    second = Verdict(Outcome.DENY, (REASON, replace(REASON, subject="claude")))
    findings = group_findings({"o-1": second}, {"o-1": 5})
    applied = apply_waivers(findings, [WAIVER], "default", TODAY)
    assert effective_outcome({"o-1": second}, applied) is Outcome.DENY


def test_files_keep_waivers_and_a_missing_one_holds_none(tmp_path: Path) -> None:
    path = tmp_path / "waivers.yaml"
    assert load_waivers(path) == ()
    save_waivers(path, [WAIVER])
    assert load_waivers(path) == (WAIVER,)


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "waivers: 3",
        "waivers: [3]",
        "waivers: [{finding: F-1}]",
        "waivers: [{finding: F-1, what: 1}]",
        "waivers: []\nmore: 1",
        "waivers:\n- {finding: F-1, rule: r, reason: risk-accepted, text: long enough text, author: a, "
        "approver: A, created: 2026-01-01, expires: 2026-02-01, samples: 1}",
        "waivers:\n- {finding: F-1, rule: r, reason: risk-accepted, text: long enough text, author: a, "
        "approver: b, created: 2026-01-01, expires: 2026-02-01, samples: .inf}",
    ],
)
def test_broken_waiver_files_are_refused(tmp_path: Path, body: str) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(body)
    with pytest.raises(PolicyError):
        load_waivers(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"expires": "2028-11-01"}, "366 days at most"),
        ({"samples": 6}, "covers 6 rows and the finding touches 5"),
        ({"approver": "Ann"}, "somebody else"),
        ({"approver": "ａnn\u200b."}, "somebody else"),
        ({"approver": "\u200b"}, "somebody else"),
        ({"author": " "}, "its author"),
        ({"expires": "2026-10-01"}, "before it starts"),
    ],
)
def test_a_new_waiver_that_would_not_hold_is_refused(change: dict[str, object], words: str) -> None:
    found = next(one for one in FINDINGS if one.id == ID)
    assert propose(WAIVER, found) == WAIVER
    with pytest.raises(UsageError, match=words):
        propose(replace(WAIVER, **change), found)  # type: ignore[arg-type]


def test_what_is_about_the_whole_set_or_about_a_waiver_cannot_be_waived() -> None:
    found = next(one for one in FINDINGS if one.id == ID)
    with pytest.raises(UsageError, match="no waiver lifts"):
        propose(WAIVER, replace(found, origins=()))
