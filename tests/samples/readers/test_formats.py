"""Every container gives the same rows; every malformed row is counted, named and stepped over."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from auditor.errors import UnreadableInputError
from auditor.samples.readers.formats import Format, read_file, sniff
from tests.samples import reading as front
from tests.samples.containers import ROWS, WRITERS, digests_of, json_array, json_lines, parquet


@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, zstandard.ZstdCompressor().compress], ids=["plain", "gz", "zst"]
)
@pytest.mark.parametrize("name", WRITERS)
def test_the_same_rows_have_the_same_digests_in_every_container(
    tmp_path: Path, name: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / name
    path.write_bytes(pack(WRITERS[name](ROWS)))
    plain = tmp_path / "plain.jsonl"
    plain.write_bytes(json_lines(ROWS))
    digests, faults = digests_of(path)
    assert not faults
    assert digests == digests_of(plain)[0]


def test_wrapped_rows_are_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for text in (
        json.dumps({"version": 1, "data": ROWS}),
        json.dumps({"version": 1, "data": ROWS}, indent=1),
    ):
        path.write_text(text)
        assert len(digests_of(path)[0]) == len(ROWS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.parquet", b"not parquet"),
        ("a.parquet", b"PAR1 broken"),
        ("a.arrow", b"ARROW1 broken"),
        ("a.arrow", b"\xff\xff\xff\xffbroken"),
        ("a.txt", b"hello"),
        ("a.jsonl", "{}".encode("utf-16")),
        ("a.csv", b""),
        ("a.csv", b"a,a\n1,2\n"),
    ],
)
def test_files_that_cannot_be_read_at_all_say_so(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableInputError):
        digests_of(path)


def test_content_beats_the_name(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(parquet(ROWS))
    assert sniff(path) is Format.PARQUET
    path.write_bytes(json_array(ROWS))
    assert sniff(path) is Format.JSON_ARRAY


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet", "a.csv"])
def test_a_pointer_of_git_lfs_is_told_from_the_data(tmp_path: Path, name: str) -> None:
    text = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 146946961\n"
    (tmp_path / name).write_text(text)
    with pytest.raises(UnreadableInputError, match="Git LFS") as caught:
        sniff(tmp_path / name)
    assert caught.value.fix == "run `git lfs pull`"


@pytest.mark.parametrize(
    "table", [{"a": {"0": "x", "1": "y"}, "b": {"0": 1, "1": 2}}, {"0": {"a": 1}, "1": {"a": 2}}]
)
def test_a_table_in_one_line_is_read_as_a_table(tmp_path: Path, table: dict[str, object]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(table))
    rows = [row for chunk in read_file(tmp_path / "a.json", sniff(tmp_path / "a.json")) for row in chunk.rows]
    assert len(rows) == 2


def test_a_pipe_is_refused_and_its_neighbors_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    (tmp_path / "b.jsonl").write_bytes(front.LINES)
    source = front.read(tmp_path)
    assert [(file.file, file.reason) for file in source.unreadable_files] == [
        ("a.jsonl", "it is not a regular file")
    ]
    assert source.samples == 3
    with pytest.raises(UnreadableInputError, match="not a regular file"):
        front.read(Path("/dev/null"))
