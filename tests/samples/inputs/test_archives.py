"""Archives among the data: each member with rows is a file of its own, wherever the archive lies."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from auditor.engine.model_names import ModelNames
from auditor.errors import InputError
from auditor.knowledge.load import load_knowledge
from auditor.samples.inputs.archives import inside
from auditor.samples.inputs.sources import find_files
from auditor.samples.source import ReadOptions, open_source
from tests.samples.archives import TWO, looked_at, tarred, write_archive, zipped
from tests.samples.reading import LINES


def test_members_have_names_splits_and_no_twins(tmp_path: Path) -> None:
    data, link = tmp_path / "data", tmp_path / "link"
    data.mkdir()
    write_archive(data / "x.zip", zipped(("train.jsonl", LINES), ("sub/test.jsonl", LINES)))
    link.symlink_to(data)
    files = find_files([str(data), str(data / "x.zip"), f"{data}/*.zip", str(link / "x.zip")])
    assert [(file.name, file.split, file.member) for file in files] == [
        ("x.zip!/train.jsonl", "train", "train.jsonl"),
        ("x.zip!/sub/test.jsonl", "test", "sub/test.jsonl"),
    ]


def test_archives_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write_archive(tmp_path / folder / "x.zip", zipped(("t.jsonl", LINES)))
    files = find_files([str(tmp_path / "a" / "x.zip"), str(tmp_path / "b" / "x.zip")])
    assert [file.name for file in files] == ["a/x.zip!/t.jsonl", "b/x.zip!/t.jsonl"]


def test_a_folder_that_looks_like_an_archive_in_sample_ids_is_refused(tmp_path: Path) -> None:
    write_archive(tmp_path / "x.zip", zipped(("t.jsonl", LINES)))
    (tmp_path / "x.zip!").mkdir()
    write_archive(tmp_path / "x.zip!" / "t.jsonl", LINES)
    with pytest.raises(InputError, match="same name in sample ids"):
        find_files([str(tmp_path)])


@pytest.mark.parametrize("pattern", ["data/*.tar", "data/train-*", "data/**"])
def test_a_card_may_name_archives(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "data").mkdir()
    for n in range(2):
        rows = [(f"{n}{m}.txt", b"A text of its own.") for m in range(3)]
        parts = [(f"{n}{m}.cls", b"1") for m in range(3)]
        write_archive(tmp_path / "data" / f"train-{n}.tar", tarred(*sorted(rows + parts)))
    card = f"---\nconfigs:\n- config_name: a\n  data_files:\n  - split: train\n    path: {pattern}\n---\n"
    (tmp_path / "README.md").write_text(card)
    assert looked_at(tmp_path)[0] == {"data/train-0.tar": 3, "data/train-1.tar": 3}
    assert {file.split for file in find_files([str(tmp_path)])} == {"train"}


def test_the_names_inside_an_archive_may_name_a_model(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "x.zip", zipped(("gpt-4-answers/train.jsonl", LINES)))
    source = open_source([str(path)], ReadOptions(models=ModelNames(load_knowledge())))
    list(source)
    assert [c.value for held in source.claim_sets for c in held.claims] == ["gpt-4"]


def test_what_cannot_be_listed_is_no_archive_here(tmp_path: Path) -> None:
    assert inside(write_archive(tmp_path / "a.jsonl", LINES)) is None
    assert inside(write_archive(tmp_path / "a.tgz", gzip.compress(tarred(*TWO))[:50])) is None
    assert inside(tmp_path / "missing.zip") is None
