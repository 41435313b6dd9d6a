"""JSON cut into rows, whatever its brackets."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from auditor.errors import NoRowsError
from auditor.samples.readers.json_arrays import _Splitter
from auditor.samples.readers.json_lines import split_lines
from tests.samples.containers import ROWS, digests_of, json_array
from tests.samples.reading import read


def test_brackets_without_end_are_given_up_soon(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"[" * 20_000_000)
    with pytest.raises(NoRowsError, match="nested far too deep"):
        read(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("text", "good", "faults"),
    [
        (b'[{"a":1},{"a":NaN},{"a":2}]', 2, 1),
        (b'[{"a":1},\n7,\n{"a":2}]', 2, 1),
        (b'[{"a":1},"x",null,{"a":2}]', 2, 2),
        (b'[{"a":1},{"a":2}', 2, 1),
        (b'[{"a":1},{"a":"cut', 1, 1),
        (b'[{"a":1}] {"b":2}', 1, 1),
        (b'[{"a":1},[2]]', 1, 1),
        (b"[]", 0, 0),
        (b'[{"a":"]}[{\\"\\\\"}]', 1, 0),
    ],
)
def test_arrays_keep_good_rows_and_count_bad_ones(
    tmp_path: Path, text: bytes, good: int, faults: int
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(text)
    digests, found = digests_of(path)
    assert (len(digests), len(found)) == (good, faults)


def test_array_rows_know_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[\n{"a":1},\n\n{"a":\nNaN},\n{"a":2}\n]')
    assert [(fault.row, fault.line) for fault in digests_of(path)[1]] == [(1, 4)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_splitting_does_not_depend_on_where_blocks_end(size: int) -> None:
    text = json_array(ROWS[:5])

    class Trickle(io.BytesIO):
        def digests_of(self, _: int | None = -1) -> bytes:
            return super().read(size)

    whole = list(_Splitter(io.BytesIO(text), wrapped=True))
    assert list(_Splitter(Trickle(text), wrapped=True)) == whole
    assert len(whole) == 5
    lines = b'{"a":1}\n\n{"b":"\xc3\xa9"}'
    assert list(split_lines(Trickle(lines))) == list(split_lines(io.BytesIO(lines)))
