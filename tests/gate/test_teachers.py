"""A teacher leaves no row: its name in the settings is held against the permit, with role and revision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gated import (
    TEACHER,
    check_text,
    granted,
)

from auditor.errors import RefusedError
from auditor.gate.teachers import check_teachers, named_teachers

NAMED: dict[str, dict[str, Any]] = {
    "TRL": {"teacher_model_name_or_path": "gpt/x"},
    "TRL, a server": {"teacher_model_server_url": "http://elsewhere:8000"},
    "TRL, servers by name": {"teacher_server_urls": {"default": "http://elsewhere:8000"}},
    "TRL, a reward": {"reward_model_path": "gpt"},
    "TRL, rewards": {"reward_funcs": ["gpt"]},
    "ms-swift": {"rlhf_type": "gkd", "teacher_model": "gpt", "teacher_model_revision": "main"},
    "ms-swift, a server": {"teacher_model_server": "http://x"},
    "verl": {"distillation": {"teacher_models": {"a": {"model_path": "gpt", "key": "math"}}}},
    "verl, dotted": {"distillation.teacher_models.a.model_path": "gpt"},
    "axolotl": {"kd_trainer": True, "kd_online_server_base_url": "http://x", "kd_online_server": "vllm"},
    "axolotl, a reward": {"trl": {"reward_funcs": ["rewards.judge"]}},
    "OpenRLHF": {"reward.remote_url": "http://x"},
    "OpenRLHF, an agent": {"train.agent_func_path": "agent.py"},
    "SkyRL": {"trainer": {"teacher": {"backend": "tinker", "model": {"path": "gpt"}}}},
    "LLaMA-Factory": {"stage": "ppo", "reward_model": "saves/rm"},
    "unheard of": {"some_teacher_model_endpoint": "org/model"},
    "written with dashes": {"--teacher-model": "gpt"},
}


@pytest.mark.parametrize("tool", NAMED)
def test_a_teacher_in_a_trainers_settings_is_refused_unless_the_permit_holds_it(
    tool: str, tmp_path: Path
) -> None:
    used = list(named_teachers(NAMED[tool]))
    assert len(used) == 1
    with pytest.raises(RefusedError, match="that the permit does not hold"):
        check_teachers(granted(tmp_path, TEACHER).permit, used)
    role = "logits" if "teacher" in used[0].key or "kd" in used[0].key else "reward"
    check_teachers(granted(tmp_path, {**TEACHER, "name": used[0].name, "role": role}).permit, used)


def test_settings_that_name_no_model_are_let_pass() -> None:
    settings = {
        "teacher_temperature": 0.9,
        "teacher_top_k": 5,
        "teacher_model_kind": "base",
        "scale_rewards": "group",
        "reward_weights": [1.0],
        "teacher_prompt_template": "a/b",
        "use_teacher_server": False,
        "teacher_model_name_or_path": None,
        "reward_model": {"enable": False, "model": {"path": "x/y"}},
        "model_name_or_path": "student",
    }
    assert list(named_teachers(settings)) == []


@pytest.mark.parametrize(
    "declared",
    [
        {"name": "qwen/other"},
        {"role": "judge"},
        {"role": "reward"},
        {"role": "evaluation"},
        {"revision": "abc"},
        {"name": ""},
    ],
)
def test_name_role_and_revision_must_be_the_declared_ones(declared: dict[str, Any], tmp_path: Path) -> None:
    settings = {"teacher_model": "Qwen/Qwen3-8B", "teacher_model_revision": "main"}
    check_teachers(granted(tmp_path, {**TEACHER, "revision": "main"}).permit, named_teachers(settings))
    with pytest.raises(RefusedError, match="at revision main"):
        check_teachers(granted(tmp_path, {**TEACHER, **declared}).permit, named_teachers(settings))


def test_every_revision_that_is_given_must_be_the_declared_one(tmp_path: Path) -> None:
    permit = granted(tmp_path, {**TEACHER, "revision": "main"}).permit
    named = {"teacher_model_name_or_path": TEACHER["name"], "teacher_model_revision": "main"}
    check_teachers(permit, named_teachers({**named, "model_revision": "v1"}))
    for more in (
        {"teacher_model_init_kwargs": {"revision": "evil"}},
        {"teacher_model_init_kwargs": '{"revision": "evil"}'},
        {"teacher_kwargs": {"model_kwargs": {"code_revision": "evil"}}},
        {"teacher_revision": "evil"},
    ):
        with pytest.raises(RefusedError, match="at revision evil"):
            check_teachers(permit, named_teachers({**named, **more}))
    each = {"a": {"model_path": TEACHER["name"], "revision": "main"}, "b": {"revision": "x"}}
    check_teachers(permit, named_teachers({"teacher_models": each}))


def test_a_component_beside_the_name_of_a_declared_teacher_passes(workplace: Path) -> None:
    text = (
        "teacher_model: {_component_: x}\nteacher_checkpointer: {_component_: y, checkpoint_dir: org/teacher}"
    )
    assert check_text(workplace, text + "\n", {"name": "org/teacher", "role": "logits"}) == ()
