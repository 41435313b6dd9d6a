"""Remarks on what the catalog holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.domain.axes import Confidence
from auditor.domain.claim import Access
from auditor.domain.term_obligation import ObligationId, TermObligation, Threshold, Trigger
from auditor.domain.terms import Openness, Terms
from auditor.ids import TeacherId, TermsId
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.lint import lint_knowledge
from auditor.knowledge.lint_services import text_remarks
from auditor.knowledge.names import NameIndex
from auditor.knowledge.read_licenses import LicenseString, Vocabulary


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reading": ""}, "no sentence in `reading`"),
        ({"read": ()}, "no copy says when it was `seen`"),
        ({"overlay": "ours@0123", "reading": ""}, ""),
        ({"confidence": Confidence.MEMORY, "reading": ""}, ""),
    ],
)
def test_a_service_text_that_was_read_says_what_and_when(
    knowledge: Knowledge, changes: dict[str, object], said: str
) -> None:
    text = knowledge.terms[TermsId("Terms-OpenAI-Services-Agreement-2026")]
    remarks = list(text_remarks(replace(text, **changes), knowledge.services.values()))  # type: ignore[arg-type]
    assert any(said in one for one in remarks) if said else remarks == []


def test_the_shipped_knowledge_has_no_remark(knowledge: Knowledge) -> None:
    assert lint_knowledge(knowledge) == []


def _with_terms(knowledge: Knowledge, **changes: object) -> Knowledge:
    mit = replace(knowledge.terms[TermsId("MIT")], **changes)  # type: ignore[arg-type]
    return replace(knowledge, terms={**knowledge.terms, mit.id: mit})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"conditions": (TermObligation(ObligationId.NAME_PREFIX, Trigger.ALWAYS),)}, "params.prefix"),
        (
            {"conditions": (TermObligation(ObligationId.SAME_FAMILY_STUDENT, Trigger.ALWAYS),)},
            "allowed_terms",
        ),
        ({"conditions": (TermObligation(ObligationId.TERRITORY, Trigger.ALWAYS),)}, "without `territories`"),
        (
            {
                "conditions": (
                    TermObligation(ObligationId.REGISTRATION, Trigger.SCALE, thresholds=(Threshold(5),)),
                )
            },
            "without `metric`",
        ),
        ({"thresholds": (Threshold(5),)}, "without `limit`"),
        ({"effective_from": "2025-02-01", "effective_to": "2025-01-01"}, "ends before it starts"),
    ],
)
def test_incomplete_terms_are_remarked_on(
    knowledge: Knowledge, changes: dict[str, object], said: str
) -> None:
    (remark,) = lint_knowledge(_with_terms(knowledge, **changes))
    assert remark.where == "terms MIT"
    assert said in remark.message


def test_terms_called_open_must_be_open(knowledge: Knowledge) -> None:
    def opened(id: str) -> list[str]:
        terms: Terms = replace(knowledge.terms[TermsId(id)], openness=Openness.OPEN)
        facts = replace(knowledge, terms={**knowledge.terms, terms.id: terms})
        return [remark.message for remark in lint_knowledge(facts)]

    assert opened("LicenseRef-Llama-2-Community") == [
        "called open, yet it forbids a use of outputs",
        "called open, yet it limits commercial use",
    ]


def test_a_scale_limit_needs_its_size(knowledge: Knowledge) -> None:
    terms = replace(knowledge.terms[TermsId("LicenseRef-Qwen-2024")], thresholds=())
    remarks = lint_knowledge(replace(knowledge, terms={**knowledge.terms, terms.id: terms}))
    assert [remark.message for remark in remarks] == ["a scale limit without `thresholds`"]


def test_teachers_nobody_can_reach_are_remarked_on(knowledge: Knowledge) -> None:
    entry = knowledge.teachers[TeacherId("dots")]
    wrong = replace(
        entry,
        patterns=(),
        models=(),
        aliases=(),
        by_access=((Access.API, (TeacherId("zephyr"),)), (Access.OPEN_WEIGHTS, (entry.id,))),
    )
    lost = replace(knowledge.teachers[TeacherId("zephyr")], aliases=("gpt-4",))
    broken = replace(knowledge.teachers[TeacherId("phi")], patterns=("^phi(",))
    shifted = replace(knowledge.teachers[TeacherId("yi")], terms=(TermsId("MIT"),))
    nobody = replace(knowledge.teachers[TeacherId("templates")], terms=(TermsId("LicenseRef-Unknown"),))
    changed = {one.id: one for one in (wrong, lost, broken, shifted, nobody)}
    said = [
        f"{r.where}: {r.message}"
        for r in lint_knowledge(replace(knowledge, teachers={**knowledge.teachers, **changed}))
    ]
    assert "teacher dots: no name leads to it" in said
    assert "teacher dots: `by_access` api names zephyr" in said
    assert "teacher dots: `by_access` open-weights names its own path" in said
    assert "teacher zephyr: its name `gpt-4` leads to openai-gpt-4" in said
    assert "teacher yi: `terms` are not those of the span in force" in said
    assert "teacher templates: no model is involved, yet its terms are unknown" in said
    assert any(one.startswith("teacher phi: not a regular expression") for one in said)


def test_licenses_and_strings_must_point_somewhere(knowledge: Knowledge) -> None:
    license = replace(knowledge.licenses["MIT"], id="Nowhere-1")
    strings = {Vocabulary.HF: {"x": LicenseString("x", ("Nowhere-2",))}}
    facts = replace(knowledge, licenses={**knowledge.licenses, "Nowhere-1": license}, strings=strings)
    assert [remark.where for remark in lint_knowledge(facts)] == ["license Nowhere-1", "hf `x`"]


def test_a_model_stands_in_one_entry(knowledge: Knowledge) -> None:
    olmo = knowledge.teachers[TeacherId("olmo")]
    twice = replace(knowledge.teachers[TeacherId("zephyr")], models=("Zephyr-7b", "OLMo 2"))
    teachers = {**knowledge.teachers, twice.id: twice}
    index = NameIndex(tuple(teachers.values()), (), ())
    said = [
        f"{r.where}: {r.message}" for r in lint_knowledge(replace(knowledge, teachers=teachers, index=index))
    ]
    assert "teacher zephyr: its model `OLMo 2` is also one of olmo" in said
    assert "teacher olmo: its model `OLMo-2` is also one of zephyr" in said
    assert olmo.models
