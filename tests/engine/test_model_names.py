"""Which values are a model's name wherever they stand."""

from __future__ import annotations

import pytest

from auditor.engine.model_names import ModelNames
from auditor.knowledge.load import load_knowledge

NAMES = ModelNames(load_knowledge())


@pytest.mark.parametrize(
    "name",
    ["gpt-4", "GPT-4o (distilled)", "ChatGPT", "claude-2.1", "Claude 3 Opus", "facebook/nllb-200-3.3B",
     "llama 2", "openai/gpt-4o-2024-08-06", "deepseek-r1", "Qwen/Qwen2.5-7B-Instruct", "text-davinci-003"],
)  # fmt: skip
def test_a_models_name_is_known_wherever_it_stands(name: str) -> None:
    assert NAMES.is_model(name, hint=0)


@pytest.mark.parametrize(
    "name",
    ["claude", "Claude", "Claude Monet", "phi", "nova", "Nova Scotia", "command", "jamba", "Gemini", "ada",
     "Falcon", "human", "o1", "row-4", "step 2", "", "https://example.org/gpt-4",
     "Nova 2", "Claude 3", "Gemini 2.0", "Opus 4", "Haiku 5", "Mercury 7", "Spark 2", "Koala",
     "We asked gpt-4 for an answer", "openai", "mathematics", "en", "2024-08-06", "123", "{}", "B-1", "chat"],
)  # fmt: skip
def test_a_word_that_means_something_else_is_not(name: str) -> None:
    assert not NAMES.is_model(name, hint=0)


@pytest.mark.parametrize("name", ["claude", "o1", "gemini", "Llama", "grok"])
def test_where_the_column_speaks_of_models_a_short_name_is_one(name: str) -> None:
    assert NAMES.is_model(name, hint=2)


@pytest.mark.parametrize(
    "name",
    ["OpenAI", "azure-openai", "Anthropic", "Cohere", "GitHub Copilot", "copilot", "command-r-plus",
     "Yi-Lightning", "sonnet-3.5", "gemini-pro", "claude-instant", "bing chat", "nova-pro"],
)  # fmt: skip
def test_a_provider_or_product_is_one_where_the_column_asks_for_a_model_alone(name: str) -> None:
    assert [NAMES.is_model(name, hint) for hint in (0, 2)] == [False, True]


@pytest.mark.parametrize(
    "name",
    ["command line", "palm tree", "Nova Lighting", "Claude Monet", "copilot training", "sonnet-18", "google"],
)
def test_what_a_tool_or_vendor_is_called_is_no_model(name: str) -> None:
    assert not NAMES.is_model(name, hint=2)


def test_people_are_known_and_are_no_model() -> None:
    assert NAMES.is_person("human")
    assert not any(map(NAMES.is_person, ("gpt-4o", "Corolla", "")))


def test_a_name_of_cars_and_songs_too_is_one_where_something_says_so() -> None:
    assert [NAMES.is_model("Claude 3", hint) for hint in (0, 1, 2)] == [False, True, True]


@pytest.mark.parametrize(
    ("name", "bare", "found"),
    [
        ("Open-Orca/OpenOrca", False, "Open-Orca/OpenOrca"),
        ("https://huggingface.co/datasets/Open-Orca/OpenOrca/viewer", False, "Open-Orca/OpenOrca"),
        ("OpenHermes", False, None),
        ("OpenHermes", True, "teknium/OpenHermes-2.5"),
        ("acme/letters", True, None),
    ],
)
def test_a_set_goes_by_its_id_and_address_and_by_other_names_where_told(
    name: str, bare: bool, found: str | None
) -> None:
    assert NAMES.set_named(name, bare) == found


@pytest.mark.parametrize(
    ("name", "bare", "found"),
    [
        ("https://api.openai.com/v1/chat/completions", False, "openai"),
        ("openai", False, None),
        ("openai", True, "openai"),
        ("https://openai.com/blog/some", True, None),
        ("vllm", True, None),
        ("http://localhost:8000/v1", False, "local"),
    ],
)
def test_a_service_goes_by_its_address_and_by_name_where_told(
    name: str, bare: bool, found: str | None
) -> None:
    assert NAMES.service_named(name, bare) == found


@pytest.mark.parametrize("name", ["nova", "phi", "command", "jamba", "ada", "Maria", "human", "internal-v2"])
def test_an_ordinary_word_is_none_even_there(name: str) -> None:
    assert not NAMES.is_model(name, hint=2)


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("deepseek_reasoning_trace", "deepseek"),
        ("deepseek_r1_answer", "deepseek-r1"),
        ("chatgpt_answers", "chatgpt"),
        ("gpt4_output", "gpt4"),
        ("claude_response", "claude"),
        ("gemini_thinking_trajectory", "gemini"),
        ("human_answers", None),
        ("command_output", None),
        ("nova_answer", None),
        ("output_2", None),
    ],
)
def test_a_columns_name_may_name_the_model_of_its_text(name: str, model: str | None) -> None:
    assert NAMES.named_in(name, beside_text=True) == model


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("alpaca_gpt4_data.json", "gpt4"),
        ("train-gpt-4o-mini.jsonl", "gpt-4o"),
        ("claude.jsonl", None),
        ("train-00000-of-00001.parquet", None),
        ("gsm8k-train.jsonl", None),
        ("data", None),
    ],
)
def test_a_files_name_needs_a_version(name: str, model: str | None) -> None:
    assert NAMES.named_in(name, beside_text=False) == model


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("OpenOrca.jsonl", "Open-Orca/OpenOrca"),
        ("openorca-german.jsonl.gz", "Open-Orca/OpenOrca"),
        ("datasets--Open-Orca--OpenOrca", "Open-Orca/OpenOrca"),
        ("alpaca_data_cleaned.json", "yahma/alpaca-cleaned"),
        ("alpaca_data.json", None),
        ("dolphin.parquet", None),
        ("sharegpt.json", None),
        ("train_sharegpt.jsonl", None),
        ("capybara_photos.csv", None),
        ("train-00000-of-00001.parquet", None),
    ],
)
def test_the_name_of_a_file_may_hold_that_of_a_set(name: str, found: str | None) -> None:
    assert NAMES.set_within(name) == found
