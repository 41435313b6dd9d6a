"""A row list made of the columns of an audit's rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.attest.row_lines import unhexed
from auditor.attest.row_list import RowList
from auditor.ids import PREFIX

_TOGETHER = 1 << 14
_SMALL = (1 << 31) - 1
"""Bytes of ids that short offsets can point into."""
_HEX = np.frombuffer(b"0123456789abcdef", np.uint8)
_WIDTH = 64


def row_list(parts: Iterable[tuple[bytes, pa.StringArray]]) -> RowList:
    """Return the list of rows, sorted by digest, then id.

    Args:
        parts: digests of some rows, end to end, with their ids.
    """
    run, pieces = bytearray(), list[pa.Array]()
    for digests, ids in parts:
        run += digests
        pieces.append(ids)
    if sum(part.nbytes for part in pieces) > _SMALL:
        pieces = [part.cast(pa.large_string()) for part in pieces]
    names = pa.concat_arrays(pieces) if pieces else pa.array([], pa.string())
    pieces.clear()
    order = _order(run, names)
    np.frombuffer(run, "S32").sort()
    return RowList(run, partial(_pieces, run, names, order))


def _order(run: bytearray, names: pa.Array) -> NDArray[np.uint32]:
    rows = np.frombuffer(run, np.uint8).reshape(-1, 32)
    firsts = np.frombuffer(run, ">u8")[::4].astype(np.uint64)
    order = np.argsort(firsts, kind="stable")
    firsts = firsts[order]
    for start, stop in _runs(np.flatnonzero(firsts[1:] == firsts[:-1])):
        places = order[start:stop]
        keys = [(rows[place].tobytes(), names[place].as_py()) for place in places.tolist()]
        order[start:stop] = places[sorted(range(len(keys)), key=keys.__getitem__)]
    return order.astype(np.uint32)


def _pieces(run: bytearray, names: pa.Array, order: NDArray[np.uint32]) -> Iterator[bytes]:
    for start in range(0, len(order), _TOGETHER):
        part = names.take(pa.array(order[start : start + _TOGETHER])).cast(pa.large_string())
        yield _lines(run[32 * start : 32 * (start + len(part))], part)


def _runs(tied: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield where stretches of equal values begin and end, from the places equal to the one after them."""
    if not len(tied):
        return
    breaks = np.flatnonzero(np.diff(tied) > 1)
    starts = tied[np.concatenate([[0], breaks + 1])]
    stops = tied[np.concatenate([breaks, [len(tied) - 1]])] + 2
    yield from zip(starts.tolist(), stops.tolist(), strict=True)


def _lines(run: bytes | bytearray, names: pa.Array) -> bytes:
    for newline, shown in (("\n", "\\n"), ("\r", "\\r")):
        names = pc.replace_substring(names, newline, shown)
    ended = pc.binary_join_element_wise(names, *_texts("", "\n"))
    return _bytes_of(pc.binary_join_element_wise(_hexed(run), ended, *_texts(" ")))


def _texts(*texts: str) -> list[pa.Scalar]:
    return [pa.scalar(text, pa.large_string()) for text in texts]


def _hexed(run: bytes | bytearray) -> pa.Array:
    """Return digests, end to end, as strings of hexadecimal digits."""
    data = np.frombuffer(run, np.uint8)
    text = np.empty(2 * len(data), np.uint8)
    text[::2] = _HEX[data >> 4]
    text[1::2] = _HEX[data & 15]
    ends = np.arange(len(data) // 32 + 1, dtype=np.int64) * _WIDTH
    return pa.Array.from_buffers(
        pa.large_string(), len(data) // 32, [None, pa.py_buffer(ends), pa.py_buffer(text)]
    )


def raw_digests(written: pa.Array) -> bytes:
    """Return digests as they are written, `sha256:` and hex, end to end as bytes.

    Raises:
        ValueError: one is another text.
    """
    text = written.cast(pa.large_string())
    width = len(PREFIX) + _WIDTH
    same = pc.and_(pc.equal(pc.binary_length(text), width), pc.starts_with(text, PREFIX))
    if not pc.all(same, min_count=0).as_py():
        raise ValueError("a row's digest is not one")
    return unhexed(np.frombuffer(_bytes_of(text), np.uint8).reshape(-1, width)[:, len(PREFIX) :])


def _bytes_of(lines: pa.Array) -> bytes:
    """Return the text of an array end to end."""
    _, offsets, data = lines.buffers()
    ends = np.frombuffer(offsets, np.int64)[lines.offset : lines.offset + len(lines) + 1]
    return bytes(memoryview(data)[int(ends[0]) : int(ends[-1])]) if data is not None else b""
