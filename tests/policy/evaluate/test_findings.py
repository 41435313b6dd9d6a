from __future__ import annotations

from dataclasses import replace

from auditor.domain.clause import ClauseRef
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer, Reason, Verdict
from auditor.knowledge.catalog import Knowledge
from auditor.policy.evaluate.context import EvaluationContext
from auditor.policy.evaluate.dataset import SetFacts, judge_set
from auditor.policy.evaluate.findings import finding_id, group_findings
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
