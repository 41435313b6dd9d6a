"""What the words of a column's name say of the model in it."""

from __future__ import annotations

import pytest

from auditor.samples.claims.role_names import paired, role_slot, sure_slot, writes


@pytest.mark.parametrize(
    ("name", "slot"),
    [
        ("translation_model", "translator"),
        ("rewrite_model", "rewriter"),
        ("paraphrase_llm", "rewriter"),
        ("judge_model_name", "judge"),
        ("critic_model", "judge"),
        ("instruction_model", "prompt"),
        ("response_0_model", "response_0"),
        ("chosen_llm", "chosen"),
        ("model_2", "model_2"),
        ("answer_model_id", ""),
        ("gen_ai.response.model", ""),
        ("llm.model_name", ""),
    ],
)
def test_a_name_that_speaks_of_a_model_says_what_it_did(name: str, slot: str) -> None:
    assert sure_slot(name) == slot


@pytest.mark.parametrize(
    "name",
    ["base_model", "student_model", "car_model", "data_model", "winner_model_a", "model"],
)
def test_a_name_that_speaks_of_another_model_says_nothing(name: str) -> None:
    assert sure_slot(name) is None


@pytest.mark.parametrize(
    ("name", "slot"),
    [
        ("translated_by", "translator"),
        ("rewritten_with", "rewriter"),
        ("scored_by", "judge"),
        ("annotator", "judge"),
        ("editor", "rewriter"),
        ("response_1_source", "response_1"),
        ("color", None),
        ("created_by", None),
        ("source", None),
    ],
)
def test_a_name_of_somebody_says_what_they_did(name: str, slot: str | None) -> None:
    assert role_slot(name) == slot


def test_a_claim_meets_the_text_on_its_side() -> None:
    assert paired("conversation_b", ("response_a", "response_b")) == "response_b"
    assert paired("chosen", ("preferred_output", "non_preferred_output")) == "preferred_output"
    assert paired("rejected", ("preferred_output", "non_preferred_output")) == "non_preferred_output"
    assert paired("model_1", ("answers[0]", "answers[1]")) == "model_1", "the first or the second?"
    assert paired("model_a", ("",)) == "model_a"


def test_judges_and_prompt_writers_did_not_write_the_text() -> None:
    assert all(map(writes, ("", "response_0", "translator", "rewriter")))
    assert not any(map(writes, ("judge", "prompt")))
