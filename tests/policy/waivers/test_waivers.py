from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Finding
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer, Reason, Verdict
from auditor.domain.waiver import Approval, Waiver, WaiverReason, same_person
from auditor.errors import PolicyError, UsageError
from auditor.policy.evaluate.findings import finding_id, group_findings
from auditor.policy.waivers.waiver_file import load_waivers, read_waivers, save_waivers
from auditor.policy.waivers.waivers import (
    Applied,
    WaiverTerms,
    apply_waivers,
    check,
    effective_outcome,
    propose,
    waive_verdict,
    waived_finding,
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


TERMS = WaiverTerms("default", TODAY, "commercial-api")


def applied_to(findings: Iterable[Finding], *waivers: Waiver) -> Applied:
    return apply_waivers(findings, waivers, TERMS)


def problems(waiver: Waiver, today: date = TODAY, pack: str = "default") -> list[str]:
    terms = WaiverTerms(pack, today, "commercial-api")
    return [one.rule for one in apply_waivers(FINDINGS, [waiver], terms).problems]


def test_a_waiver_marks_its_finding_and_no_other() -> None:
    applied = applied_to(FINDINGS, WAIVER)
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
    assert problems(replace(WAIVER, use="commercial-api")) == []
    assert problems(replace(WAIVER, use="research-only")) == ["waiver-stale"]
    (one,) = applied_to(FINDINGS, replace(WAIVER, samples=4)).problems
    assert one.outcome is Outcome.REVIEW


def test_a_waived_reason_counts_no_more_and_the_others_still_do() -> None:
    applied = applied_to(FINDINGS, WAIVER)
    waived = waive_verdict(VERDICT, "o-1", applied.findings)
    assert waived.outcome is Outcome.REVIEW
    assert "Waived by bob" in waived.reasons[0].message
    assert waive_verdict(VERDICT, "o-2", applied.findings) is VERDICT
    assert waive_verdict(VERDICT, "o-1", FINDINGS) is VERDICT
    assert effective_outcome({"o-1": VERDICT}, applied) is Outcome.REVIEW
    other = replace(WAIVER, finding=finding_id("q", "gpt", OTHER.clause), rule="q")
    both = applied_to(FINDINGS, WAIVER, other)
    assert effective_outcome({"o-1": VERDICT}, both) is Outcome.ALLOW_WITH_OBLIGATIONS
    rotten = applied_to(FINDINGS, WAIVER, replace(other, samples=1))
    assert effective_outcome({"o-1": VERDICT}, rotten) is Outcome.REVIEW


def test_a_waiver_for_one_teacher_does_not_cover_another() -> None:
    second = Verdict(Outcome.DENY, (REASON, replace(REASON, subject="claude")))
    findings = group_findings({"o-1": second}, {"o-1": 5})
    applied = applied_to(findings, WAIVER)
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
        "waivers:\n- {finding: F-1, rule: r, reason: risk-accepted, text: long enough text, author: a, "
        "approver: b, created: 2026-01-01, expires: 2026-02-01, samples: true}",
        "waivers:\n- {finding: F-1, rule: r, reason: risk-accepted, text: long enough text, author: a, "
        "approver: b, created: 2026-01-01, expires: 2026-02-01, samples: 1, approvals: [yes]}",
        "waivers:\n- {finding: F-1, rule: r, reason: risk-accepted, text: long enough text, author: a, "
        "approver: b, created: 2026-01-01, expires: 2026-02-01, samples: 1, approvals: {sig: 1}}",
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


def test_a_waiver_by_hand_of_what_is_about_the_whole_set_lifts_nothing() -> None:
    whole = replace(next(one for one in FINDINGS if one.id == ID), origins=())
    applied = applied_to([whole], WAIVER)
    assert applied.used == ()
    assert [one.rule for one in applied.problems] == ["waiver-over-broad"]
    assert effective_outcome({}, applied) is Outcome.DENY


def test_where_signatures_are_asked_for_an_unsigned_waiver_is_a_finding_and_lifts_nothing() -> None:
    short = Approval(("k1",), ("bob",), 2, ("bob counts once",))
    for approvals in (
        {},
        {WAIVER: Approval()},
        {WAIVER: short},
        {replace(WAIVER, samples=9): Approval(("k",))},
    ):
        applied = apply_waivers(FINDINGS, [WAIVER], replace(TERMS, approvals=approvals))
        assert applied.used == ()
        assert [one.rule for one in applied.problems] == ["waiver-unsigned"]
        assert effective_outcome({"o-1": VERDICT}, applied) is Outcome.DENY
    signed = {WAIVER: Approval(("k1", "k2"), ("bob", "cem"), 2)}
    applied = apply_waivers(FINDINGS, [WAIVER], replace(TERMS, approvals=signed))
    assert [one.waived_by for one in applied.findings if one.waived_by] == ["bob and cem until 2027-01-31"]


def test_an_expired_waiver_is_expired_however_well_it_is_signed() -> None:
    signed = replace(TERMS, today=date(2027, 2, 1), approvals={WAIVER: Approval(("k1",), ("bob",))})
    assert [one.rule for one in apply_waivers(FINDINGS, [WAIVER], signed).problems] == ["waiver-expired"]


def test_a_reason_is_waived_by_the_waiver_of_its_own_finding_alone() -> None:
    marked = applied_to(FINDINGS, WAIVER).findings
    found = waived_finding(REASON, "o-1", marked)
    assert found is not None
    assert found.id == ID
    for other, origin in ((replace(REASON, subject="claude"), "o-1"), (REASON, "o-2"), (OTHER, "o-1")):
        assert waived_finding(other, origin, marked) is None


def test_approvals_come_back_from_the_file_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    signed = replace(WAIVER, author_key="ab" * 32, approvals=('{"payload": "e30=", "signatures": []}',))
    save_waivers(path, [signed])
    held = read_waivers(path)
    assert held.waivers == (signed,)
    assert held.digest.startswith("sha256:")
    assert "approvals" in path.read_text()
    with pytest.raises(PolicyError):
        read_waivers(tmp_path / "none.yaml")


def test_a_waiver_of_many_more_rows_than_there_are_lifts_nothing() -> None:
    assert problems(replace(WAIVER, samples=105)) == []
    for samples in (106, 500, 1_000_000_000):
        assert problems(replace(WAIVER, samples=samples)) == ["waiver-over-broad"]
    many = group_findings({"o-1": VERDICT}, {"o-1": 1_000})
    for samples, expected in ((2_000, []), (2_001, ["waiver-over-broad"])):
        applied = apply_waivers(many, [replace(WAIVER, samples=samples)], TERMS)
        assert [one.rule for one in applied.problems] == expected


@pytest.mark.parametrize(
    ("author", "approver"),
    [
        ("Mallory", "M\u0430llory"),
        ("Mallory", "Mallory (work)"),
        ("Mallory", "Mallory [ops] <m@example.org>"),
        ("Bea", "\u0392\u0435\u03b1"),
        ("Hanna", "\u0397anna"),
        ("Jose Niño", "José Nino"),
        ("\u0391\u039d\u039d\u0391", "\u03b1\u03bd\u03bd\u03b1"),
        ("(Ann)", "Ann"),
        ("Ann", "A\ufe0fnn"),
    ],
)
def test_look_alikes_accents_and_brackets_make_no_other_person(author: str, approver: str) -> None:
    assert same_person(author) == same_person(approver)
    with pytest.raises(UsageError, match="somebody else"):
        check(replace(WAIVER, author=author, approver=approver))


def test_other_people_stay_other_people() -> None:
    people = [
        "Ann",
        "Anne",
        "Иван",
        "Олег",
        "Hanna",
        "Nanna",
        "王伟",
        "王芳",
        "Ann (work) Berg",
        "सीता",
        "गीता",
    ]
    assert len({same_person(one) for one in people}) == len(people)
