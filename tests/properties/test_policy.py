"""More restrictions, more unknowns or more rows never make an answer milder; unknown never allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.domain.origin import OriginFlag
from auditor.domain.outcome import Outcome
from auditor.knowledge.load import load_knowledge
from auditor.policy.evaluate.context import EvaluationContext
from auditor.policy.evaluate.evaluator import Judge
from auditor.policy.pack.load import CompiledPack, load_pack
from auditor.policy.plan.plans import plan_from
from auditor.policy.testing.cases import evaluate, origin_of
from tests.effort import tries

TODAY = date(2026, 11, 24)
KNOWLEDGE = load_knowledge()
DEFAULT = load_pack("default")
PACKS = {
    name: load_pack(name)
    for name in ("research-only", "internal-commercial", "commercial-api", "eu-placement")
}
USES = ("research-only", "internal-commercial", "commercial-api", "open-weights-release")
LICENSES = sorted(KNOWLEDGE.licenses)
TEACHERS = sorted((str(t.id), str(t.access)) for t in KNOWLEDGE.teachers.values())
BASES = (
    {"name": "Qwen/Qwen3-8B", "terms": "Apache-2.0"},
    {"name": "meta-llama/Llama-3.1-8B", "terms": "LicenseRef-Llama-3.1-Community"},
    {"name": "Qwen/Qwen-7B", "terms": "LicenseRef-Tongyi-Qianwen-2023"},
    {"name": "a base", "terms": "LicenseRef-MRL-0.1"},
)
FACTS: dict[str, tuple[Any, ...]] = {
    "dataset_published": (True, False, "unknown"),
    "dataset_modified": (True, False, "unknown"),
    "dataset_merged": (True, False, "unknown"),
    "mau": (10, 900_000_000, "unknown"),
    "mau_at_teacher_release": (10, 900_000_000, "unknown"),
    "monthly_revenue_usd": (10, 900_000_000, "unknown"),
    "place_of_use": ("US", "DE", "UK", "unknown"),
    "licensee_principal_place": ("US", "France", "unknown"),
    "separate_license": (True, False, "unknown"),
    "written_authorization": (True, False, "unknown"),
    "order_form_permission": (True, False, "unknown"),
    "student_performs_similarly": (True, False, "unknown"),
    "student_kind": ("classifier", "chat", "unknown"),
    "generated_by": ("self", "third-party", "unknown"),
    "modality": ("text", "image", "unknown"),
}


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    teachers = [_teacher(draw) for _ in range(draw(st.integers(1, 2)))]
    facts = {
        key: draw(st.sampled_from(FACTS[key]))
        for key in draw(st.sets(st.sampled_from(sorted(FACTS)), max_size=4))
    }
    return {
        "teachers": teachers,
        "dataset_licenses": draw(st.lists(st.sampled_from(LICENSES), min_size=1, max_size=2)),
        "student_base": draw(st.sampled_from(BASES)),
        "intended_use": draw(st.sampled_from(USES)),
        "student_release_license": draw(
            st.sampled_from(
                ["none", "proprietary", "Apache-2.0", "CC-BY-NC-4.0", "Apache-2.0 + Gemma use restrictions"]
            )
        ),
        "student_name": draw(st.sampled_from(["Acme", "Llama-Acme"])),
        "competes_with_teacher_provider": draw(st.sampled_from(["yes", "no", "unknown"])),
        "facts": facts,
    }


def _teacher(draw: st.DrawFn) -> dict[str, Any]:
    id, access = draw(st.sampled_from(TEACHERS))
    entry = {"id": id, "access": access}
    when = draw(st.sampled_from([None, "2023-06-01", "2024-02-10", "2025-07-10", "2025-12-01", "2026-09-01"]))
    return entry if when is None else {**entry, "generated": when}


def severity(case: dict[str, Any], pack: CompiledPack = DEFAULT) -> int:
    answer = evaluate(case, pack, KNOWLEDGE, TODAY)
    assert "error" not in answer
    return Outcome(answer["outcome"]).severity


@settings(max_examples=tries(150), deadline=None)
@given(cases(), st.sampled_from(TEACHERS), st.sampled_from(LICENSES))
def test_another_row_or_license_never_makes_it_milder(
    case: dict[str, Any], teacher: tuple[str, str], license: str
) -> None:
    before = severity(case)
    added = {"id": teacher[0], "access": teacher[1]}
    assert severity({**case, "teachers": [*case["teachers"], added]}) >= before
    assert severity({**case, "dataset_licenses": [*case["dataset_licenses"], license]}) >= before


@settings(max_examples=tries(150), deadline=None)
@given(cases(), st.data())
def test_an_unknown_in_place_of_a_fact_never_allows_what_the_fact_forbids(
    case: dict[str, Any], data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(sorted(FACTS)))
    outcomes = [severity({**case, "facts": {**case["facts"], key: value}}) for value in FACTS[key]]
    *known, unknown = outcomes
    if max(known) >= Outcome.REVIEW.severity and min(known) < Outcome.REVIEW.severity:
        assert unknown >= Outcome.REVIEW.severity
    assert unknown >= min(known)


@settings(max_examples=tries(100), deadline=None)
@given(cases())
def test_not_knowing_whether_it_competes_is_never_milder_than_no(case: dict[str, Any]) -> None:
    by_answer = {
        answer: severity({**case, "competes_with_teacher_provider": answer})
        for answer in ("yes", "no", "unknown")
    }
    assert by_answer["no"] <= by_answer["unknown"] <= max(by_answer["yes"], Outcome.REVIEW.severity)


@settings(max_examples=tries(100), deadline=None)
@given(cases(), st.sampled_from(["teachers", "dataset_licenses", "base", "use", "name", "release"]))
def test_unknown_anything_never_allows(case: dict[str, Any], what: str) -> None:
    unknown: dict[str, dict[str, Any]] = {
        "teachers": {"teachers": [*case["teachers"], {"id": "nobody-knows-this", "access": "unknown"}]},
        "dataset_licenses": {"dataset_licenses": [*case["dataset_licenses"], "LicenseRef-Nobody-Knows"]},
        "base": {"student_base": {"name": "x", "terms": "LicenseRef-Nobody-Knows"}},
        "use": {"intended_use": None},
        "name": {"student_name": None},
        "release": {"student_release_license": None},
    }
    assert severity({**case, **unknown[what]}) >= Outcome.REVIEW.severity


@pytest.mark.parametrize("id", [id for id, _ in TEACHERS])
def test_a_date_or_path_that_nobody_gave_is_never_milder_than_every_one_that_it_could_be(id: str) -> None:
    access = next(path for one, path in TEACHERS if one == id)
    case = {
        "teachers": [{"id": id, "access": access}],
        "dataset_licenses": ["CC0-1.0"],
        "student_base": BASES[0],
        "intended_use": "commercial-api",
        "student_release_license": "proprietary",
        "student_name": "Acme",
        "competes_with_teacher_provider": "yes",
    }
    dated = [
        severity({**case, "teachers": [{"id": id, "access": access, "generated": day}]})
        for day in ("2023-04-01", "2024-02-10", "2025-07-10", "2026-09-01")
    ]
    assert severity(case) >= min(*dated, Outcome.REVIEW.severity)
    open_path = severity({**case, "teachers": [{"id": id, "access": "unknown"}]})
    assert open_path >= min(*dated, Outcome.REVIEW.severity)


FLAGS = st.sets(st.sampled_from(sorted(OriginFlag)), max_size=3)
SIMPLE = (
    "CC0-1.0", "MIT", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-ND-4.0", "GPL-3.0-only",
    "LicenseRef-Nobody-Knows", "NOASSERTION", "NONE", "LicenseRef-Llama-2-Community",
)  # fmt: skip
EXTRA: dict[str, tuple[Any, ...]] = {
    "access_evasion": (True, "unknown"),
    "confidential_source": (True, "unknown"),
    "lawful_acquisition": (False, "unknown"),
    "dataset_published": (True, "unknown"),
    "distributed": (True,),
    "mau": (10**9,),
    "mau_at_teacher_release": (10**9,),
    "monthly_revenue_usd": (10**10,),
    "place_of_use": ("nowhere",),
    "competes_with": (sorted({t.developer for t in KNOWLEDGE.teachers.values()}),),
}


@settings(max_examples=tries(150), deadline=None)
@given(cases(), st.data())
def test_a_fact_that_restricts_never_makes_it_milder(case: dict[str, Any], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(EXTRA)))
    free = {name: value for name, value in case["facts"].items() if name != key}
    before = severity({**case, "facts": free})
    if key == "dataset_published":
        before = severity({**case, "facts": {**free, key: False}})
    for value in EXTRA[key]:
        assert severity({**case, "facts": {**free, key: value}}) >= before


@settings(max_examples=tries(100), deadline=None)
@given(cases(), FLAGS, st.sampled_from(sorted(OriginFlag)))
def test_an_oddity_of_the_origin_never_makes_it_milder(
    case: dict[str, Any], flags: set[OriginFlag], flag: OriginFlag
) -> None:
    judge = Judge(EvaluationContext(DEFAULT, KNOWLEDGE, plan_from(case), TODAY))
    origin = origin_of(case, KNOWLEDGE)
    before = judge.outcome(replace(origin, flags=frozenset(flags)))
    assert judge.outcome(replace(origin, flags=frozenset({*flags, flag}))).severity >= before.severity


@settings(max_examples=tries(150), deadline=None)
@given(cases(), st.sampled_from(SIMPLE), st.sampled_from(SIMPLE))
def test_a_pair_of_licenses_is_the_stricter_and_a_choice_the_milder(
    case: dict[str, Any], left: str, right: str
) -> None:
    one, two, both, either = (
        severity({**case, "dataset_licenses": [text]})
        for text in (left, right, f"{left} AND {right}", f"{left} OR {right}")
    )
    assert both >= max(one, two)
    assert min(one, two) <= either <= max(one, two)


@settings(max_examples=tries(100), deadline=None)
@given(cases())
def test_a_key_left_out_never_allows_what_a_version_of_it_bars(case: dict[str, Any]) -> None:
    first, *rest = case["teachers"]
    days = ("2023-06-01", "2024-02-10", "2025-07-10", "2025-12-01", "2026-09-01")
    dated = [severity({**case, "teachers": [{**first, "generated": day}, *rest]}) for day in days]
    undated = {key: value for key, value in first.items() if key != "generated"}
    open_date = severity({**case, "teachers": [undated, *rest]})
    open_path = severity({**case, "teachers": [{**undated, "access": "unknown"}, *rest]})
    assert min(open_date, open_path) >= min(*dated, Outcome.REVIEW.severity)


@settings(max_examples=tries(60), deadline=None)
@given(cases(), st.sampled_from(["research-only", "internal-commercial", "commercial-api", "eu-placement"]))
def test_a_pack_for_a_use_is_never_milder_than_the_default(case: dict[str, Any], name: str) -> None:
    assert severity(case, PACKS[name]) >= severity(case)


@settings(max_examples=tries(60), deadline=None)
@given(cases())
def test_no_plan_is_never_milder_than_the_mildest_use(case: dict[str, Any]) -> None:
    origin = origin_of(case, KNOWLEDGE)
    whole = Judge(EvaluationContext(DEFAULT, KNOWLEDGE, None, TODAY)).judge(origin)
    assert len(whole.matrix) == len(USES)
    assert whole.outcome.severity >= min(outcome.severity for _, outcome in whole.matrix)
    if len({outcome for _, outcome in whole.matrix}) > 1:
        assert whole.outcome is Outcome.REVIEW


@settings(max_examples=tries(100), deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_teachers_and_licenses_does_not_count(case: dict[str, Any], chance: Any) -> None:
    turned = {key: list(case[key]) for key in ("teachers", "dataset_licenses")}
    for items in turned.values():
        chance.shuffle(items)
    assert severity({**case, **turned}) == severity(case)
