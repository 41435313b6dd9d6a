"""From a student back to its rows, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from student import train_arguments, write_config

from auditor.cli.main import execute

pytest.importorskip("torch")
pytest.importorskip("transformers")


def test_a_trace_notices_a_changed_row_list_and_a_strangers_key(folder: Path, tiny: Path) -> None:
    config = write_config(folder, tiny, max_steps=1, student_name="")
    assert execute(["train", str(config), *train_arguments(folder)]) == 0
    student = str(folder / "student")
    assert "# Llama-tiny" in (folder / "student" / "README.md").read_text()
    assert execute(["trace", student]) == 0
    assert execute(["keys", "new", "--out", str(folder / "OTHER")]) == 0
    assert execute(["trace", student, "--key", str(folder / "OTHER.pub")]) == 4
    listed = folder / "student" / "permit.intoto.json.rows"
    lines = listed.read_text().splitlines(keepends=True)
    listed.write_text("".join(lines[1:]))
    assert execute(["trace", student]) == 4
