"""The model that a later step of a pipeline left behind."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.domain.claim import ClaimKind
from auditor.samples.claims.columns import facts_of

MODEL = "mistralai/Mixtral-8x7B-Instruct-v0.1"


@pytest.mark.parametrize(
    "traces",
    [
        {"feedback": "Correct and short.", "result": 4},
        {"ratings": [5, 1], "rationales": ["Good.", "Off."]},
        {"distilabel_metadata": {"raw_output_text_generation_0": "a", "raw_output_prometheus_eval_0": "b"}},
        {"distilabel_metadata": {"raw_output_quality_scorer_0": "[5]"}},
        {"generation_models": ["gpt-4o", "Qwen/Qwen2.5-7B-Instruct"]},
    ],
)
def test_after_a_judges_step_the_model_is_the_judge(traces: dict[str, Any]) -> None:
    assert (ClaimKind.TEACHER, MODEL, "model_name", "judge") in facts_of({"model_name": MODEL, **traces})


@pytest.mark.parametrize(
    "traces",
    [
        {},
        {"feedback": None, "result": None},
        {"feedback": "Thanks, that helped."},
        {"score": 0.9},
        {"distilabel_metadata": {"raw_output_text_generation_0": "a"}},
    ],
)
def test_without_such_traces_it_wrote_the_text(traces: dict[str, Any]) -> None:
    assert (ClaimKind.TEACHER, MODEL, "model_name", "") in facts_of({"model_name": MODEL, **traces})
