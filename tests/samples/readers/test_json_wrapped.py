"""Rows within an object are read a piece at a time, with what stands on either side of them."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from auditor.digest import row_digest
from auditor.errors import UnreadableInputError
from auditor.samples.readers import json_wrapped, row_spool
from auditor.samples.readers.chunk import Chunk
from auditor.samples.readers.formats import Format, read_file, sniff
from auditor.samples.readers.json_arrays import read_objects
from auditor.samples.readers.json_wrapped import Unopened, Wrapped, outline
from auditor.samples.readers.row_spool import RowSpool

ROWS = [
    {"prompt": f'[{{"q" {at}}}]\\', "completion": ["a", {"b": [at]}], "n": 2**70 + at} for at in range(20)
]
BEFORE, AFTER = {"license": "MIT", "info": {"tags": ["x", "]"]}}, {"model": "m {", "more": [1, [2]]}


def read(path: Path, rows: int = 4) -> list[Chunk]:
    return list(read_file(path, sniff(path), rows))


def write(path: Path, value: Any, **layout: Any) -> Path:
    path.write_text(json.dumps(value, **layout), encoding="utf-8")
    return path


@pytest.mark.parametrize("layout", [{}, {"indent": 1}, {"separators": (",", ":")}])
@pytest.mark.parametrize("packed", [False, True])
def test_rows_are_those_of_json_lines_and_every_chunk_has_what_stands_around(
    tmp_path: Path, layout: dict[str, Any], packed: bool
) -> None:
    path = write(tmp_path / "a.json", {**BEFORE, "data": ROWS, **AFTER}, **layout)
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes()))
    chunks = read(path)
    assert [row for chunk in chunks for row in chunk.rows] == ROWS
    assert [digest for chunk in chunks for digest in chunk.digests] == [row_digest(row) for row in ROWS]
    assert [number for chunk in chunks for number in chunk.numbers] == list(range(20))
    assert len(chunks) > 4
    assert all(chunk.about == {**BEFORE, **AFTER} for chunk in chunks)
    assert not any(chunk.faults for chunk in chunks)


def test_a_row_has_the_line_that_it_begins_in(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{\n"license": "MIT",\n"data": [\n{"a": 1},\n{"a":\n2}, {"a": 3}]}', encoding="utf-8")
    assert [line for chunk in read(path) for line in chunk.lines] == [4, 5, 6]
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert [line for chunk in read(path) for line in chunk.lines] == [4, 5, 6]


def test_an_object_that_goes_on_in_the_next_line_is_no_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"license": "MIT", "data": [\n{"a": 1},\n{"a": 2}\n]}', encoding="utf-8")
    assert sniff(path) is Format.JSON_OBJECTS
    assert [chunk.rows for chunk in read(path)] == [[{"a": 1}, {"a": 2}]]


def test_json_lines_with_a_comma_too_much_stay_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1},\n{"a": 2}\n', encoding="utf-8")
    assert sniff(path) is Format.JSON_LINES


def test_one_bad_row_hides_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"data": [{"a": 1}, {"a": 1, "a": 2}, {"b": 3}], "license": "MIT"}', encoding="utf-8")
    (chunk,) = read_file(path, Format.JSON_OBJECTS)
    assert chunk.rows == [{"a": 1}, {"b": 3}]
    assert [fault.row for fault in chunk.faults] == [1]


@pytest.mark.parametrize(
    "text",
    [
        '{"data": [{"a": 1}], "test": [{"a": 2}]}',
        '{"data": ["a", "b"]}',
        '{"data": [[{"a": 1}]]}',
        '{"rows": {"data": [{"a": 1}]}}',
        '{"data": [{"a": 1}]} {"data": [{"a": 2}]}',
        '[{"data": [{"a": 1}]}]',
        '{"a": 1}',
        '{"data": [{"a": 1}',
        "",
    ],
)
def test_what_wraps_not_exactly_one_list_of_rows_is_not_opened(text: str) -> None:
    assert outline(io.BytesIO(text.encode())) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"data": [{"a": 1}], "data": [{"a": 2}]}',
        '{"data": [{"a": 1}], "license": "MIT", "license": "CC-BY-NC-4.0"}',
        '{"data": [{"a": 1}], license: "MIT"}',
    ],
)
def test_what_cannot_be_read_around_the_rows_is_not_passed_over(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    (chunk,) = read(path)
    assert not chunk.rows
    assert len(chunk.faults) == 1


def test_an_escaped_name_is_read_as_json_reads_it() -> None:
    found = outline(io.BytesIO(b'{"d\\u0061ta": [{"a": 1}], "x": 1}'))
    assert isinstance(found, Wrapped)
    found.rows.close()
    assert found.about == {"x": 1}


@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_rows_do_not_depend_on_where_blocks_end(size: int) -> None:
    text = json.dumps({**BEFORE, "data": ROWS[:4], **AFTER}, indent=1).encode()

    class Trickle(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    whole, slow = outline(io.BytesIO(text)), outline(Trickle(text))
    assert isinstance(whole, Wrapped)
    assert isinstance(slow, Wrapped)
    with closing(whole.rows), closing(slow.rows):
        rows = list(whole.rows.rows())
        assert [json.loads(raw) for _, raw in rows] == ROWS[:4]
        assert (list(slow.rows.rows()), slow.about) == (rows, whole.about)
        assert [line for line, _ in rows] == [text[: text.index(raw)].count(b"\n") + 1 for _, raw in rows]


def test_the_file_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", {**BEFORE, "data": ROWS, **AFTER})
    opened = []

    def open_() -> BinaryIO:
        opened.append(path)
        return path.open("rb")

    assert sum(len(chunk) for chunk in read_objects(open_)) == len(ROWS)
    assert len(opened) == 1


def test_rows_are_set_aside_outside_of_memory(tmp_path: Path) -> None:
    row, count = {"prompt": "a" * 10_000, "completion": "b" * 10_000}, 4000
    write(tmp_path / "a.json", {"license": "MIT", "data": [row] * count, "model": "m"})
    tracemalloc.start()
    try:
        found = sum(len(chunk) for chunk in read_file(tmp_path / "a.json", Format.JSON_OBJECTS))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (found, (tmp_path / "a.json").stat().st_size > 80e6, most < 60e6) == (count, True, True), most


@pytest.mark.parametrize(
    ("text", "rows", "faults"),
    [
        (b'{"data": [{"a": 1}, {"a": 2}', 0, 1),
        (b'{"data": [{"a": 1}, {"a": "x', 0, 1),
        (b'{"data": [{"a": 1}]} x', 1, 1),
        (b'{"data": [{"a": 1}]}]', 1, 1),
        (b'{"data": [{"a": 1}], "data": []}', 0, 1),
        (b'{"data": [' + b'{"a": [' * 60_000, 0, 1),
        (b'{"data": [{"a": ' + b"[" * 2000 + b"]" * 2000 + b'}, {"a": 1}], "n": 1}', 1, 1),
        (b'{"data": [{"a": 1]]}', 0, 1),
        (b'{"data": [{"a": 1}, \xff\xfe], "license": "MIT"}', 0, 1),
        (b'\xef\xbb\xbf{"data": [{"a": 1}], "license": "MIT"}', 1, 0),
    ],
)
def test_what_is_hostile_gives_faults(tmp_path: Path, text: bytes, rows: int, faults: int) -> None:
    (tmp_path / "a.json").write_bytes(text)
    chunks = list(read_file(tmp_path / "a.json", Format.JSON_OBJECTS))
    assert sum(map(len, chunks)) == rows
    assert sum(len(chunk.faults) for chunk in chunks) == faults


def test_a_row_larger_than_a_row_may_be_hides_no_other() -> None:
    text = b'{"a": 1}, {"a": [[2]]}, {"a": 3}'
    with closing(RowSpool(100)) as spool:
        for start, end in ((0, 8), (10, 22), (24, 32)):
            spool.add(1, 100 + start, 100 + end)
        spool.write(text[:20])
        spool.write(text[20:])
        found = [raw if isinstance(raw, bytes) else "too large" for _, raw in spool.rows(limit=10)]
    assert found == [b'{"a": 1}', "too large", b'{"a": 3}']


def test_a_text_larger_than_a_row_may_be_ends_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_wrapped, "MAX_ROW_BYTES", 1 << 20)
    path = tmp_path / "a.json"
    for text in ('{"data": [{"a": 1}, {"a": "%s"}]}', '{"data": [{"a": 1}], "more": "%s"}'):
        path.write_text(text % ("x" * (3 << 20)))
        (chunk,) = read_file(path, Format.JSON_OBJECTS)
        assert (len(chunk), len(chunk.faults)) == (0, 1)


def test_no_room_to_set_rows_aside_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.json", {"data": ROWS})
    monkeypatch.setattr(row_spool, "_IN_MEMORY", 1)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    with pytest.raises(UnreadableInputError, match="cannot be set aside: No such file"):
        read(path)


def test_a_large_object_of_several_lists_is_refused_without_being_held() -> None:
    rows = b'{"a": "' + b"x" * (9 << 20) + b'"}'
    found = outline(io.BytesIO(b'{"train": [' + rows + b'], "test": [' + rows + b"]}"))
    assert isinstance(found, Unopened)
