"""Generation records say who answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.domain.claim import Basis, ClaimKind
from auditor.domain.sample import Shape
from tests.samples.reading import rows_read, run, values_of, write

GENERATION_RECORDS = {
    "alpaca.jsonl": (Shape.ALPACA, {"gpt4"}),
    "anthropic-batch-results.jsonl": (Shape.MESSAGES, {"claude-sonnet-4-5-20250929"}),
    "distilabel.jsonl": (
        Shape.PROMPT_COMPLETION,
        {"meta-llama/Llama-3.3-70B-Instruct", "gpt-4o", "Qwen/Qwen2.5-72B-Instruct"},
    ),
    "gemini-batch-output.jsonl": (Shape.MESSAGES, {"gemini-2.5-flash"}),
    "litellm-standard-logging.jsonl": (Shape.MESSAGES, {"gpt-4o-2024-08-06"}),
    "lm-eval-samples.jsonl": (Shape.MESSAGES, {"Qwen/Qwen2.5-72B-Instruct"}),
    "magpie.jsonl": (Shape.ALPACA, {"meta-llama/Meta-Llama-3.1-70B-Instruct"}),
    "messages.jsonl": (Shape.MESSAGES, set()),
    "openai-batch-input.jsonl": (Shape.MESSAGES, {"gpt-4o"}),
    "openai-batch-output.jsonl": (Shape.MESSAGES, {"gpt-4o-2024-08-06"}),
    "openai-responses.jsonl": (Shape.MESSAGES, {"gpt-4.1-2025-04-14"}),
    "openr1-math.jsonl": (Shape.PROMPT_COMPLETION, set()),
    "otel-genai-spans.jsonl": (Shape.MESSAGES, {"gpt-4o-2024-08-06", "gpt-4-0613"}),
    "sharegpt.jsonl": (Shape.SHAREGPT, {"gpt-4"}),
    "tgi-generate.jsonl": (Shape.MESSAGES, {"Qwen/Qwen2.5-72B-Instruct"}),
    "tulu3-preference.jsonl": (Shape.PREFERENCE, {"gpt-4o-2024-08-06", "mistralai/Mistral-7B-Instruct-v0.2"}),
    "ultrachat_200k.jsonl": (Shape.MESSAGES, set()),
    "ultrafeedback.jsonl": (Shape.PREFERENCE, {"gpt-4"}),
    "vertex-gemini-batch-output.jsonl": (Shape.MESSAGES, {"gemini-2.5-flash"}),
    "vllm-run-batch-output.jsonl": (Shape.MESSAGES, {"Qwen/Qwen2.5-72B-Instruct"}),
}


@pytest.mark.parametrize(
    "more",
    [
        {"chosen": "B", "chosen_model": "gpt-4"},
        {"generator": "gpt-4"},
        {"generated_by": "gpt-4"},
        {"completions": [{"text": "B", "model": "gpt-4"}]},
    ],
)
def test_another_models_answer_beside_a_services_is_its_own(tmp_path: Path, more: dict[str, object]) -> None:
    answer = {"object": "chat.completion", "model": "m2", "choices": [{"message": {"content": "A"}}]}
    row = {"request": {"model": "m1"}, "model": "m1", "response": answer, **more}
    assert set(values_of(rows_read(tmp_path / "a.jsonl", row), ClaimKind.TEACHER)) == {"m2", "gpt-4"}


def test_a_record_counts_among_other_rows_and_its_row_may_say_more(tmp_path: Path) -> None:
    plain = {"instruction": "Q", "output": "A", "model": "m1"}
    answer = {"object": "chat.completion", "model": "m2", "choices": [{"message": {"content": "A"}}]}
    record = {"custom_id": "1", "response": {"body": answer}, "model": "m3", "license": "cc-by-nc-4.0"}
    unnamed = {"generated_text": "A", "model": "m4"}
    source, _ = run(write(tmp_path / "a.jsonl", plain, plain, record, unnamed))
    assert [(c.kind, c.value, c.basis) for held in source.claim_sets for c in held.claims] == [
        ("teacher", "m1", "row"),
        ("teacher", "m2", "log"),
        ("license", "cc-by-nc-4.0", "row"),
        ("teacher", "m4", "row"),
    ]


@pytest.mark.parametrize("name", GENERATION_RECORDS)
def test_generation_records_name_their_teachers(shared: Path, name: str) -> None:
    source, _ = run(shared / "standards/examples/sources" / name)
    shape, teachers = GENERATION_RECORDS[name]
    assert source.files[0].shape is shape
    assert {c.value for held in source.claim_sets for c in held.of(ClaimKind.TEACHER)} == teachers


def test_a_served_name_is_no_log_of_a_revision(shared: Path) -> None:
    source, _ = run(shared / "standards/examples/sources/vllm-run-batch-output.jsonl")
    assert [c.basis for held in source.claim_sets for c in held.of(ClaimKind.TEACHER)] == [Basis.ROW]


def test_records_that_come_late_have_the_model_that_stands_beside_them(tmp_path: Path) -> None:
    (tmp_path / "info.json").write_text('{"model_id": "meta-llama/Llama-2-7b"}', encoding="utf-8")
    answer = {"id": "1", "model": "gpt-4o", "choices": [{"message": {"content": "A"}}]}
    late = {"inputs": "Q", "generated_text": "A"}
    source = rows_read(tmp_path / "a.jsonl", *[answer] * 9, late, batch_rows=4)
    assert values_of(source, ClaimKind.TEACHER) == ["gpt-4o", "meta-llama/Llama-2-7b"]
