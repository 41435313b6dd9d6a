"""The copyright layer: whose text the rows hold, how it was come by, and under which law."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.origin import Origin, OriginFlag, OriginLicense, OriginTeacher, View
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer
from auditor.policy.pack.load import CompiledPack, load_pack
from auditor.policy.plan.plans import plan_from
from tests.policy.conftest import Evaluate, JudgeUnder

PLAN: dict[str, Any] = {
    "student_base": {"name": "Qwen/Qwen3-8B", "terms": "Apache-2.0"},
    "intended_use": "commercial-api",
    "student_release_license": "proprietary",
    "student_name": "Acme",
    "competes_with_teacher_provider": "no",
}


def _found(name: str, *views: View) -> OriginTeacher:
    return OriginTeacher(name, name, False, views, Basis.FINGERPRINT, Grade.C, Access.UNKNOWN)


def _spoke(
    judge_under: JudgeUnder, pack: CompiledPack, teacher: OriginTeacher, **facts: Any
) -> dict[str, Outcome]:
    origin = Origin("o", (teacher,), (OriginLicense("CC0-1.0", "CC0-1.0", Basis.ROW),), Basis.ROW, Grade.B)
    verdict = judge_under(plan_from({**PLAN, "facts": facts}), pack).judge(origin)
    return {r.rule: r.outcome for r in verdict.reasons if r.layer is Layer.COPYRIGHT}


def test_every_known_teacher_is_judged_in_the_copyright_layer(
    default: CompiledPack, judge_under: JudgeUnder
) -> None:
    model = replace(_found("qwen-3-apache", View.DECLARED), access=Access.OPEN_WEIGHTS, resolved=True)
    assert _spoke(judge_under, default, model) == {"text-of-a-model": Outcome.ALLOW}
    people = replace(_found("human", View.DECLARED), access=Access.NONE)
    assert _spoke(judge_under, default, people) == {"text-of-people": Outcome.ALLOW}


def test_text_of_people_that_nobody_declares_needs_its_license(
    default: CompiledPack, judge_under: JudgeUnder
) -> None:
    assert _spoke(judge_under, default, _found("human", View.DETECTED)) == {"text-copied": Outcome.REVIEW}
    both = _found("human", View.DECLARED, View.DETECTED)
    assert _spoke(judge_under, default, both) == {"text-of-people": Outcome.ALLOW}


def test_a_registered_work_denies_and_fair_use_makes_it_a_question(
    default: CompiledPack, judge_under: JudgeUnder
) -> None:
    work = _found("work:The Lighthouse Songs", View.DETECTED)
    assert _spoke(judge_under, default, work) == {"work-copied": Outcome.DENY}
    assert _spoke(judge_under, load_pack("fair-use-review"), work) == {"work-copied": Outcome.REVIEW}


def test_views_of_one_teacher_are_judged_apart(judge_under: JudgeUnder) -> None:
    judge = judge_under(plan_from(PLAN))
    license = (OriginLicense("CC0-1.0", "CC0-1.0", Basis.ROW),)
    outcomes = [
        judge.outcome(Origin("o", (_found("human", view),), license, Basis.ROW, Grade.B))
        for view in (View.DECLARED, View.DETECTED, View.DECLARED)
    ]
    assert outcomes == [Outcome.ALLOW, Outcome.REVIEW, Outcome.ALLOW]


@pytest.mark.parametrize(
    ("facts", "outcome", "rule"),
    [
        ({"lawful_acquisition": "no"}, "deny", "sources-unlawful"),
        ({"lawful_acquisition": "unknown"}, "review", "sources-unclear"),
        ({"place_of_use": "unknown"}, "review", "place-unknown"),
        ({"licensee_principal_place": "Atlantis"}, "review", "place-unknown"),
        ({"place_of_use": "DE", "tdm_reservation": "yes"}, "review", "text-mining-ground"),
        (
            {"place_of_use": "DE", "tdm_reservation": "yes", "training_ground": "text-mining"},
            "deny",
            "text-mining-reserved",
        ),
        ({"place_of_use": "DE", "tdm_reservation": "unknown"}, "review", "text-mining-unclear"),
        (
            {"place_of_use": "DE", "tdm_reservation": "yes", "research_organization": "yes"},
            "review",
            "text-mining-unclear",
        ),
        ({"place_of_use": "DE", "training_ground": "text-mining"}, "review", "text-mining-unclear"),
        ({"place_of_use": "DE", "training_ground": "mining, mostly"}, "review", "text-mining-unclear"),
        (
            {"licensee_principal_place": "FR", "training_ground": "text-mining"},
            "review",
            "text-mining-unclear",
        ),
    ],
)
def test_what_the_plan_declares_of_sources_decides(
    verdict_on: Evaluate, facts: dict[str, str], outcome: str, rule: str
) -> None:
    answer = verdict_on("human", "none", facts=facts)
    assert answer["outcome"] == outcome
    assert rule in [reason["rule"] for reason in answer["reasons"]]


@pytest.mark.parametrize(
    "facts",
    [
        {"lawful_acquisition": "yes"},
        {"place_of_use": "DE", "tdm_reservation": "no"},
        {"place_of_use": "DE", "tdm_reservation": "no", "training_ground": "text-mining"},
        {"place_of_use": "DE", "training_ground": "license"},
        {"place_of_use": "US", "tdm_reservation": "yes"},
        {"origin": "flagged"},
    ],
)
def test_what_reserves_nothing_here_blocks_nothing(verdict_on: Evaluate, facts: dict[str, str]) -> None:
    assert verdict_on("human", "none", facts=facts)["outcome"] == "allow"


def test_the_exception_for_research_spares_no_commercial_use(verdict_on: Evaluate) -> None:
    mines = {
        "place_of_use": "DE",
        "licensee_principal_place": "DE",
        "tdm_reservation": True,
        "research_organization": True,
        "training_ground": "text-mining",
    }
    uses = {
        "commercial-api": "proprietary",
        "internal-commercial": "none",
        "open-weights-release": "Apache-2.0",
        "research-only": "none",
    }
    outcomes = {
        use: verdict_on(
            "human", "none", facts=mines, dataset_licenses=["CC-BY-4.0"], intended_use=use,
            student_release_license=release,
        )["outcome"]
        for use, release in uses.items()
    }  # fmt: skip
    assert outcomes.pop("research-only") == "allow"
    assert set(outcomes.values()) == {"review"}


@pytest.mark.parametrize("said", ["yes", "no", "unknown"])
@pytest.mark.parametrize(
    "fact",
    [
        "same_purpose", "free_source_available", "student_reproduces_text", "license_market",
        "student_substitutes_source", "harms_owner", "lawful_access", "non_commercial_research",
    ],
)  # fmt: skip
def test_the_sheet_alone_changes_no_allow(verdict_on: Evaluate, fact: str, said: str) -> None:
    assert verdict_on("qwen-3-apache", facts={fact: said})["outcome"] == "allow"


def test_eu_placement_asks_whether_reservations_were_recorded(judge_under: JudgeUnder) -> None:
    people = replace(_found("human", View.DECLARED), access=Access.NONE)
    spoke = _spoke(judge_under, load_pack("eu-placement"), people, place_of_use="DE")
    assert spoke["text-mining-unrecorded"] is Outcome.REVIEW
    told = _spoke(judge_under, load_pack("eu-placement"), people, place_of_use="DE", tdm_reservation="no")
    assert set(told) == {"text-of-people"}


def test_flags_of_an_origin_keep_their_place_beside_copyright(judge_under: JudgeUnder) -> None:
    work = _found("work:The Lighthouse Songs", View.DETECTED)
    origin = Origin("o", (work,), (), Basis.NONE, Grade.E, frozenset({OriginFlag.UNDECLARED}))
    verdict = judge_under(plan_from(PLAN)).judge(origin)
    assert {"origin-undeclared", "work-copied"} <= {r.rule for r in verdict.reasons}
