"""What reasons claim: only what holds, and only of the version it holds in."""

from __future__ import annotations

import re
from typing import Any

import pytest

from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.origin import Origin, OriginLicense, OriginTeacher, View
from auditor.domain.verdict import Verdict
from auditor.policy.pack.load import CompiledPack, load_pack
from auditor.policy.plan.plans import plan_from
from tests.policy.conftest import Evaluate, JudgeUnder

USE_PACKS = ("research-only", "internal-commercial", "commercial-api", "open-weights-release")


def _message(answer: dict[str, Any], rule: str) -> str:
    return next(str(r["message"]) for r in answer["reasons"] if r["rule"] == rule)


def test_a_ban_that_does_not_reach_says_that_it_was_declared(verdict_on: Evaluate) -> None:
    declared = verdict_on("openai-gpt-4o", "api", "2026-03-01", competes_with_teacher_provider="no")
    message = _message(declared, "outputs-not-competing")
    assert "declared not to compete with OpenAI" in message
    assert not [word for word in ("exception", "permission") if word in message]


def test_a_ban_that_does_not_reach_names_an_exception_or_a_permission_alone(verdict_on: Evaluate) -> None:
    facts = {"student_kind": "classifier", "distributed": "no"}
    keys = {"intended_use": "internal-commercial", "competes_with_teacher_provider": "yes", "facts": facts}
    excepted = verdict_on("openai-gpt-4o", "api", "2026-03-01", **keys)
    message = _message(excepted, "outputs-not-competing")
    assert "exception" in message
    assert not [word for word in ("declared not", "permission") if word in message]


def test_an_answer_that_depends_on_a_missing_fact_names_it_and_what_each_version_says(
    verdict_on: Evaluate,
) -> None:
    answer = verdict_on("deepseek-r1", "unknown", "2025-06-01", competes_with_teacher_provider="yes")
    said = _message(answer, "versions-differ")
    assert "depends on the access path" in said
    assert "Missing: the access path." in said
    assert re.search(r" says (review|deny|allow)", said)
    others = [r for r in answer["reasons"] if r["outcome"] == "review" and r["rule"] != "versions-differ"]
    assert all(r["message"].startswith("If ") for r in others if r["rule"].startswith("outputs-"))


def _without_plan(judge_under: JudgeUnder, pack: CompiledPack, name: str, license: str) -> Verdict:
    teacher = OriginTeacher(
        name, name, True, (View.DECLARED,), Basis.ROW, Grade.B, Access.OPEN_WEIGHTS, generated_at="2025-06-01"
    )
    origin = Origin("o", (teacher,), (OriginLicense(license, license, Basis.ROW),), Basis.ROW, Grade.B)
    return judge_under(None, pack).judge(origin)


@pytest.mark.parametrize("pack", ["default", *USE_PACKS])
@pytest.mark.parametrize("teacher", ["meta-llama-3.1", "google-gemma", "mistral-mrl", "qwen-1-research"])
def test_no_message_speaks_of_a_plan_that_nobody_gave(
    pack: str, teacher: str, judge_under: JudgeUnder
) -> None:
    verdict = _without_plan(judge_under, load_pack(pack), teacher, "CC-BY-NC-4.0")
    claims = re.compile(r"\bthe plan (shows|says|publishes|lets|does|is|states|declares)\b", re.I)
    assert not [r.message for r in verdict.reasons if claims.search(r.message)]


def test_a_reason_of_one_use_alone_is_no_headline(default: CompiledPack, judge_under: JudgeUnder) -> None:
    verdict = _without_plan(judge_under, default, "olmo-2", "CC-BY-NC-4.0")
    assert verdict.reasons[0].rule == "versions-differ"
    told = next(r for r in verdict.reasons if r.rule == "license-non-commercial")
    assert told.title.startswith("For some uses: ")
    assert told.message.startswith("If internal-commercial or commercial-api or open-weights-release: ")


def test_an_unmet_duty_is_shown_by_the_plan_where_there_is_one(judge_under: JudgeUnder) -> None:
    plan = plan_from(
        {"intended_use": "open-weights-release", "student_release_license": "Apache-2.0", "student_name": "X"}
    )
    teacher = OriginTeacher(
        "meta-llama-3.1", "meta-llama-3.1", True, (View.DECLARED,), Basis.ROW, Grade.B, Access.OPEN_WEIGHTS
    )
    origin = Origin("o", (teacher,), (OriginLicense("MIT", "MIT", Basis.ROW),), Basis.ROW, Grade.B)
    verdict = judge_under(plan).judge(origin)
    assert any("the plan shows that it is not met" in r.message for r in verdict.reasons)
