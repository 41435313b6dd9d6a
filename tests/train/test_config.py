"""The file that a student step is configured by."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.train.config import TrainConfig, read_config


@pytest.mark.parametrize(
    "text",
    ["", "[]", "student: x", "student: x\nout: y\nepoch: 3", "student: x\nout: y\nepochs: many", "a: ["],
)
def test_a_wrong_configuration_is_a_usage_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "train.yaml").write_text(text)
    with pytest.raises(UsageError):
        read_config(tmp_path / "train.yaml")


def test_a_configuration_is_placed_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "train.yaml").write_text(
        "student: base\nout: new\nmethod: logits\nteacher: t\nteacher_name: T\n"
    )
    found = read_config(tmp_path / "train.yaml")
    assert isinstance(found, TrainConfig)
    assert (found.student, found.teacher) == (str(tmp_path / "base"), str(tmp_path / "t"))
