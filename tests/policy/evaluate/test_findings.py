"""Reasons grouped into findings; one per cause, with all its clauses; copies apart by whose text they are."""

from __future__ import annotations

from dataclasses import replace

from auditor.domain.claim import Basis, Grade
from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Finding
from auditor.domain.origin import Origin, OriginTeacher, View
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer, Reason, Verdict
from auditor.knowledge.catalog import Knowledge
from auditor.policy.evaluate.context import EvaluationContext
from auditor.policy.evaluate.dataset import SetFacts, judge_set
from auditor.policy.evaluate.findings import by_cause, finding_id, group_findings
from auditor.policy.pack.load import CompiledPack
from tests.policy.conftest import TODAY

DENY = Reason("r", Outcome.DENY, "t", "m", Layer.SERVICE_TERMS, ClauseRef("T", "1"), subject="teacher")
REVIEW = replace(DENY, rule="q", outcome=Outcome.REVIEW)
FINE = replace(DENY, rule="a", outcome=Outcome.ALLOW)


def test_one_finding_for_one_cause_over_many_origins() -> None:
    verdicts = {
        "o-1": Verdict(Outcome.DENY, (DENY, FINE)),
        "o-2": Verdict(Outcome.DENY, (DENY, REVIEW)),
    }
    findings = group_findings(verdicts, {"o-1": 3, "o-2": 4})
    assert [(f.rule, f.samples, f.origins) for f in findings] == [
        ("r", 7, ("o-1", "o-2")),
        ("q", 4, ("o-2",)),
    ]


def test_an_origin_that_came_to_no_row_gives_no_finding() -> None:
    verdicts = {"o-1": Verdict(Outcome.DENY, (DENY,)), "o-2": Verdict(Outcome.REVIEW, (REVIEW,))}
    assert [f.rule for f in group_findings(verdicts, {"o-1": 3, "o-2": 0})] == ["r"]


def test_ids_ignore_wording_order_and_counts_but_not_the_cause() -> None:
    one = group_findings({"o-1": Verdict(Outcome.DENY, (DENY, REVIEW))}, {"o-1": 3})
    reworded = Verdict(Outcome.DENY, (REVIEW, replace(DENY, message="other", title="other", fix="f")))
    two = group_findings({"o-9": reworded, "o-1": reworded}, {"o-1": 9, "o-9": 1})
    assert {f.id for f in one} == {f.id for f in two}
    ids = {finding_id("r", "s", c) for c in (ClauseRef("T", "1"), ClauseRef("T", "2"), ClauseRef("U", "1"))}
    assert (
        len(ids | {finding_id("q", "s", ClauseRef("T", "1")), finding_id("r", "x", ClauseRef("T", "1"))}) == 5
    )


def test_the_strictest_reason_of_a_cause_is_shown() -> None:
    milder = replace(DENY, outcome=Outcome.REVIEW)
    verdicts = {"o-1": Verdict(Outcome.REVIEW, (milder,)), "o-2": Verdict(Outcome.DENY, (DENY,))}
    (finding,) = group_findings(verdicts, {"o-1": 1, "o-2": 1})
    assert finding.outcome is Outcome.DENY


def test_unreadable_rows_and_empty_sets_are_review(knowledge: Knowledge, default: CompiledPack) -> None:
    fine = judge_set(EvaluationContext(default, knowledge, None, TODAY), SetFacts(rows=5))
    broken = judge_set(EvaluationContext(default, knowledge, None, TODAY), SetFacts(rows=5, unreadable=1))
    empty = judge_set(EvaluationContext(default, knowledge, None, TODAY), SetFacts(rows=0))
    assert fine.outcome is Outcome.ALLOW
    assert [r.rule for r in broken.reasons if not r.outcome.passes] == ["rows-unreadable"]
    assert empty.outcome is Outcome.REVIEW
    (finding,) = group_findings({}, {}, [(broken, 1)])
    assert finding.rule == "rows-unreadable"
    assert finding.samples == 1


def origin(id: str, *detected: str) -> Origin:
    found = (OriginTeacher(n, n, True, (View.DETECTED,), Basis.FINGERPRINT, Grade.C) for n in detected)
    return Origin(id, tuple(found), (), Basis.FINGERPRINT, Grade.E)


def finding(rule: str, clause: str, origins: tuple[str, ...], outcome: Outcome = Outcome.DENY) -> Finding:
    return Finding(
        f"F-{clause}", rule, outcome, "t", f"{clause} bars it.", Layer.SERVICE_TERMS, 0, "gpt",
        (ClauseRef("Terms", clause),), "Drop them.", origins,
    )  # fmt: skip


COUNTS = {"o-1": 3, "o-2": 4}


def test_clauses_of_one_cause_are_listed_together_and_rows_count_once() -> None:
    parts = [finding("compete", "a", ("o-1", "o-2")), finding("compete", "b", ("o-1",))]
    [merged] = by_cause(parts, [origin("o-1"), origin("o-2")], COUNTS)
    assert merged.samples == 7
    assert [clause.section for clause in merged.clauses] == ["a", "b"]
    assert merged.fix == "Drop them."
    [swapped] = by_cause(parts[::-1], [origin("o-1"), origin("o-2")], COUNTS)
    assert swapped.id == merged.id


def test_deny_and_review_of_one_rule_stay_apart() -> None:
    parts = [finding("compete", "a", ("o-1",)), finding("compete", "b", ("o-2",), Outcome.REVIEW)]
    assert len(by_cause(parts, [origin("o-1"), origin("o-2")], COUNTS)) == 2


def test_a_contradiction_is_a_cause_per_detected_teacher() -> None:
    both = finding("origin-contradiction", "e", ("o-1", "o-2"), Outcome.REVIEW)
    found = by_cause([both], [origin("o-1", "gpt4"), origin("o-2", "qwen")], COUNTS)
    assert {(one.subject, one.samples) for one in found} == {("gpt4", 3), ("qwen", 4)}
    assert len({one.id for one in found}) == 2
    assert "`gpt4`" in found[0].message


def test_undeclared_rows_say_whether_teacher_text_was_found_in_them() -> None:
    both = finding("origin-undeclared", "e", ("o-1", "o-2"), Outcome.REVIEW)
    titles = {
        one.subject: one.title for one in by_cause([both], [origin("o-1", "gpt4"), origin("o-2")], COUNTS)
    }
    assert titles == {"gpt4": "Teacher text was found in rows that nobody declares", "": "t"}


def test_the_id_of_an_origin_is_no_subject() -> None:
    [one] = by_cause(
        [replace(finding("license-missing", "x", ("o-1",)), subject="o-1")], [origin("o-1")], COUNTS
    )
    assert one.subject == ""
