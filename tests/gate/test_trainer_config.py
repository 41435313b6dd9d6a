"""A trainer's settings, as a file or as arguments: what they name and the permit does not hold is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from gated import (
    bare_permit,
    check_text,
)

from auditor.errors import RefusedError, UsageError
from auditor.gate.trainer_config import check_settings, read_settings


def test_a_teacher_in_the_settings_is_refused_unless_it_is_declared(workplace: Path) -> None:
    text = "rlhf_type: gkd\nteacher_model: org/teacher\nteacher_model_revision: abc\ndataset: data\n"
    with pytest.raises(RefusedError, match=r"org/teacher at revision abc \(train\.yaml: teacher_model\)"):
        check_text(workplace, text)
    declared = {"name": "org/teacher", "role": "logits", "revision": "abc"}
    assert check_text(workplace, text, declared) == ()
    with pytest.raises(RefusedError):
        check_text(workplace, text, {**declared, "role": "reward"})


@pytest.mark.parametrize("text", ["- a\n", "a: [", "a: 1\na: 2\n", "a: &x [*x]\n", ""])
def test_settings_that_cannot_be_read_are_a_usage_error(workplace: Path, text: str) -> None:
    (workplace / "train.yaml").write_text(text)
    with pytest.raises(UsageError):
        read_settings(workplace / "train.yaml")
    (workplace / "train.json").write_text(text)
    with pytest.raises(UsageError):
        read_settings(workplace / "train.json")
    with pytest.raises(UsageError):
        read_settings(workplace / "missing.yaml")


DECLARED = {"name": "org/teacher", "role": "logits", "revision": "main"}


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("teacher_model_revision: main", ["--teacher_model_revision", "evil"]),
        ("teacher_model_revision: main", ["--teacher_model_revision=evil"]),
        ("teacher_model_revision: main", ["--teacher_model_rev", "evil"]),
        ("teacher_model_revision: main", ["--teacher_model_init_kwargs", '{"revision": "evil"}']),
        ("teacher_model_revision: main", ["teacher_model_init_kwargs.revision=evil"]),
        ("teacher_model_revision: main\nteacher_model_init_kwargs: {revision: evil}", []),
        ("teacher_model_revision: evil", ["--teacher_model_revision", "main"]),
        ("teacher_model_init_kwargs: {revision: evil}", []),
    ],
)
def test_every_revision_that_file_and_command_give_must_be_the_declared_one(
    workplace: Path, text: str, arguments: list[str]
) -> None:
    (workplace / "train.yaml").write_text(f"teacher_model_name_or_path: org/teacher\n{text}\n")
    with pytest.raises(RefusedError, match="evil"):
        check_settings(bare_permit(DECLARED), [Path("train.yaml")], ["train", *arguments], ["data"])
    (workplace / "train.yaml").write_text("teacher_model_name_or_path: org/teacher\n")
    arguments = ["train", "--teacher_model_revision", "main"]
    assert check_settings(bare_permit(DECLARED), [Path("train.yaml")], arguments, ["data"]) == ()


@pytest.mark.parametrize(
    "argument",
    [
        "distillation.enabled=True",
        "++distillation.enabled=true",
        "distillation={enabled:true}",
        "~distillation.enabled",
        "distillation.enabled=${on}",
    ],
)
def test_a_teacher_that_the_file_switches_off_and_the_command_on_is_on(
    workplace: Path, argument: str
) -> None:
    text = "distillation: {enabled: false, teacher_models: {a: {key: x, model_path: Qwen/Qwen3-32B}}}\n"
    assert check_text(workplace, text) == ()
    with pytest.raises(RefusedError, match=r"Qwen/Qwen3-32B \(train\.yaml: distillation"):
        check_settings(bare_permit(), [Path("train.yaml")], ["train", argument], ["data"])


def test_settings_nested_too_deeply_are_a_usage_error(workplace: Path) -> None:
    for depth in (900, 5000):
        deep = '{"a": ' * depth + "1" + "}" * depth
        (workplace / "deep.json").write_text(deep)
        with pytest.raises(UsageError, match=r"nested too deeply|cannot be read"):
            check_settings(bare_permit(), [Path("deep.json")], ["train"], ["data"])
    with pytest.raises(UsageError, match="nested too deeply"):
        check_settings(bare_permit(), [], ["train", "x=" + "[" * 900 + "]" * 900], ["data"])
