"""A trainer's settings, as a file or as arguments: what they name and the permit does not hold is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditor.domain.outcome import Outcome
from auditor.domain.permit import Permit, PermitResult
from auditor.errors import RefusedError, UsageError
from auditor.gate.trainer_config import check_settings, read_settings, settings_of
from auditor.ids import Digest

NONE = Digest(f"sha256:{'0' * 64}")


def _permit(*teachers: dict[str, Any]) -> Permit:
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    return Permit(
        NONE, PermitResult.PASSED, Outcome.ALLOW, NONE, 1, "p", NONE, moment, trainer_teachers=teachers
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "rows.jsonl").write_text("{}\n")
    (tmp_path / "foreign.jsonl").write_text("{}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _check(folder: Path, text: str, *teachers: dict[str, Any]) -> tuple[str, ...]:
    (folder / "train.yaml").write_text(text)
    return check_settings(_permit(*teachers), [Path("train.yaml")], ["train"], ["data"])


@pytest.mark.parametrize(
    "text",
    [
        "datasets:\n- path: data/rows.jsonl\n  type: chat_template\n",
        "datasets:\n- {path: json, data_files: [foreign.jsonl, data/rows.jsonl]}\n",
        "dataset: foreign.jsonl\n",
        "dataset: [data/rows.jsonl, org/another-set]\n",
        "dataset_name: org/name\n",
        "data: {train_files: foreign.jsonl}\n",
        "data: {train_files: ['data/*.jsonl', '*.jsonl']}\n",
        "data: {prompt_dataset: foreign.jsonl}\n",
        "dataset: mine,other\ndataset_dir: data\n",
    ],
)
def test_data_in_the_settings_that_is_not_gated_is_refused(folder: Path, text: str) -> None:
    (folder / "data" / "dataset_info.json").write_text(json.dumps({"mine": {"file_name": "rows.jsonl"}}))
    if text.startswith("datasets:\n- path"):
        assert _check(folder, text) == ()
        return
    with pytest.raises(RefusedError, match=r"data that the permit does not cover: .*train\.yaml"):
        _check(folder, text)


@pytest.mark.parametrize(
    "text",
    [
        "dataset: mine\ndataset_dir: data\nlearning_rate: 0.1\n",
        "dataset: data\n",
        "data: {train_files: ['data/*.jsonl']}\nmodel: {path: org/student}\n",
        "train_dataset: data/rows.jsonl\n",
    ],
)
def test_the_gated_data_is_known_by_path_pattern_and_registry(folder: Path, text: str) -> None:
    (folder / "data" / "dataset_info.json").write_text(json.dumps({"mine": {"file_name": "rows.jsonl"}}))
    assert _check(folder, text) == ()


def test_a_teacher_in_the_settings_is_refused_unless_it_is_declared(folder: Path) -> None:
    text = "rlhf_type: gkd\nteacher_model: org/teacher\nteacher_model_revision: abc\ndataset: data\n"
    with pytest.raises(RefusedError, match=r"org/teacher at revision abc \(train\.yaml: teacher_model\)"):
        _check(folder, text)
    declared = {"name": "org/teacher", "role": "logits", "revision": "abc"}
    assert _check(folder, text, declared) == ()
    with pytest.raises(RefusedError):
        _check(folder, text, {**declared, "role": "reward"})


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
def test_a_teacher_among_the_commands_arguments_is_refused(folder: Path, arguments: list[str]) -> None:
    with pytest.raises(RefusedError, match="the permit does not hold"):
        check_settings(
            _permit({"name": "org/teacher", "role": "logits"}), [], ["train", *arguments], ["data"]
        )


def test_data_among_the_commands_arguments_is_said(folder: Path) -> None:
    command = ["train", "--dataset", "foreign.jsonl", "--train_file=data/rows.jsonl", "--epochs", "3"]
    assert settings_of(command)["epochs"] == "3"
    assert check_settings(_permit(), [], command, ["data"]) == ("foreign.jsonl (--dataset)",)


@pytest.mark.parametrize("text", ["- a\n", "a: [", "a: 1\na: 2\n", "a: &x [*x]\n", ""])
def test_settings_that_cannot_be_read_are_a_usage_error(folder: Path, text: str) -> None:
    (folder / "train.yaml").write_text(text)
    with pytest.raises(UsageError):
        read_settings(folder / "train.yaml")
    (folder / "train.json").write_text(text)
    with pytest.raises(UsageError):
        read_settings(folder / "train.json")
    with pytest.raises(UsageError):
        read_settings(folder / "missing.yaml")
