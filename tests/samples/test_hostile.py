"""Inputs that are odd or hostile: each is refused or quarantined by name, and never ends in a traceback."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc
import pytest
import zstandard

from auditor.errors import InputError, NoRowsError, UnreadableInputError
from auditor.samples.claims.side_files import UNREADABLE_LICENSE
from auditor.samples.inputs.cards import UNREADABLE
from auditor.samples.inputs.sources import find_files
from auditor.samples.source import Source, open_source

GOOD = [{"prompt": f"What is {n} plus two?", "completion": f"It is {n + 2}."} for n in range(3)]
LINES = "".join(json.dumps(row) + "\n" for row in GOOD).encode()


def read(*paths: Path) -> Source:
    source = open_source([str(path) for path in paths])
    for _ in source:
        pass
    return source


def arrow(path: Path, **columns: pa.Array) -> Path:
    table = pa.Table.from_pylist(GOOD)
    for name, column in columns.items():
        table = table.append_column(name, column)
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)
    return path


def test_a_pipe_is_refused_and_its_neighbors_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    (tmp_path / "b.jsonl").write_bytes(LINES)
    source = read(tmp_path)
    assert [(file.file, file.reason) for file in source.unreadable_files] == [
        ("a.jsonl", "it is not a regular file")
    ]
    assert source.samples == 3
    with pytest.raises(UnreadableInputError, match="not a regular file"):
        read(Path("/dev/null"))


def test_a_path_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"a\xff.jsonl")).write_bytes(LINES)
    with pytest.raises(InputError, match="not valid UTF-8") as caught:
        find_files([str(tmp_path)])
    assert caught.value.where
    assert caught.value.where.endswith(r"a\xff.jsonl")
    with pytest.raises(InputError, match="null byte"):
        find_files(["a\0b"])
    with pytest.raises(InputError, match="an empty path"):
        find_files([""])


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


def test_zstandard_may_begin_with_a_skippable_frame(tmp_path: Path) -> None:
    packed = b"\x50\x2a\x4d\x18\x04\x00\x00\x00note" + zstandard.ZstdCompressor().compress(LINES)
    (tmp_path / "a.jsonl.zst").write_bytes(packed)
    assert read(tmp_path / "a.jsonl.zst").samples == 3


def test_brackets_without_end_are_given_up_soon(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"[" * 20_000_000)
    with pytest.raises(NoRowsError, match="nested far too deep"):
        read(tmp_path / "a.json")


def test_a_float_that_is_not_finite_costs_its_row_alone(tmp_path: Path) -> None:
    scores = pa.array([0.5, float("nan"), float("inf")], pa.float32())
    source = read(arrow(tmp_path / "a.arrow", score=scores))
    assert source.samples == 1
    assert [row.sample_id for row in source.unreadable] == ["a.arrow#1", "a.arrow#2"]


@pytest.mark.parametrize(
    "column",
    [
        pa.StructArray.from_arrays([pa.array([1] * 3), pa.array([2] * 3)], ["a", "a"]),
        pa.array([(1, 2, 3)] * 3, pa.month_day_nano_interval()),
    ],
    ids=["two fields of one name", "an interval"],
)
def test_columns_that_rows_cannot_have_make_the_file_unreadable(tmp_path: Path, column: pa.Array) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        read(arrow(tmp_path / "a.arrow", odd=column))
    assert caught.value.where == "a.arrow"
    assert caught.value.fix


def test_links_that_lead_nowhere_are_named_in_folders_and_globs(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "A"}\n')
    (tmp_path / "b.jsonl").symlink_to("b.jsonl")
    (tmp_path / "c.jsonl").symlink_to("gone")
    for argument in (tmp_path, tmp_path / "*.jsonl"):
        source = read(argument)
        assert source.samples == 1
        assert [file.file for file in source.unreadable_files] == ["b.jsonl", "c.jsonl"]


def test_linked_folders_are_read_once_and_loops_are_named(tmp_path: Path) -> None:
    for name in ("set/a", "other/deep"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "rows.jsonl").write_text(json.dumps({"text": name}) + "\n")
    (tmp_path / "set/b").symlink_to("a")
    (tmp_path / "set/out").symlink_to("../other")
    (tmp_path / "set/again").symlink_to("../other/deep")
    (tmp_path / "other/deep/up").symlink_to("..")
    source = read(tmp_path / "set")
    assert sorted(facts.name for facts in source.files) == ["a/rows.jsonl", "again/rows.jsonl"]
    assert [file.file for file in source.unreadable_files] == ["again/up"]


def closed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse a path as the system does for users without rights on it; root has them all."""

    def refuse(name: str, real: Callable[..., Any]) -> None:
        def opened(target: Any, *rest: Any, **more: Any) -> Any:
            if Path(target) == path:
                raise PermissionError(13, "Permission denied", str(target))
            return real(target, *rest, **more)

        monkeypatch.setattr(name, opened)

    refuse("os.listdir", os.listdir)
    refuse("os.scandir", os.scandir)
    refuse("io.open", io.open)


def test_a_folder_that_may_not_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "A"}\n')
    (tmp_path / "sub").mkdir()
    closed(tmp_path / "sub", monkeypatch)
    source = read(tmp_path)
    assert [(file.file, file.reason) for file in source.unreadable_files] == [
        ("sub", "the file cannot be opened: Permission denied")
    ]


def test_a_card_that_may_not_be_opened_leaves_the_license_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "A", "license": "mit"}\n')
    for name in ("README.md", "LICENSE"):
        (tmp_path / name).write_text("closed")
        closed(tmp_path / name, monkeypatch)
    [held] = read(tmp_path).claim_sets
    assert [claim.value for claim in held.claims] == ["mit", UNREADABLE_LICENSE, UNREADABLE]
