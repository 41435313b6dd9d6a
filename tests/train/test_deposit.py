"""The permit beside a student, and checkpoints that go on from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from evidence import ROWS, write_jsonl
from student import attest_rows, train_arguments, write_config

from auditor.cli.main import execute

pytest.importorskip("torch")
pytest.importorskip("transformers")


@pytest.mark.slow
def test_a_run_stopped_on_the_way_resumes_to_the_same_weights(folder: Path, tiny: Path) -> None:
    whole = write_config(folder, tiny, out="whole", save_steps=3, epochs=2)
    assert execute(["train", str(whole), *train_arguments(folder)]) == 0
    (folder / "whole").rename(folder / "first")
    kept = folder / "whole" / "checkpoint-3"
    (folder / "whole").mkdir()
    (folder / "first" / "checkpoint-3").rename(kept)
    for name in ("permit.intoto.json", "permit.intoto.json.rows"):
        (folder / "whole" / name).write_bytes((folder / "first" / name).read_bytes())
    unasked = write_config(folder, tiny, out="whole", save_steps=3, epochs=2)
    assert execute(["train", str(unasked), *train_arguments(folder)]) == 2
    again = write_config(folder, tiny, out="whole", save_steps=3, epochs=2, resume=True)
    assert execute(["train", str(again), *train_arguments(folder)]) == 0
    assert (folder / "whole" / "model.safetensors").read_bytes() == (
        folder / "first" / "model.safetensors"
    ).read_bytes()
    steps = [json.loads(line) for line in (folder / "whole" / "metrics.jsonl").read_text().splitlines()]
    assert [step["step"] for step in steps] == [1, 2, 3, 4, 5, 6]
    assert all(step["loss"] > 0 and step["learning_rate"] > 0 for step in steps)


def test_checkpoints_of_other_rows_are_not_continued(folder: Path, tiny: Path) -> None:
    config = write_config(folder, tiny, save_steps=1, max_steps=1, resume=True)
    assert execute(["train", str(config), *train_arguments(folder)]) == 0
    attest_rows(folder, write_jsonl(folder / "data.jsonl", ROWS[1:]))
    assert execute(["train", str(config), *train_arguments(folder)]) == 1


def test_checkpoints_of_other_rows_are_not_gone_on_from(folder: Path, tiny: Path) -> None:
    assert (
        execute(
            ["train", str(write_config(folder, tiny, save_steps=1, max_steps=2)), *train_arguments(folder)]
        )
        == 0
    )
    attest_rows(folder, write_jsonl(folder / "data.jsonl", ROWS[1:]))
    again = write_config(folder, tiny, save_steps=1, max_steps=4, resume=True)
    assert execute(["train", str(again), *train_arguments(folder)]) == 1
