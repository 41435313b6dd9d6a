"""Trainers' files are found in a folder, read with bounds, and read anew when they change."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.samples.inputs.trainer_files import columns_for, read_columns

TRL = "dataset_name: rows.jsonl\ndataset_text_field: {}\n"


def _names(folder: Path) -> list[tuple[str, str]]:
    found = columns_for(folder, folder / "rows.jsonl")
    return [(name, path) for name, one in found for _, path in one.lines]


def test_files_of_one_folder_speak_of_the_files_that_they_name(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TRL.format("first"))
    (tmp_path / "b.yml").write_text(TRL.format("second").replace("rows", "others"))
    registry = {"x": {"file_name": "rows.jsonl", "columns": {"response": "third"}}}
    (tmp_path / "dataset_info.json").write_text(json.dumps(registry))
    assert _names(tmp_path) == [("dataset_info.json", "third"), ("a.yaml", "first")]


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(TRL.format("first"))
    assert _names(tmp_path) == [("a.yaml", "first")]
    path.write_text(TRL.format("other"))
    os.utime(path, ns=(1, 1))
    assert _names(tmp_path) == [("a.yaml", "other")]


def test_what_is_no_settings_says_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    (tmp_path / "b.yaml").write_text("a: &x [*x]\n")
    (tmp_path / "c.yaml").write_text("x" * 2_000_000)
    (tmp_path / "d.yaml").symlink_to("nowhere")
    assert _names(tmp_path) == []
    for name in ("a", "b", "c", "d"):
        with pytest.raises(InputError):
            read_columns(tmp_path / f"{name}.yaml", InputError)
