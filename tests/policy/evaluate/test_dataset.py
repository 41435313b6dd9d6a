"""Rules on the whole set: how many rows they speak of, and what is asked where no index was given."""

from __future__ import annotations

import pytest

from auditor.domain.coverage import Coverage
from auditor.domain.outcome import Outcome
from auditor.knowledge.catalog import Knowledge
from auditor.policy.evaluate.context import EvaluationContext
from auditor.policy.evaluate.dataset import SetFacts, judge_set, rows_touched
from auditor.policy.pack.load import load_pack
from tests.policy.conftest import TODAY

USE_PACKS = ["research-only", "internal-commercial", "commercial-api", "open-weights-release", "eu-placement"]
ASKED = (
    "No index was given, so nothing was compared with teacher text: build one, or state why none is needed."
)


@pytest.mark.parametrize("name", USE_PACKS)
def test_without_an_index_a_use_pack_is_review_with_one_question(name: str, knowledge: Knowledge) -> None:
    facts = SetFacts(rows=300, coverage=Coverage(300), fair_use_sheet=True, indexed=False)
    pack = load_pack(name)
    verdict = judge_set(EvaluationContext(pack, knowledge, None, TODAY), facts)
    assert verdict.outcome is Outcome.REVIEW
    assert verdict.questions == (ASKED,)
    [reason] = [reason for reason in verdict.reasons if reason.rule == "coverage-floor"]
    assert reason.message.startswith("No index was given")
    rule = next(one for one in pack.pack.rules if one.id == "coverage-floor")
    assert rows_touched(rule, reason.subject, facts) == 300


def test_with_an_index_the_share_is_told_and_nothing_is_asked(knowledge: Knowledge) -> None:
    facts = SetFacts(rows=300, coverage=Coverage(300, 100), fair_use_sheet=True)
    pack = load_pack("commercial-api")
    verdict = judge_set(EvaluationContext(pack, knowledge, None, TODAY), facts)
    [reason] = [reason for reason in verdict.reasons if reason.rule == "coverage-floor"]
    assert "is 0.333333; this pack asks for a share of 0.9." in reason.message
    assert verdict.questions == ()
    rule = next(one for one in pack.pack.rules if one.id == "coverage-floor")
    assert rows_touched(rule, reason.subject, facts) == 200


def test_an_index_that_no_row_could_be_compared_with_is_still_under_the_floor(knowledge: Knowledge) -> None:
    facts = SetFacts(rows=3, coverage=Coverage(3), fair_use_sheet=True, indexed=True)
    verdict = judge_set(EvaluationContext(load_pack("commercial-api"), knowledge, None, TODAY), facts)
    assert verdict.outcome is Outcome.REVIEW
    assert "is 0; this pack" in next(r for r in verdict.reasons if r.rule == "coverage-floor").message
