"""The digests of JSON rows from their bytes alone: no object is made of a row.

The kernel writes what `canonical.parse_canonical` writes, or leaves a row to it: whatever needs more than a
look at its bytes (a key twice, keys with escapes or beyond U+DFFF, integers of more than 18 digits, numbers
with a power, malformed text) is marked `LEFT`. Doubles of more than 15 digits are listed, so that the exact
path can confirm that their text is the shortest one.
"""

from __future__ import annotations

import threading
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from auditor.canonical import MAX_DEPTH, number
from auditor.jit.compile import COMPILED, RO_I64, RO_U8, kernel, part
from auditor.row_kernels.byte_table import TABLE
from auditor.row_kernels.json_objects import (
    DEPTH,
    KEY,
    KEY_END,
    LIST,
    LISTED,
    MEMBERS,
    MOST_MEMBERS,
    PLACE,
    after_value,
    open_nested,
)
from auditor.row_kernels.json_text import LONGEST, put_number, put_string, skip
from auditor.row_kernels.row_schemas import (
    DOUBLE,
    INTEGER,
    NOTES,
    NULL,
    ON,
    TEXT,
    TRUTH,
    Notes,
    end_notes,
    note_key,
    note_leaf,
    note_open,
    note_sign,
    start_notes,
)
from auditor.row_kernels.text import BYTES, COMMA, MINUS, PAD, PAIRS, PLACES, POINT, QUOTE, copy_bytes

if COMPILED:
    from auditor.jit.intrinsics import byte_at, put_byte
    from auditor.row_kernels.sha256 import available, put_digest

OWN_SHA256 = COMPILED and available()
DONE: Final = 0
LEFT: Final = 1


@part
def _word(text: Any, at: int, end: int, out: Any, state: Any) -> int:
    """Write true, false or null; return the place after it, or -1."""
    c = byte_at(text, at)
    size = 5 if c == 0x66 else 4
    if at + size > end:
        return -1
    word = 0
    for k in range(4):
        word = word << 8 | byte_at(text, at + k)
    known = word == 0x74727565 or word == 0x6E756C6C
    if not known and (word != 0x66616C73 or byte_at(text, at + 4) != 0x65):
        return -1
    state[PLACE] = copy_bytes(text, at, at + size, out, state[PLACE])
    return at + size


@part
def _scalar(text: Any, at: int, end: int, out: Any, state: Any, doubles: Any) -> Any:
    """Write a string, a number or a word; return the place after it, or -1."""
    c = byte_at(text, at)
    if c == QUOTE:
        at, state[PLACE] = put_string(text, at, end, out, state[PLACE])
        return at
    if c != MINUS and (c < 48 or c > 57):
        return _word(text, at, end, out, state)
    begin = at
    at, o = put_number(text, at, end, out, state[PLACE])
    if o < 0:
        o = -o
        listed = copy_bytes(text, begin, at, doubles, state[LIST])
        put_byte(doubles, listed, COMMA)
        state[LIST] = listed + 1
        state[LISTED] += 1
    state[PLACE] = o
    return at


@part
def _note_name(text: Any, stack: Any, state: Any, signs: Any, note: Any) -> None:
    """Note the name that the next value stands under, where it is a member."""
    depth = state[DEPTH]
    if depth and stack[depth - 1, 1] >= 0:
        listed = depth > 1 and stack[depth - 2, 1] < 0
        note_key(text, state[KEY], state[KEY_END], listed, signs, note)


@part
def _note_scalar(text: Any, begin: int, end: int, signs: Any, leaves: Any, note: Any) -> None:
    """Note a value that holds no other."""
    c = byte_at(text, begin)
    kind = INTEGER
    if c == QUOTE:
        kind = TEXT
        begin += 1
        end -= 1
    elif c == 0x6E:
        kind = NULL
    elif c == 0x74 or c == 0x66:
        kind = TRUTH
    else:
        for k in range(begin, end):
            if byte_at(text, k) == POINT:
                kind = DOUBLE
    note_leaf(kind, text, begin, end, signs, leaves, note)


@part
def _row(
    text: Any, at: int, end: int, out: Any, members: Any, stack: Any, scratch: Any, state: Any, doubles: Any,
    signs: Any, leaves: Any, note: Any,
) -> int:  # fmt: skip
    """Write one row; return the length of its form, or -1."""
    state[DEPTH] = 0
    state[MEMBERS] = 0
    at = skip(text, at, end)
    if at >= end or byte_at(text, at) != 0x7B:
        return -1
    while 0 <= at < end:
        c = byte_at(text, at)
        null, ended, begin = c == 0x6E, 1, at
        if note[ON]:
            _note_name(text, stack, state, signs, note)
        if c == 0x7B or c == 0x5B:
            at, ended = open_nested(text, at, end, out, members, stack, state)
            if note[ON]:
                note_open(c, ended, signs, note)
        else:
            at = _scalar(text, at, end, out, state, doubles)
            if note[ON] and at >= 0:
                _note_scalar(text, begin, at, signs, leaves, note)
        while ended and at >= 0:
            if state[DEPTH] == 0:
                return state[PLACE] if skip(text, at, end) == end else -1
            at, ended = after_value(text, at, end, out, members, stack, scratch, state, null)
            null = False
            if ended and note[ON]:
                note_sign(byte_at(text, at - 1), signs, note)
    return -1


@kernel(
    f"void({RO_U8}, {RO_I64}, {RO_I64}, {BYTES}, {PLACES}, {BYTES}, {PAIRS}, {PAIRS}, {BYTES}, {BYTES},"
    f" {PLACES}, {PLACES}, Array(uint32, 1, 'C'), {BYTES}, Array(uint8, 2, 'C'),"
    f" {NOTES}, Array(int32, 1, 'C'), {PLACES}, {TABLE})",
    allocates=False,
)
def _rows(
    text: Any, starts: Any, ends: Any, out: Any, bounds: Any, states: Any, members: Any, stack: Any,
    scratch: Any, doubles: Any, doubles_rows: Any, state: Any, words: Any, tail: Any, digests: Any,
    signs: Any, leaves: Any, note: Any, schemas: Any, first: Any, slots: Any, pool_ends: Any, pool: Any,
) -> None:  # fmt: skip
    """Write many rows.

    Where `digests` has a place for each row, each is digested at once and its form written over by the next.
    Where `schemas` has one, its schema is numbered.
    """
    hashing = digests.shape[0] == starts.shape[0]
    noting = schemas.shape[0] == starts.shape[0]
    start = 0
    state[LISTED] = 0
    state[LIST] = 0
    for row in range(starts.shape[0]):
        bounds[row] = start
        listed, list_end = state[LISTED], state[LIST]
        state[PLACE] = start
        leaf = start_notes(noting, note)
        end = _row(
            text, starts[row], ends[row], out, members, stack, scratch, state, doubles, signs, leaves, note
        )
        states[row] = LEFT if end < 0 else DONE
        if noting:
            note[ON] &= end >= 0
            first[row] = leaf
            schemas[row] = end_notes(leaf, signs, note, slots, pool_ends, pool)
        if end < 0:
            state[LISTED], state[LIST] = listed, list_end
            continue
        for k in range(listed, state[LISTED]):
            doubles_rows[k] = row
        if hashing:
            put_digest(out, end, words, tail, digests, row)
        else:
            start = end
    bounds[starts.shape[0]] = start


_OF_THREAD = threading.local()


class RowDigests:
    """Digests many rows of JSON text at once; its buffers are kept from block to block."""

    def __init__(self) -> None:
        self._members = np.empty((MOST_MEMBERS, 4), np.int64)
        self._stack = np.empty((MAX_DEPTH, 2), np.int64)
        self._state = np.zeros(7, np.int64)
        self._words, self._tail = np.empty(8, np.uint32), np.empty(128, np.uint8)
        self._make_room(0)

    @staticmethod
    def shared() -> RowDigests:
        """Return the one of this thread."""
        held: RowDigests | None = getattr(_OF_THREAD, "digests", None)
        if held is None:
            held = _OF_THREAD.digests = RowDigests()
        return held

    def of_rows(
        self,
        text: NDArray[np.uint8],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        notes: Notes | None = None,
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return the digests of the rows that stand at `starts` to `ends` of a text, `PAD` bytes behind it.

        Args:
            notes: take the schemas of the rows and where their values stand.

        Returns:
            an array (rows, 32) of digests, and of each row `DONE` or `LEFT`; a row that is left has none.
        """
        if self._out.size < text.size + 2 * PAD:
            self._make_room(text.size + (text.size >> 2))
        digests = np.empty((starts.size, 32), np.uint8)
        bounds = np.empty(starts.size + 1, np.int64)
        states = np.empty(starts.size, np.uint8)
        _rows(
            text, starts, ends, self._out, bounds, states, self._members, self._stack, self._scratch,
            self._doubles, self._doubles_rows, self._state, self._words, self._tail,
            digests if OWN_SHA256 else digests[:0], *(notes or Notes.none()).arrays,
        )  # fmt: skip
        if notes is not None:
            notes.trim()
        if not OWN_SHA256:
            forms, places = self._out.tobytes(), bounds.tolist()
            joined = b"".join(sha256(forms[a:b]).digest() for a, b in pairwise(places))
            digests = np.frombuffer(joined, np.uint8).reshape(-1, 32)
        self._confirm(states)
        return digests, states

    def _make_room(self, size: int) -> None:
        room = size + 2 * PAD
        self._out, self._scratch = np.empty(room, np.uint8), np.empty(room, np.uint8)
        self._doubles = np.empty(room, np.uint8)
        self._doubles_rows = np.empty(room // LONGEST + 1, np.int64)

    def _confirm(self, states: NDArray[np.uint8]) -> None:
        """Leave the rows in which a double of many digits is not written as the shortest text of it."""
        said = self._doubles[: max(0, int(self._state[LIST]) - 1)].tobytes()
        shortest = orjson.dumps(orjson.loads(b"[%b]" % said))[1:-1]
        if said == shortest:
            return
        rows = self._doubles_rows[: int(self._state[LISTED])].tolist()
        for row, mine, other in zip(rows, said.split(b","), shortest.split(b","), strict=True):
            # orjson writes small numbers with a power sooner than ECMAScript does.
            if mine != other and number(float(mine)).encode() != mine:
                states[row] = LEFT
