"""Rows within an object are read a piece at a time, with what stands on either side of them."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from auditor.digest import row_digest
from auditor.samples.readers.chunk import Chunk
from auditor.samples.readers.formats import Format, read_file, sniff
from auditor.samples.readers.json_wrapped import Unopened, Wrapped, outline

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
    assert found.about == {"x": 1}


def test_a_large_object_of_several_lists_is_refused_without_being_held() -> None:
    rows = b'{"a": "' + b"x" * (9 << 20) + b'"}'
    found = outline(io.BytesIO(b'{"train": [' + rows + b'], "test": [' + rows + b"]}"))
    assert isinstance(found, Unopened)
