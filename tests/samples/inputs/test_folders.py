"""Saved datasets are read as their index says, and lead nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.errors import UnreadableInputError
from auditor.samples.inputs.sources import find_files
from tests.samples.reading import QA, arrow, claims, run, write


def test_saved_datasets(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    rows = datasets.Dataset.from_list([{"instruction": "Q", "output": "A", "model": "gpt-4"}] * 3)
    rows.save_to_disk(str(tmp_path / "one"))
    source, parts = run(tmp_path / "one")
    assert parts == QA * 3
    assert claims(source) == [("teacher", "gpt-4", "model", "")]
    datasets.DatasetDict({"train": rows, "test": rows}).save_to_disk(str(tmp_path / "both"))
    source, parts = run(tmp_path / "both")
    assert [facts.split for facts in source.files] == ["train", "test"]
    assert len(parts) == 12
    assert source.files[0].name.startswith("train/")


def test_saved_datasets_may_not_point_outside(tmp_path: Path) -> None:
    write(tmp_path / "secret.jsonl", {"text": "T"})
    folder = tmp_path / "saved"
    write(folder / "state.json", {"_data_files": [{"filename": "../secret.jsonl"}]})
    with pytest.raises(UnreadableInputError):
        run(folder)


def test_a_file_that_the_dataset_lacks_is_an_unreadable_file(tmp_path: Path) -> None:
    write(tmp_path / "state.json", {"_data_files": [{"filename": "gone.arrow"}]})
    with pytest.raises(UnreadableInputError):
        run(tmp_path)


@pytest.mark.parametrize(
    "state",
    [
        {"_data_files": None},
        {"_data_files": "x"},
        {"_data_files": [5]},
        {"_data_files": [{}]},
        {"_data_files": [{"filename": "a\0b"}]},
        {"_data_files": [{"filename": "../../outside.arrow"}]},
        {},
    ],
)
def test_a_saved_dataset_with_a_broken_index_is_refused(tmp_path: Path, state: dict[str, object]) -> None:
    (tmp_path / "state.json").write_text(json.dumps(state))
    with pytest.raises(UnreadableInputError) as caught:
        find_files([str(tmp_path)])
    assert caught.value.fix


@pytest.mark.parametrize("splits", [None, "train", [5], [""], ["../outside"], [["train"]]])
def test_splits_that_lead_nowhere_are_refused(tmp_path: Path, splits: object) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    arrow(outside / "data.arrow")
    (outside / "state.json").write_text('{"_data_files":[{"filename":"data.arrow"}]}')
    saved = tmp_path / "saved"
    saved.mkdir()
    (saved / "dataset_dict.json").write_text(json.dumps({"splits": splits}))
    with pytest.raises(UnreadableInputError):
        find_files([str(saved)])
