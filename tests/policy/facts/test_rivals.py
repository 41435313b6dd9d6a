"""Whom a plan says that the student competes with, by whatever name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.policy.conftest import Evaluate

OPENAI = {"id": "openai-gpt-4o", "access": "api", "generated": "2026-01-15"}
GOOGLE = {"id": "google-gemini", "access": "api", "generated": "2026-06-15"}
NOVA = {"id": "amazon-nova", "access": "api"}
BEDROCK = {"id": "deepseek-r1", "access": "api", "host": "bedrock"}
TOGETHER = {"id": "deepseek-r1", "access": "api", "host": "together", "generated": "2026-02-01"}


def _judged(verdict_on: Evaluate, teacher: dict[str, str], said: Any) -> dict[str, Any]:
    answer: dict[str, Any] = verdict_on("", teachers=[teacher], facts={"competes_with": said})
    return answer


@pytest.mark.parametrize(
    ("teacher", "said"),
    [
        (BEDROCK, {"Amazon Web Services": True}),
        (TOGETHER, {"Together Computer": True}),
        (TOGETHER, ["Together AI, Inc."]),
        (NOVA, ["AWS"]),
        (NOVA, {"aws": True}),
        (NOVA, {"Amazon.com": "yes"}),
        (OPENAI, {"OpenAI LP": True}),
        (OPENAI, ["ChatGPT"]),
        (OPENAI, ["gpt-4o"]),
        (OPENAI, "OpenAI, Google"),
        (OPENAI, {"openai": "no", "OpenAI LP": "yes"}),
        (GOOGLE, ["DeepMind"]),
        (GOOGLE, ["Alphabet Inc."]),
        (GOOGLE, ["Gemini"]),
    ],
)
def test_a_rival_goes_by_other_names_and_by_its_products(
    verdict_on: Evaluate, teacher: dict[str, str], said: Any
) -> None:
    assert _judged(verdict_on, teacher, said)["outcome"] == "deny"


@pytest.mark.parametrize(
    "said",
    [
        ["openia"],
        {"openia": True},
        {"openia": "unknown"},
        {"openai": "no", "openia": "yes"},
        ["google", "openia"],
    ],
)
@pytest.mark.parametrize("teacher", [OPENAI, NOVA, BEDROCK])
def test_a_rival_whom_nobody_knows_is_a_question_under_every_text_that_asks(
    verdict_on: Evaluate, teacher: dict[str, str], said: Any
) -> None:
    answer = _judged(verdict_on, teacher, said)
    assert answer["outcome"] == "review"
    assert "Whom does `openia` mean? (facts.competes_with)" in answer["questions"]


@pytest.mark.parametrize("said", ["maybe", "our product is a ChatGPT rival", "unknown", "somewhat"])
def test_text_that_is_neither_yes_nor_no_is_unknown(verdict_on: Evaluate, said: str) -> None:
    assert _judged(verdict_on, OPENAI, said)["outcome"] == "review"


@pytest.mark.parametrize(
    "said", ["no", "mistral", ["mistral"], {"Mistral AI": True}, ["Azure"], ["none"], [], {"openia": False}]
)
def test_rivals_who_are_known_and_others_leave_the_plans_answer(verdict_on: Evaluate, said: Any) -> None:
    answer = _judged(verdict_on, OPENAI, said)
    assert answer["outcome"] == "allow"
    assert not [one for one in answer["questions"] if one.startswith("Whom")]


def test_a_rival_whom_nobody_knows_does_not_matter_where_no_text_asks(verdict_on: Evaluate) -> None:
    assert verdict_on("deepseek-r1", facts={"competes_with": ["openia"]})["outcome"] == "allow"
