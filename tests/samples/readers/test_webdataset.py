"""WebDataset: what trainers get as one sample is one row; what cannot be read is a fault of that row."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from auditor.samples.inputs.archives import inside
from auditor.samples.readers.chunk import Chunk
from auditor.samples.readers.formats import Format, read_file, sniff
from auditor.samples.readers.stored import Samples
from auditor.samples.readers.webdataset import part_of, read_webdataset
from tests.samples.archives import PICTURE, looked_at, tarred, write_archive
from tests.samples.reading import claims, read


def _row(number: int, **row: Any) -> list[tuple[str, bytes]]:
    return [(f"shard/{number:03}.{key}", value) for key, value in row.items()]


def _read(path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    chunks: list[Chunk] = list(read_webdataset(path, 2))
    return [row for chunk in chunks for row in chunk.rows], [
        fault.reason for chunk in chunks for fault in chunk.faults
    ]


def test_members_of_one_name_are_one_row(tmp_path: Path) -> None:
    text = "Paris is the capital of France."
    members = [
        member
        for n in range(5)
        for member in _row(
            n, txt=text.encode(), json=b'{"model": "gpt-4", "n": 1e2}', cls=b"7\n", png=PICTURE
        )
    ]
    path = write_archive(tmp_path / "a.tar", tarred(*members))
    rows, faults = _read(path)
    assert faults == []
    assert rows[4] == {
        "__key__": "shard/004",
        "txt": text,
        "json": {"model": "gpt-4", "n": 100},
        "cls": 7,
    }
    assert sniff(Samples(path)) is Format.WEBDATASET
    for name, packed in (("a.tar", tarred(*members)), ("a.tar.gz", gzip.compress(tarred(*members)))):
        assert looked_at(write_archive(tmp_path / name, packed)) == ({name: 5}, {}, {})
    assert ("teacher", "gpt-4", "json.model", "") in claims(read(path))


@pytest.mark.parametrize(
    ("members", "why"),
    [
        (_row(0, txt=b"\xff\xfe", cls=b"1"), "'txt' is not valid UTF-8"),
        (_row(0, json=b'{"a": 1}, "b": {"c": 2}', txt=b"x"), "'json' is not valid JSON"),
        (_row(0, json=b"NaN", txt=b"x"), "'json' is not valid JSON"),
        (_row(0, json=b"[" * 100_000, txt=b"x"), "'json' is not valid JSON"),
        (_row(0, json=b'{"a": 1, "a": 2}', txt=b"x"), "a key is there twice"),
        (_row(0, txt=b"x") + _row(0, txt=b"y"), "two members are its part 'txt'"),
        (_row(0, txt=b"x") + _row(0, TXT=b"y"), "two members are its part 'txt'"),
    ],
)
def test_a_part_that_cannot_be_read_is_a_fault_of_its_row(
    tmp_path: Path, members: list[tuple[str, bytes]], why: str
) -> None:
    path = write_archive(tmp_path / "a.tar", tarred(*members, *_row(1, txt=b"fine", cls=b"x")))
    rows, faults = _read(path)
    assert rows == [{"__key__": "shard/001", "txt": "fine", "cls": "x"}]
    assert len(faults) == 1
    assert why in faults[0]


def test_a_row_without_text_is_not_passed_over(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "a.tar", tarred(*_row(0, txt=b"a", png=PICTURE), *_row(1, png=PICTURE)))
    assert _read(path)[0] == [{"__key__": "shard/000", "txt": "a"}, {"__key__": "shard/001"}]


def test_a_tar_that_ends_early_keeps_its_rows(tmp_path: Path) -> None:
    whole = tarred(*(member for n in range(9) for member in _row(n, txt=b"words " * 100, cls=b"1")))
    rows, faults = _read(write_archive(tmp_path / "a.tar", whole[:6000]))
    assert 0 < len(rows) < 9
    assert faults == ["the tar ends early; the rest of the file is lost"]


@pytest.mark.parametrize(
    ("members", "samples"),
    [
        (_row(0, txt=b"a", json=b"{}"), True),
        (_row(0, json=b'{"a":1}') + _row(1, json=b'{"a":2}'), True),
        (_row(0, txt=b"a b") + _row(1, txt=b"c d"), True),
        ([("train.json", b'[{"a":1}]'), ("test.json", b'[{"a":1}]')], False),
        ([("train.json", b'{"a":1}'), ("test.json", b'{"a":1}')], False),
        ([("train.jsonl", b'{"a":1}'), ("train.txt", b"about")], False),
        ([("train.parquet", b"PAR1"), ("train.json", b"{}")], False),
        (_row(0, png=PICTURE), False),
    ],
)
def test_files_of_rows_in_a_tar_are_not_parts_of_rows(
    tmp_path: Path, members: list[tuple[str, bytes]], samples: bool
) -> None:
    found = inside(write_archive(tmp_path / "a.tar", tarred(*members)))
    assert found is not None
    assert any(isinstance(one, Samples) for one in found.rows) is samples


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("a/b.c.txt", ("a/b", "c.txt")),
        ("a.b/c.JSON", ("a.b/c", "json")),
        ("noending", None),
        (".hidden.txt", None),
        ("__MACOSX/a.txt", None),
    ],
)
def test_a_name_is_a_key_up_to_its_first_dot(name: str, part: tuple[str, str] | None) -> None:
    assert part_of(name) == part


def test_arrays_and_pickles_are_named(tmp_path: Path) -> None:
    members = [*_row(0, txt=b"a", npy=b"\x93NUMPY", pyd=b"\x80\x04"), *_row(1, txt=b"b", mp=b"\x81")]
    path = write_archive(tmp_path / "a.tar", tarred(*members))
    assert sorted(looked_at(path)[2]) == [
        "a.tar!/shard/000.npy", "a.tar!/shard/000.pyd", "a.tar!/shard/001.mp"
    ]  # fmt: skip


def test_the_reader_is_reached_by_its_format(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "a.tar", tarred(*_row(0, json=json.dumps({"a": 1}).encode(), cls=b"0")))
    (chunk,) = read_file(Samples(path), Format.WEBDATASET)
    assert chunk.rows == [{"__key__": "shard/000", "json": {"a": 1}, "cls": 0}]
