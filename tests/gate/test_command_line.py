"""What a trainer's command says: settings in its arguments, and files that it names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gated import (
    bare_permit,
)

from auditor.errors import RefusedError
from auditor.gate.trainer_config import check_settings, named_files, settings_of


@pytest.mark.parametrize(
    "arguments",
    [
        ["--teacher_model_name_or_path", "gpt"],
        ["--teacher-model-name-or-path", "gpt"],
        ["--teacher_model_name_or_path=gpt"],
        ["distillation.teacher_models.a.model_path=gpt"],
        ["+distillation.teacher_models.a.model_path=gpt"],
        ["--reward_funcs", "accuracy", "judge"],
        ["--reward.remote_url", "http://elsewhere"],
        ["-m", "swift", "--teacher_model", "gpt"],
        ["--teacher_model", "org/teacher", "--teacher_model", "gpt"],
    ],
)
def test_a_teacher_among_the_commands_arguments_is_refused(workplace: Path, arguments: list[str]) -> None:
    with pytest.raises(RefusedError, match="the permit does not hold"):
        check_settings(
            bare_permit({"name": "org/teacher", "role": "logits"}), [], ["train", *arguments], ["data"]
        )


def test_data_among_the_commands_arguments_is_said(workplace: Path) -> None:
    command = ["train", "--dataset", "foreign.jsonl", "--train_file=data/rows.jsonl", "--epochs", "3"]
    assert settings_of(command)["epochs"] == "3"
    assert check_settings(bare_permit(), [], command, ["data"]) == ("foreign.jsonl (--dataset)",)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--teacher_m", "gpt"],
        ["--teach", "gpt"],
        ["--rew=gpt"],
        ["bash", "-c", "trl gkd --teacher_model_name_or_path gpt"],
        ["bash", "-lc", "cd x && trl gkd --teacher_model_name_or_path=gpt; true"],
        ["bash", "-c", "sh -c 'trl gkd --teacher_model gpt'"],
        ["srun", "--wrap=trl gkd --teacher_model gpt"],
        ["bash", "-c", "trl gkd --teacher_model 'gpt"],
        ["distillation.teacher_models={a:{model_path:gpt-4o}}"],
        ["distillation={teacher_models: {a: {model_path: 'gpt'}}}"],
        ["+distillation={teacher_models:[{model_path:gpt}]}"],
        ["distillation.teacher_models={a:{"],
        ["+teacher@distillation=qwen32"],
        ["distillation/teacher=qwen32"],
        ["--teacher_models=gpt-4o"],
        ["--rlhf_teacher_model=gpt"],
        ["--external_plugins=x.py"],
        ["--reward_model_plugin=genrm"],
        ["env", "TEACHER_MODEL=gpt", "python", "x.py"],
    ],
)
def test_a_teacher_is_found_however_the_command_spells_it(workplace: Path, arguments: list[str]) -> None:
    with pytest.raises(RefusedError, match="the permit does not hold"):
        check_settings(bare_permit(), [], ["train", *arguments], ["data"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["gkd", "--config", "evil.yaml"],
        ["gkd", "--config=evil.yaml"],
        ["train", "evil.yaml"],
        ["-c", "trl gkd --config evil.yaml"],
        ["--config-path", "sub", "--config-name", "inner"],
        ["--config", "evil.json"],
    ],
)
@pytest.mark.parametrize("held", [{"teacher_model": "gpt"}, {"dataset": "foreign.jsonl"}])
def test_a_file_of_settings_that_the_command_names_is_read(
    workplace: Path, arguments: list[str], held: dict[str, str]
) -> None:
    (workplace / "sub").mkdir()
    for name in ("evil.yaml", "evil.json", "sub/inner.yaml"):
        (workplace / name).write_text(json.dumps(held))
    with pytest.raises(RefusedError, match="permit does not"):
        check_settings(bare_permit(), [], ["trl", *arguments], ["data"])


def test_data_and_lists_that_the_command_names_are_no_settings(workplace: Path) -> None:
    (workplace / "data" / "rows.json").write_text('{"teacher_model": "gpt"}')
    (workplace / "list.json").write_text("[1]")
    command = ["train", "--train_file", "data/rows.json", "--labels", "list.json"]
    assert check_settings(bare_permit(), [], command, ["data"]) == ()
    assert named_files(command, ["data"]) == []
