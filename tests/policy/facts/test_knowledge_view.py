"""What the judge asks of the knowledge."""

from __future__ import annotations

import pytest

from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.origin import Origin, OriginLicense, OriginTeacher, View
from auditor.domain.outcome import Outcome
from auditor.domain.tribool import Tribool
from auditor.knowledge.catalog import Knowledge
from auditor.policy.evaluate.context import EvaluationContext
from auditor.policy.evaluate.evaluator import Judge
from auditor.policy.facts.knowledge_view import KnowledgeView, expression_leaves
from auditor.policy.pack.load import load_pack
from auditor.policy.plan.plans import plan_from
from tests.policy.conftest import TODAY, Evaluate


def _origin(license: str, name: str = "olmo-2", access: Access = Access.OPEN_WEIGHTS) -> Origin:
    teacher = OriginTeacher(
        name, name, False, (View.DECLARED,), Basis.ROW, Grade.B, access, generated_at="2025-06-01"
    )
    licenses = (OriginLicense(license, license, Basis.ROW),) if license else ()
    return Origin("o", (teacher,), licenses, Basis.ROW, Grade.B)


@pytest.mark.parametrize(
    ("license", "fact"),
    [
        ("Apache-2.0", Tribool.YES),
        ("MIT OR CC-BY-NC-4.0", Tribool.YES),
        ("MIT AND CC-BY-NC-4.0", Tribool.NO),
        ("NONE", Tribool.NO),
        ("MIT OR NONE", Tribool.YES),
        ("NOASSERTION", Tribool.UNKNOWN),
        ("", Tribool.UNKNOWN),
    ],
)
def test_an_origin_is_open_where_teacher_and_data_are(
    knowledge: Knowledge, license: str, fact: Tribool
) -> None:
    assert KnowledgeView(knowledge).open_fact(_origin(license)) is fact


def test_a_teacher_is_graded_as_it_was_reached(knowledge: Knowledge) -> None:
    lookup = KnowledgeView(knowledge)
    grades = {
        access: lookup.open_fact(_origin("MIT", "DeepSeek-R1", access))
        for access in (Access.OPEN_WEIGHTS, Access.API, Access.UNKNOWN)
    }
    assert grades == {
        Access.OPEN_WEIGHTS: Tribool.YES,
        Access.API: Tribool.NO,
        Access.UNKNOWN: Tribool.UNKNOWN,
    }


def test_a_pack_for_open_releases_does_not_take_data_that_grants_nothing(knowledge: Knowledge) -> None:
    plan = plan_from({"intended_use": "open-weights-release", "student_release_license": "Apache-2.0"})
    judge = Judge(EvaluationContext(load_pack("open-weights-release"), knowledge, plan, TODAY))
    rules = {r.rule for r in judge.judge(_origin("NONE")).reasons if r.outcome is not Outcome.ALLOW}
    assert "source-not-open" in rules


@pytest.mark.parametrize("host", ["bedrock", "together", "azure", "a-host-nobody-read"])
@pytest.mark.parametrize("id", ["meta-llama-3", "qwen-1"])
def test_a_catalog_id_that_others_serve_is_judged_as_the_model_it_names(
    verdict_on: Evaluate, knowledge: Knowledge, id: str, host: str
) -> None:
    teacher = {"id": id, "access": "api", "host": host}
    assert verdict_on(id, teachers=[teacher])["outcome"] == "deny"
    found = knowledge.resolve(id, Access.API, None, host)
    assert id in (*found.candidates, found.teacher)


def test_a_loose_name_that_others_serve_keeps_its_weights(knowledge: Knowledge) -> None:
    served = knowledge.resolve("qwen", Access.API, None, "together")
    assert {"qwen-1", "qwen-3-apache", "qwen-api"} <= set(served.candidates)
    assert knowledge.resolve("qwen", Access.API).teacher == "qwen-api"


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("MIT AND", ()),
        ("", ()),
        ("MIT IT", ()),
        ("(" * 40 + "MIT" + ")" * 40, ()),
        ("mit", ("MIT",)),
        ("Apache-2.0 WITH LLVM-exception", ("Apache-2.0",)),
        ("MIT WITH Commons-Clause", ("MIT WITH Commons-Clause",)),
        ("MIT WITH Some-exception", ("MIT WITH Some-exception",)),
        ("A OR B AND C", ("A", "B", "C")),
    ],
)
def test_an_expression_names_its_licenses_and_one_that_does_not_parse_names_none(
    text: str, ids: tuple[str, ...]
) -> None:
    assert expression_leaves(text) == ids
