"""The student's base: a name that says nothing, or another thing than the terms, clears nothing."""

from __future__ import annotations

import pytest

from auditor.domain.plan import StudentBase
from auditor.knowledge.catalog import Knowledge
from auditor.policy.facts.knowledge_view import KnowledgeView
from tests.policy.conftest import Evaluate

OPEN = {"intended_use": "open-weights-release", "student_release_license": "Apache-2.0"}
INSIDE = {"intended_use": "internal-commercial", "student_release_license": "none"}
LLAMA = "LicenseRef-Llama-3-Community"


def _rules(answer: dict[str, object]) -> set[str]:
    reasons = answer["reasons"]
    assert isinstance(reasons, list)
    return {one["rule"] for one in reasons if one["outcome"] == answer["outcome"]}


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("llama-3", "Apache-2.0"),
        ("llama", "Apache-2.0"),
        ("ollama/llama3", "Apache-2.0"),
        ("gemma", "Apache-2.0"),
        ("qwen", "MIT"),
        ("hunyuan", "Apache-2.0"),
        ("yi", "MIT"),
    ],
)
def test_a_base_whose_name_may_mean_a_model_under_other_terms_is_reviewed(
    verdict_on: Evaluate, name: str, terms: str
) -> None:
    answer = verdict_on("qwen-3-apache", **OPEN, student_base={"name": name, "terms": terms})
    assert answer["outcome"] == "review"
    assert "base-contradiction" in _rules(answer)


@pytest.mark.parametrize("terms", ["none", "NONE", "scratch", "none OR Apache-2.0"])
@pytest.mark.parametrize("name", ["gemma", "Llama", "yi", "acme/unknown-model", "/models/Llama-3.1-8B"])
def test_a_named_base_without_terms_is_reviewed(verdict_on: Evaluate, name: str, terms: str) -> None:
    answer = verdict_on("qwen-3-apache", student_base={"name": name, "terms": terms})
    assert (answer["outcome"], _rules(answer)) == ("review", {"base-unknown"})


@pytest.mark.parametrize(("name", "terms"), [("", "none"), ("none", "none"), ("From scratch", "n/a")])
def test_no_base_is_a_word_for_no_base_under_no_terms(knowledge: Knowledge, name: str, terms: str) -> None:
    assert not KnowledgeView(knowledge).base(StudentBase(name, terms)).given


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("qwen", LLAMA),
        ("acme/qwen3-8b-tuned", LLAMA),
        ("Qwen/Qwen3-8B", f"Apache-2.0 AND {LLAMA}"),
        ("acme/base", f"Apache-2.0 OR {LLAMA}"),
        ("meta-llama/Meta-Llama-3-8B", f"Apache-2.0 OR {LLAMA}"),
    ],
)
def test_a_family_is_not_shown_by_words_or_by_a_choice(verdict_on: Evaluate, name: str, terms: str) -> None:
    answer = verdict_on("meta-llama-3", **INSIDE, student_base={"name": name, "terms": terms})
    assert answer["outcome"] == "review"


@pytest.mark.parametrize("name", ["meta-llama/Meta-Llama-3-8B", "acme/llama-3-8b-tuned", "acme/base"])
def test_a_family_is_shown_by_its_terms(verdict_on: Evaluate, name: str) -> None:
    answer = verdict_on("meta-llama-3", **INSIDE, student_base={"name": name, "terms": LLAMA})
    assert answer["outcome"] == "allow-with-obligations"


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("abacusai/Smoke-Llama-3-70B-Instruct", "Apache-2.0"),
        ("cognitivecomputations/porpoise-2.9-llama3-8b", "Apache-2.0"),
        ("deepcogito/ergo-v1-preview-llama-8B", "Apache-2.0"),
        ("acme/Meta-Llama-3-8B-finetune", "Apache-2.0"),
        ("nvidia/Llama-3.1-Minitron-4B-Width-Base", "LicenseRef-NVIDIA-Open-Model"),
        ("/models/Llama-3.1-8B", "Apache-2.0"),
        ("acme/gemma-2-tuned", "MIT"),
        ("acme/DeepSeek-R1-Distill-Llama-8B-tuned", "MIT"),
        ("acme/" + "x" * 300, "MIT"),
    ],
)
def test_a_restricted_family_inside_a_name_is_asked_about(
    verdict_on: Evaluate, name: str, terms: str
) -> None:
    answer = verdict_on("qwen-3-apache", **OPEN, student_base={"name": name, "terms": terms})
    assert answer["outcome"] == "review"
    assert "Which terms does the student's base model really carry?" in answer["questions"]


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("Qwen/Qwen3-8B", "Apache-2.0"),
        ("acme/Qwen3-8B-tuned", "Apache-2.0"),
        ("acme/Qwen3-8B-tuned", "MIT"),
        ("teknium/OpenHermes-2.5-Mistral-7B", "Apache-2.0"),
        ("TinyLlama/TinyLlama-1.1B-Chat-v1.0", "Apache-2.0"),
        ("google/electra-base-discriminator", "Apache-2.0"),
        ("microsoft/deberta-v3", "MIT"),
        ("an image model", "Apache-2.0"),
    ],
)
def test_a_name_without_a_restricted_family_is_taken_at_its_terms(
    verdict_on: Evaluate, name: str, terms: str
) -> None:
    answer = verdict_on("qwen-3-apache", **OPEN, student_base={"name": name, "terms": terms})
    assert answer["outcome"] == "allow-with-obligations"
