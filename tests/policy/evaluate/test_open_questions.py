"""Every reason says something of its own, and every missing fact is asked for once."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.policy.conftest import Evaluate


def _rules(answer: dict[str, list[dict[str, str]]]) -> Counter[str]:
    return Counter(reason["rule"] for reason in answer["reasons"] if reason["outcome"] in ("review", "deny"))


def test_no_clause_rule_speaks_of_terms_that_nobody_knows(verdict_on: Evaluate) -> None:
    answer = verdict_on("acme-internal-7b", "unknown")
    assert _rules(answer) == {"teacher-unknown": 1}
    assert answer["questions"] == ["Which terms governed the outputs of `acme-internal-7b`?"]


def test_unread_terms_are_said_once_beside_the_clauses_that_were_read(verdict_on: Evaluate) -> None:
    dated = verdict_on("mistral-api", "api", "2026-09-10", competes_with_teacher_provider="no")
    assert _rules(dated)["teacher-terms-unread"] == 1
    assert dated["outcome"] == "review"
    assert dated["questions"] == ["Which terms governed the outputs of `mistral-api`?"]


def test_an_open_key_is_one_reason_beside_the_clauses_that_may_bind(verdict_on: Evaluate) -> None:
    answer = verdict_on("anthropic-claude", "unknown", competes_with_teacher_provider="yes")
    assert answer["outcome"] == "review"
    assert _rules(answer).keys() == {"versions-differ", "outputs-forbidden", "outputs-compete"}
    assert len(answer["questions"]) == 1
    listed = next(r["message"] for r in answer["reasons"] if r["rule"] == "versions-differ")
    assert "LicenseRef-Unknown" in listed


def test_a_text_known_by_name_alone_gives_one_reason(verdict_on: Evaluate) -> None:
    assert _rules(verdict_on("google-medgemma"))["outputs-unread"] == 1
    assert _rules(verdict_on("jamba")) == {"terms-recalled": 1}


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({"competes_with_teacher_provider": "unknown"}, "Does the student compete with OpenAI?"),
        ({"facts": {"generated_by": "third-party"}}, "third party agreed to"),
        ({"facts": {"generated_by": "somebody"}}, "Who generated the rows"),
        ({"facts": {"written_authorization": "unknown"}}, "Is a permission of OpenAI on record?"),
    ],
)
def test_each_missing_fact_of_a_ban_is_asked_for_by_its_own_words(
    verdict_on: Evaluate, facts: dict[str, object], asked: str
) -> None:
    keys = {"competes_with_teacher_provider": "yes", **facts}
    answer = verdict_on("openai-gpt-4o", "api", "2026-03-01", **keys)
    assert answer["outcome"] == "review"
    assert [text for text in answer["questions"] if asked in text] == answer["questions"]


def test_many_versions_ask_one_question(verdict_on: Evaluate) -> None:
    answer = verdict_on("openai-gpt-4o", "api", competes_with_teacher_provider="unknown")
    asked = [text for text in answer["questions"] if "compete with OpenAI" in text]
    assert len(asked) == 1
    assert len(answer["questions"]) == 2, "and one for the terms of 2023 that are only recalled"
