"""The kernel over cells gives the rows, digests, lines and faults that the reader of CSV gives alone.

`AUDITOR_TEST_EFFORT=full` tries a hundred thousand rows.
"""

from __future__ import annotations

import io
import random
from typing import Any

import pytest

from auditor.errors import AuditorError
from auditor.jit.compile import COMPILED
from auditor.samples.readers import delimited, json_lines
from auditor.samples.readers.delimited import read_delimited
from tests.effort import rows

pytestmark = pytest.mark.skipif(not COMPILED, reason="numba does not compile here")

_HEADS = ("a", "b", "é", "\U0001f600", "名", "z", "", "c d", "\uffff", 'q"q')
_PIECES = (b"a", b" ", "é".encode(), "日".encode(), "\U0001f600".encode(), b"{", b"[0]", b"\\", b"\x01", b"'")
_QUOTED = (b'""', b",", b"\n", b"\r\n", b"a", "é".encode(), b";", b"\t", b"{", b"\r", b"\x00")
_ODD = (
    *(b'"', b'"x"y', b'"x', b"\xff", b"\xed\xa0\x80", b"\x00", b"\r", b"\r\r\n", b"\n", b"\n\n", b"\xc2"),
    *(b'{"a": [1]}', b'"{""a"": 1}"', b",", b",,", b'""', b'"' + b"y" * 70 + b'""' + b"z" * 33 + b'"'),
    b"\xef\xbb\xbf",
)  # fmt: skip


class _Files:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def file(self) -> tuple[bytes, str | None]:
        """Return a file and its delimiter, where that is told."""
        chance = self.chance
        sign, width = chance.choice((b",", b",", b";", b"\t")), chance.choice((1, 2, 2, 3, 5))
        head = [f"{chance.choice(_HEADS)}{place}" for place in range(width)]
        if chance.random() < 0.03:
            head[-1] = head[0]
        lines = [sign.join(name.encode() for name in head), *(self._line(sign, width) for _ in range(60))]
        text = chance.choice((b"\n", b"\n", b"\r\n")).join(lines)
        text = b"\xef\xbb\xbf" * (chance.random() < 0.2) + text + b"\n" * (chance.random() < 0.7)
        return text, chance.choice((None, "\t")) if sign == b"\t" else None

    def _line(self, sign: bytes, width: int) -> bytes:
        chance = self.chance
        if chance.random() < 0.03:
            return b"".join(chance.choices(_ODD, k=chance.randrange(6)))
        return sign.join(self._cell() for _ in range(width))

    def _cell(self) -> bytes:
        chance, length = self.chance, self.chance.choice((0, 1, 5, 31, 32, 33, 64, 100))
        kind = chance.random()
        if kind < 0.7:
            return b"v%d" % chance.randrange(99)
        if kind < 0.85:
            return b"".join(chance.choices(_PIECES, k=length))
        if kind < 0.99:
            return b'"' + b"".join(chance.choices(_QUOTED, k=length)) + b'"'
        return chance.choice(_ODD)


def _read(text: bytes, sign: str | None, chunk_rows: int, **more: Any) -> tuple[list[Any], int]:
    """Return what a file gives, and how many rows of it no object was made of."""
    found: list[Any] = []
    many = 0
    try:
        for chunk in read_delimited(io.BytesIO(text), sign, chunk_rows, **more):
            many += sum(len(run) for run in chunk.runs if not hasattr(run, "held"))
            each = [run.row(place) for run in chunk.runs for place in range(len(run))]
            assert each == chunk.rows
            found += zip(chunk.numbers, chunk.lines, chunk.digests, map(repr, chunk.rows), strict=True)
            found += [(fault.row, fault.line, fault.reason) for fault in chunk.faults]
    except AuditorError as error:
        found.append((-1, error.message, error.fix))
    return sorted(found), many


@pytest.mark.timeout(1800)
def test_the_kernel_reads_what_the_reader_of_csv_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    made, seen, by_kernel = _Files(1), 0, 0
    wanted = rows(100_000, 4_000)
    while seen < wanted:
        text, sign = made.file()
        monkeypatch.setattr(json_lines, "_BLOCK", made.chance.choice((64, 300, 1 << 20)))
        chunk_rows = made.chance.choice((1, 7, 8192))
        monkeypatch.setattr(delimited, "pays", lambda size: False)
        alone, none = _read(text, sign, chunk_rows)
        monkeypatch.setattr(delimited, "pays", lambda size: True)
        for outlined in (False, True):
            found, many = _read(text, sign, chunk_rows, outlined=outlined)
            assert found == alone, (text, sign, chunk_rows)
        assert not none
        seen += len(alone)
        by_kernel += many
    assert by_kernel > seen // 3


def test_a_row_that_no_block_holds_whole_is_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "pays", lambda size: True)
    long = "line\n" * 500_000
    text = f'a,b\n1,2\n3,"{long}"\n4,5\n6,7\n'.encode()
    [chunk] = read_delimited(io.BytesIO(text))
    assert [row["b"] for row in chunk.rows] == ["2", long, "5", "7"]
    assert chunk.lines == [2, 3, 500_004, 500_005]


def test_a_file_of_bad_rows_alone_has_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "pays", lambda size: True)
    text = b"a,b\n1,2\n" + b"only one\n" * 5_000 + b"3,4\n"
    [chunk] = read_delimited(io.BytesIO(text))
    assert [fault.line for fault in chunk.faults] == list(range(3, 5_003))
    assert chunk.lines == [2, 5_003]
