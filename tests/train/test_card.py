"""What stands beside a student: its card, its licenses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from student import DUTIES, attest_rows, train_arguments, write_config

from auditor.cli.main import execute

pytest.importorskip("torch")
pytest.importorskip("transformers")


def test_license_files_of_the_base_travel_with_the_student(folder: Path, tiny: Path) -> None:
    base = folder / "base"
    shutil.copytree(tiny, base)
    (base / "LICENSE").write_text("terms\n")
    (base / "NOTICE").write_text("made by someone\n")
    duty = {**DUTIES[0], "id": "license-copy-and-notices", "message": "Send a copy along.", "params": {}}
    attest_rows(folder, folder / "data.jsonl", duties=[duty])
    assert execute(["train", str(write_config(folder, base, max_steps=1)), *train_arguments(folder)]) == 0
    student = folder / "student"
    assert (student / "LICENSE").read_text() == "terms\n"
    assert (student / "NOTICE").read_text().splitlines()[-1] == "made by someone"
    card = (student / "README.md").read_text()
    assert "Send a copy along." in card
    assert "(the base's files are copied" in card
