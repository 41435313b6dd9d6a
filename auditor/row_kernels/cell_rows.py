"""The digests of rows of cells (CSV), from their bytes: no object is made of a row.

The kernel reads what `csv.reader` reads in its strict dialect, writes each row's canonical JSON and digests
it. It stops before a row that needs more: quotes that do not end here or are followed by other signs, a
carriage return inside a line, another number of cells than there are names, text that is not valid UTF-8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from auditor.canonical import canonical
from auditor.jit.compile import COMPILED, kernel, part
from auditor.row_kernels.byte_table import TABLE
from auditor.row_kernels.column_rows import write_text
from auditor.row_kernels.columns import key_order
from auditor.row_kernels.json_rows import OWN_SHA256
from auditor.row_kernels.row_schemas import (
    LEAVES,
    NOTES,
    ON,
    TEXT,
    Notes,
    RowSchemas,
    end_notes,
    note_key,
    note_leaf,
    note_sign,
    start_notes,
)
from auditor.row_kernels.text import BYTES, COMMA, PAD, PAIRS, PLACES, QUOTE, copy_bytes

if COMPILED:
    from auditor.jit.intrinsics import bit_count, byte_at, put_byte, signs_of, trailing_zeros
    from auditor.row_kernels.sha256 import put_digest

_LINE_FEED, _RETURN = 10, 13
AT, LINES, SPARE, CELLS = range(4)
"""What goes on from row to row: the place in the text, lines gone by, where unquoted text is written."""
_LARGEST: Final = 1 << 20
"""Bytes of a row as it is written; a larger one is left to `csv.reader`."""
_ROOM: Final = 256


@part
def _step(text: Any, at: int, end: int, first: int, second: int, third: int) -> Any:
    """Return how many of the next 32 bytes come before one of three signs and the end."""
    signs = signs_of(text, at, first, second, third)
    return min(trailing_zeros(signs) if signs else 32, end - at)


@part
def _plain(text: Any, at: int, end: int, sign: int) -> int:
    """Return the place of what ends a cell without quotes."""
    step = 32
    while step == 32 and at < end:
        step = _step(text, at, end, sign, _LINE_FEED, _RETURN)
        at += step
    return at


@part
def _quoted(text: Any, at: int, end: int, cells: Any, state: Any) -> int:
    """Read a cell from behind its opening quote; return the place behind the closing one, or -1."""
    cell, piece, spare = state[CELLS], at, -1
    cells[cell, 0] = at
    while at < end:
        step = _step(text, at, end, QUOTE, QUOTE, QUOTE)
        lines = signs_of(text, at, _LINE_FEED, _LINE_FEED, _LINE_FEED)
        state[LINES] += np.int64(bit_count(lines & ((np.uint64(1) << np.uint64(step)) - np.uint64(1))))
        at += step
        if step == 32 or at >= end:
            continue
        if byte_at(text, at + 1) == QUOTE:
            spare = state[SPARE] if spare < 0 else spare
            state[SPARE] = copy_bytes(text, piece, at + 1, text, state[SPARE])
            piece = at = at + 2
            continue
        cells[cell, 1] = at
        if spare >= 0:
            state[SPARE] = copy_bytes(text, piece, at, text, state[SPARE])
            cells[cell, 0] = spare
            cells[cell, 1] = state[SPARE]
        return at + 1
    return -1


@part
def _line_end(text: Any, at: int, end: int, state: Any) -> int:
    """Return the place behind the end of a line, or -1 where something follows a carriage return."""
    while at < end and byte_at(text, at) == _RETURN:
        at += 1
    if at >= end or byte_at(text, at) != _LINE_FEED:
        return -1
    state[LINES] += 1
    return at + 1


@part
def _cut(text: Any, at: int, end: int, sign: int, cells: Any, state: Any) -> int:
    """Cut a row into its cells; return the place behind it, or -1."""
    state[CELLS] = 0
    while state[CELLS] < cells.shape[0]:
        if byte_at(text, at) == QUOTE:
            at = _quoted(text, at + 1, end, cells, state)
        else:
            cells[state[CELLS], 0] = at
            at = _plain(text, at, end, sign)
            cells[state[CELLS], 1] = at
        state[CELLS] += 1
        if at < 0 or at >= end:
            return -1
        if byte_at(text, at) != sign:
            return _line_end(text, at, end, state) if state[CELLS] == cells.shape[0] else -1
        at += 1
    return -1


@part
def _write(
    text: Any, cells: Any, keys: Any, key_ends: Any, order: Any, out: Any, o: int, signs: Any, leaves: Any,
    note: Any,
) -> int:  # fmt: skip
    """Write a row; return the place after its form, or a number below zero where it has none."""
    put_byte(out, o, 0x7B)
    note_sign(0x7B, signs, note)
    o += 1
    for k in range(order.shape[0]):
        begin, end = cells[order[k], 0], cells[order[k], 1]
        if k:
            put_byte(out, o, COMMA)
            o += 1
        o = copy_bytes(keys, key_ends[k], key_ends[k + 1], out, o)
        if note[ON]:
            note_key(keys, key_ends[k] + 1, key_ends[k + 1] - 2, False, signs, note)
            note_leaf(TEXT, text, begin, end, signs, leaves, note)
            first = byte_at(text, begin)
            if end > begin and (first == 0x7B or first == 0x5B):
                note[ON] = 0  # what a cell holds as text is for who reads rows
        o = write_text(text, begin, end, out, o)
        if o < 0:
            return o
    put_byte(out, o, 0x7D)
    note_sign(0x7D, signs, note)
    return o + 1


@kernel(
    f"int64({BYTES}, int64, int64, {BYTES}, {PLACES}, {PLACES}, {PAIRS}, {PLACES}, {BYTES}, {PLACES},"
    f" {PAIRS}, {PLACES}, Array(uint32, 1, 'C'), {BYTES}, Array(uint8, 2, 'C'),"
    f" {NOTES}, Array(int32, 1, 'C'), {PLACES}, {TABLE})",
    allocates=False,
)
def _rows(
    text: Any, end: int, sign: int, keys: Any, key_ends: Any, order: Any, cells: Any, state: Any, out: Any,
    bounds: Any, places: Any, lines: Any, words: Any, tail: Any, digests: Any, signs: Any, leaves: Any,
    note: Any, schemas: Any, leaf: Any, slots: Any, pool_ends: Any, pool: Any,
) -> Any:  # fmt: skip
    """Read rows until one is not for the kernel, or there is no room; return how many."""
    hashing = digests.shape[0] == lines.shape[0]
    noting = schemas.shape[0] == lines.shape[0]
    row, start = 0, 0
    while row < lines.shape[0] and state[AT] < end:
        at, line, spare = state[AT], state[LINES], state[SPARE]
        c = byte_at(text, at)
        if c in (_LINE_FEED, _RETURN):
            behind = _line_end(text, at, end, state)
            if behind < 0:
                break
            state[AT] = behind
            continue
        behind = _cut(text, at, end, sign, cells, state)
        size = behind - at
        fits = behind >= 0 and start + 6 * size + keys.shape[0] + _ROOM <= out.shape[0]
        first = start_notes(noting, note)
        form = _write(text, cells, keys, key_ends, order, out, start, signs, leaves, note) if fits else -1
        if form < 0:
            state[LINES] = line
            state[SPARE] = spare
            note[LEAVES] = first
            break
        if noting:
            leaf[row] = first
            schemas[row] = end_notes(first, signs, note, slots, pool_ends, pool)
        if hashing:
            put_digest(out, form, words, tail, digests, row)
        else:
            bounds[row] = start
            start = form
        places[row, 0] = at
        places[row, 1] = behind
        lines[row] = line
        state[AT] = behind
        row += 1
    bounds[row] = start
    return row


@dataclass(frozen=True, slots=True)
class CellRun:
    """Rows that the kernel read."""

    digests: NDArray[np.uint8]
    """(rows, 32)."""
    places: NDArray[np.int64]
    """Where each row begins and ends in the text."""
    lines: NDArray[np.int64]
    """How many lines of the text come before each."""
    notes: Notes


class CellText:
    """Lines of cells, and how far they were read; each line ends in a line feed."""

    def __init__(self, lines: bytes) -> None:
        self.end = len(lines)
        self.text = np.empty(2 * (len(lines) + PAD), np.uint8)
        """The lines, and behind them room for the text of cells in which quotes are doubled."""
        self.text[: self.end] = np.frombuffer(lines, np.uint8)
        self.text[self.end : self.end + PAD] = 0
        self.state = np.array([0, 0, self.end + PAD, 0], np.int64)

    def go_to(self, place: int, lines: int) -> None:
        """Let rows be read from a place on, before which so many lines stand."""
        self.state[AT], self.state[LINES] = place, lines

    @property
    def stands(self) -> tuple[int, int]:
        """Return the place behind the rows that were read, and how many lines stand before it."""
        return int(self.state[AT]), int(self.state[LINES])


class CellRows:
    """Digests rows of cells under one header."""

    def __init__(self, names: Sequence[str], sign: str) -> None:
        order = sorted(range(len(names)), key=lambda place: key_order(names[place]))
        keys = [canonical(names[place]) + b":" for place in order]
        self._sign = ord(sign)
        self._order = np.array(order, np.int64)
        self._keys = np.frombuffer(bytearray().join([*keys, bytes(PAD)]), np.uint8)
        self._key_ends = np.cumsum([0, *map(len, keys)], dtype=np.int64)
        self._cells = np.empty((len(names), 2), np.int64)
        self._words, self._tail = np.empty(8, np.uint32), np.empty(128, np.uint8)
        self._out = np.empty(6 * _LARGEST + self._keys.size + 2 * _ROOM, np.uint8)

    def read(self, held: CellText, rows: int, schemas: RowSchemas | None) -> CellRun:
        """Read so many rows, or those before one that is not for the kernel.

        Args:
            schemas: takes the schemas of the rows; None notes nothing.
        """
        rows = max(0, min(rows, held.end - int(held.state[AT])))
        leaves = min(rows * len(self._order), held.end)
        notes = Notes.none() if schemas is None else schemas.notes(rows, leaves)
        digests, bounds = np.empty((rows if OWN_SHA256 else 0, 32), np.uint8), np.zeros(rows + 1, np.int64)
        places, lines = np.empty((rows, 2), np.int64), np.empty(rows, np.int64)
        count = _rows(
            held.text, held.end, self._sign, self._keys, self._key_ends, self._order, self._cells, held.state,
            self._out, bounds, places, lines, self._words, self._tail, digests, *notes.arrays,
        )  # fmt: skip
        if not OWN_SHA256:
            forms, ends = self._out[: bounds[count]].tobytes(), bounds[: count + 1].tolist()
            joined = b"".join(sha256(forms[a:b]).digest() for a, b in pairwise(ends))
            digests = np.frombuffer(joined, np.uint8).reshape(-1, 32)
        notes.trim()
        return CellRun(digests[:count], places[:count], lines[:count], notes)
