"""A bad line is named and hides no other."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from auditor.samples.readers.json_arrays import _Splitter
from auditor.samples.readers.json_lines import split_lines
from tests.samples.containers import digests_of

BAD_LINES = {
    b'{"a": 1': "not valid JSON",
    b"[1]": "a row is an object, this is a list",
    b'"text"': "a row is an object, this is a string",
    b"null": "a row is an object, this is null",
    b'{"a": 1, "a": 2}': "a key is there twice in one object",
    b'{"a": NaN}': "not valid JSON",
    b'{"a": "\\ud800"}': "not valid JSON",
    b'{"a": "\xff"}': "not valid JSON",
    b"\x00\x01": "not valid JSON",
    b'{"a": 1e999}': "not valid JSON",
    b'{"a": ' + b"[" * 200 + b"]" * 200 + b"}": "nested deeper",
}


@pytest.mark.parametrize("bad", BAD_LINES)
def test_a_bad_line_is_named_and_the_others_are_read(tmp_path: Path, bad: bytes) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 0}\n\n' + bad + b'\n{"a": 2}\r\n')
    digests, faults = digests_of(path)
    assert len(digests) == 2
    assert [(fault.row, fault.line) for fault in faults] == [(1, 3)]
    assert faults[0].reason.startswith(BAD_LINES[bad])


def test_a_row_beyond_the_limit_is_stepped_over() -> None:
    lines = list(split_lines(io.BytesIO(b"a\n" + b"x" * 5000 + b"\nb\n"), limit=1000))
    assert lines[0] == (1, b"a")
    assert lines[2] == (3, b"b")
    assert isinstance(lines[1][1], str)
    big = b'[{"a":1},{"a":[' + b'"xxxxxxxxx",' * 3000 + b'1]},{"a":2}]'
    pieces = list(_Splitter(io.BytesIO(big), wrapped=True, limit=10_000))
    assert [isinstance(piece, str) for _, piece in pieces] == [False, True, False]
