"""Which files the arguments name, in which splits; links, globs and closed folders."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from auditor.errors import InputError, UsageError
from auditor.samples.inputs.sources import find_files
from auditor.samples.rows import iter_row_digests
from auditor.samples.source import ReadOptions
from tests.samples.containers import digests_of
from tests.samples.reading import LINES, closed, read, run, write


def test_splits_are_inferred_from_names(tmp_path: Path) -> None:
    for name in ("train-00000-of-00001.jsonl", "data/validation.jsonl", "test/part-0.jsonl", "other.jsonl"):
        write(tmp_path / name, {"text": name})
    write(tmp_path / "dataset_infos.json", {"not": "rows"})
    write(tmp_path / ".cache/hidden.jsonl", {"text": "no"})
    source, _ = run(tmp_path)
    assert {facts.name: facts.split for facts in source.files} == {
        "train-00000-of-00001.jsonl": "train",
        "data/validation.jsonl": "validation",
        "test/part-0.jsonl": "test",
        "other.jsonl": "",
    }
    source, _ = run(tmp_path, options=ReadOptions(split="train"))
    assert [facts.name for facts in source.files] == ["other.jsonl", "train-00000-of-00001.jsonl"]


def test_globs_and_equal_names(tmp_path: Path) -> None:
    one, two = write(tmp_path / "x/a.jsonl", {"text": "1"}), write(tmp_path / "y/a.jsonl", {"text": "2"})
    source, _ = run(tmp_path / "*" / "a.jsonl")
    assert [facts.name for facts in source.files] == ["x/a.jsonl", "y/a.jsonl"]
    source, _ = run(one, two, one)
    assert len({facts.name for facts in source.files}) == 2


def test_card_patterns_as_the_hub_takes_them(tmp_path: Path) -> None:
    for name in ("data/train-0.jsonl", "data/test-0.jsonl", "more/x.jsonl", "unnamed.jsonl"):
        write(tmp_path / name, {"text": "T"})
    (tmp_path / "README.md").write_text(
        "---\nconfigs:\n- data_files: {train: 'data/train-**', test: ['data/test-*']}\n"
        "- data_files: more\n---\n"
    )
    source, _ = run(tmp_path)
    assert {facts.name: facts.split for facts in source.files} == {
        "data/train-0.jsonl": "train",
        "data/test-0.jsonl": "test",
        "more/x.jsonl": "",
    }


def test_equal_names_do_not_depend_on_the_machine(tmp_path: Path) -> None:
    one, two = write(tmp_path / "x/a.jsonl", {"text": "1"}), write(tmp_path / "y/a.jsonl", {"text": "2"})
    source, _ = run(one, two)
    assert [facts.name for facts in source.files] == ["x/a.jsonl", "y/a.jsonl"]


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


def test_a_folder_that_may_not_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "A"}\n')
    (tmp_path / "sub").mkdir()
    closed(tmp_path / "sub", monkeypatch)
    source = read(tmp_path)
    assert [(file.file, file.reason) for file in source.unreadable_files] == [
        ("sub", "the file cannot be opened: Permission denied")
    ]


def test_missing_paths_and_hub_names_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        digests_of(tmp_path / "none.jsonl")
    with pytest.raises(InputError) as caught:
        list(iter_row_digests(["tatsu-lab/alpaca"]))
    assert "hf://tatsu-lab/alpaca" in str(caught.value.fix)
    with pytest.raises(UsageError):
        list(iter_row_digests(["hf://tatsu-lab/alpaca"]))
    loop = tmp_path / "loop.jsonl"
    loop.symlink_to(loop)
    with pytest.raises(InputError):
        digests_of(loop)
