"""Which keys of a trainer's settings name a teacher, and which do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gated import (
    check_text,
)

from auditor.errors import RefusedError
from auditor.gate.teachers import named_teachers


@pytest.mark.parametrize(
    "settings",
    [
        {"teacher_llm": "gpt-4o"},
        {"kd_teacher": "gpt-4o"},
        {"distill_teacher_model": "gpt-4o"},
        {"expert_model": "gpt-4o"},
        {"teacher_dir": "gpt-4o"},
        {"teachers": {"math": "gpt-4o"}},
        {"teacher_names": ["gpt-4o"]},
        {"myteacher": "gpt-4o"},
        {"teacher_kind": "gpt-4o"},
        {"teacher_settings": '{"which": "gpt-4o"}'},
        {"grader_llm_name": "gpt-4o"},
    ],
)
def test_any_text_under_a_teachers_key_is_a_name(settings: dict[str, Any]) -> None:
    assert [one.name for one in named_teachers(settings)] == ["gpt-4o"]


@pytest.mark.parametrize(
    "text",
    [
        "teacher_model: {_component_: torchtune.models.qwen2_7b}",
        "teacher_checkpointer: {_component_: x.Checkpointer, checkpoint_dir: /models/x}",
        "teacher_checkpointer: {checkpoint_files: [/models/x.safetensors]}",
        "teacher_models: {a: gpt-4o}",
        "teacher_models: [gpt-4o]",
        "teachers: {gpt-4.1: 0.5}",
        "distillation: {teacher_models: {org/m: 1}}",
        "teacher: 7",
        "teachers: [{served: gpt-4o}]",
        "teacher_llm: gpt-4o",
        "judge_llm: gpt-4o",
        "rlhf_teacher_model: gpt-4o",
        "kd_teacher: gpt-4o",
        "teacherModel: gpt-4o",
        "genrm_model: gpt-4o",
        "grader_model: gpt-4o",
        "verifier: {llm: gpt-4o}",
        "rm_path: saved",
        "teacher_ckpt: saved",
        "teacher: {hf_model_name_or_path: org}",
        "trainer: {teacher: {backend: openai}}",
        "teacher_weights_path: saved",
        "teacher_model_dir: saved",
        "reward_max_model_path: saved",
        "custom_reward_function: {path: judge.py, name: compute_score}",
        "reward_model_plugin: genrm",
        "external_plugins: x.py",
    ],
)
def test_whatever_a_teacher_or_judge_is_given_names_it(workplace: Path, text: str) -> None:
    with pytest.raises(RefusedError, match="the permit does not hold"):
        check_text(workplace, text + "\n")


@pytest.mark.parametrize(
    "text",
    [
        "custom_reward_function: {path: null, name: compute_score}",
        "reward: {reward_manager: {name: naive, source: register}, num_workers: 8}",
        "reward_model: {reward_manager: naive, strategy: fsdp, rollout: {name: vllm, dtype: bfloat16}}",
        "teacher_temperature: '0.9'\nteacher_deepspeed: zero3\nreward_weights: [0.5]",
        "teacher_max_new_tokens: 512\nteacher_batch_size: '8'\nrm_path: null\nteacher_model_type: qwen3",
        "distillation: {teacher_key: data_source}",
        "format: x\nperform: y\nlr_warmup: z\nnorm: rms\nalarm_path: a/b",
    ],
)
def test_settings_of_a_teacher_that_name_no_model_pass(workplace: Path, text: str) -> None:
    assert check_text(workplace, text + "\n") == ()
