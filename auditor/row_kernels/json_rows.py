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
from auditor.row_kernels.text import (
    BYTES,
    COLON,
    COMMA,
    MINUS,
    PAD,
    PAIRS,
    PLACES,
    POINT,
    QUOTE,
    SLASH,
    ZERO,
    copy_beyond_ascii,
    copy_bytes,
    put_code,
)

if COMPILED:
    from auditor.jit.intrinsics import byte_at, copy_plain, put_byte, trailing_zeros
    from auditor.row_kernels.sha256 import available, put_digest

OWN_SHA256 = COMPILED and available()
DONE: Final = 0
LEFT: Final = 1

_MOST_MEMBERS = 4096
"""Members of all open objects together; a row with more is left."""
_MOST_OF_ONE = 256
"""Members of one object: more are left, since they are sorted by insertion."""
_LONGEST = 15
"""Every decimal of so many digits is the shortest text of its double."""
_INT_DIGITS = 18
_FRACTION = 20

_O, _DEPTH, _MEMBERS, _LISTED, _LIST = range(5)
"""Where a row's writing stands: place in the form, open objects and lists, their members, and how many
doubles are listed, in so many bytes."""


@part
def _hex4(text: Any, at: int, end: int) -> int:
    """Read four hexadecimal digits; -1 where they are none."""
    if at + 4 > end:
        return -1
    value = 0
    for k in range(4):
        c = byte_at(text, at + k)
        lower = c | 0x20
        if 48 <= c <= 57:
            value = value * 16 + c - 48
        elif 97 <= lower <= 102:
            value = value * 16 + lower - 87
        else:
            return -1
    return value


@part
def _escape(text: Any, at: int, end: int, out: Any, o: int) -> tuple[int, int]:
    """Write the escape whose backslash stands at `at`; return both places after it, or (-1, 0)."""
    c = byte_at(text, at + 1)
    if c in (QUOTE, SLASH) or c == 0x6E or c == 0x74 or c == 0x72 or c == 0x62 or c == 0x66:
        put_byte(out, o, SLASH)
        put_byte(out, o + 1, c)
        return at + 2, o + 2
    if c == 0x2F:
        put_byte(out, o, c)
        return at + 2, o + 1
    if c != 0x75:
        return -1, 0
    code = _hex4(text, at + 2, end)
    at += 6
    if 0xD800 <= code < 0xE000:
        if code >= 0xDC00 or at + 6 > end or byte_at(text, at) != SLASH or byte_at(text, at + 1) != 0x75:
            return -1, 0
        low = _hex4(text, at + 2, end)
        if low < 0xDC00 or low > 0xDFFF:
            return -1, 0
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        at += 6
    if code < 0:
        return -1, 0
    return at, put_code(out, o, code)


@part
def _string(text: Any, at: int, end: int, out: Any, o: int) -> tuple[int, int]:
    """Copy the string whose quote stands at `at`; return both places after its last quote, or (-1, 0).

    A block is copied at a time, and the places moved on only by those bytes that stand for themselves.
    """
    put_byte(out, o, QUOTE)
    at += 1
    o += 1
    while at < end:
        signs = copy_plain(text, at, out, o)
        if signs == 0:
            at += 32
            o += 32
            continue
        step = trailing_zeros(signs)
        at += step
        o += step
        if at >= end:
            break
        c = byte_at(text, at)
        if c == QUOTE:
            return at + 1, o + 1
        if c == SLASH:
            at, o = _escape(text, at, end, out, o)
            if at < 0:
                break
        elif c >= 0x80:
            size = copy_beyond_ascii(text, at, end, out, o)
            if size < 0:
                break
            at += size
            o += size
        else:
            break
    return -1, 0


@part
def _digits(text: Any, at: int, end: int, out: Any, o: int, most: int) -> int:
    """Copy decimal digits; return how many, or -1 where there are more than `most` or none."""
    size = 0
    while at + size < end:
        c = byte_at(text, at + size)
        if c < 48 or c > 57:
            break
        if size == most:
            return -1
        put_byte(out, o + size, c)
        size += 1
    return size if size else -1


@part
def _fraction(text: Any, at: int, end: int, out: Any, whole: int, o: int) -> tuple[int, int]:
    """Write a fraction whose point stands at `at`, after the digits from `whole`; as `_number` returns."""
    point = o
    put_byte(out, o, POINT)
    size = _digits(text, at + 1, end, out, o + 1, _FRACTION)
    if size < 0 or (byte_at(text, at + 1 + size) | 0x20) == 0x65:
        return -1, 0
    last, first = -1, -1
    for k in range(size):
        if byte_at(out, point + 1 + k) != ZERO:
            last = k
            if first < 0:
                first = k
    beyond = byte_at(out, whole) != ZERO
    if not beyond and (first < 0 or first > 5):
        return -1, 0  # zero with a sign or not, or so small that it is written with a power
    digits = point - whole + size if beyond else size - first
    o = point + 2 + last if last >= 0 else point
    return at + 1 + size, o if digits <= _LONGEST else -o


@part
def _number(text: Any, at: int, end: int, out: Any, o: int) -> Any:
    """Write the number at `at`; return both places after it, (-1, 0) where it is left.

    A double of more digits than `_LONGEST` is taken as it stands, and its place returned as negative.
    """
    whole = o
    if byte_at(text, at) == MINUS:
        put_byte(out, o, MINUS)
        at += 1
        whole += 1
    size = _digits(text, at, end, out, whole, _INT_DIGITS)
    zero = byte_at(out, whole) == ZERO
    if size < 0 or (zero and size > 1):
        return -1, 0
    at += size
    c = byte_at(text, at) if at < end else COMMA
    if c == POINT:
        return _fraction(text, at, end, out, whole, whole + size)
    if (c | 0x20) == 0x65 or (zero and whole > o):
        return -1, 0
    return at, whole + size


@part
def _compare(out: Any, left: int, left_end: int, right: int, right_end: int) -> Any:
    """Compare two keys by their bytes: below, equal or above zero."""
    for k in range(min(left_end - left, right_end - right)):
        difference = byte_at(out, left + k) - byte_at(out, right + k)
        if difference:
            return difference
    return (left_end - left) - (right_end - right)


@part
def _sort(out: Any, members: Any, first: int, last: int) -> int:
    """Put members in the order of their keys: 0 where they were, 1 where not, -1 where a key stands twice."""
    if last - first > _MOST_OF_ONE:
        return -1
    moved = 0
    for k in range(first + 1, last):
        key, key_end, begin, stop = members[k, 0], members[k, 1], members[k, 2], members[k, 3]
        j = k - 1
        while j >= first:
            found = _compare(out, members[j, 0], members[j, 1], key, key_end)
            if found == 0:
                return -1
            if found < 0:
                break
            for c in range(4):
                members[j + 1, c] = members[j, c]
            j -= 1
        if j + 1 < k:
            moved = 1
            members[j + 1, 0] = key
            members[j + 1, 1] = key_end
            members[j + 1, 2] = begin
            members[j + 1, 3] = stop
    return moved


@part
def _close_object(out: Any, start: int, o: int, members: Any, first: int, last: int, scratch: Any) -> Any:
    """Put the members of the object that begins at `start` in order and drop those that are null.

    Members are (key, end of key, start, end), the start negative for a null; `o` is the place after the last.
    Returns the place for the closing brace, or -1 where a key stands twice.
    """
    changed = _sort(out, members, first, last)
    if changed < 0:
        return -1
    for k in range(first, last):
        if members[k, 2] < 0:
            changed = 1
    if not changed:
        return o
    size = 0
    for k in range(first, last):
        if members[k, 2] < 0:
            continue
        if size:
            put_byte(scratch, size, COMMA)
            size += 1
        size = copy_bytes(out, members[k, 2], members[k, 3], scratch, size)
    return copy_bytes(scratch, 0, size, out, start + 1)


@part
def _skip(text: Any, at: int, end: int) -> int:
    """Return the place of the next byte that is not white space."""
    while at < end:
        c = byte_at(text, at)
        if c > 0x20 or (c != 0x20 and c != 0x0A and c != 0x0D and c != 0x09):
            break
        at += 1
    return at


@part
def _key(text: Any, at: int, end: int, out: Any, members: Any, state: Any) -> Any:
    """Write the key at `at` with its colon as a new member; return the place of its value, or -1."""
    begin, count = state[_O], state[_MEMBERS]
    if at >= end or byte_at(text, at) != QUOTE or count == members.shape[0]:
        return -1
    at, o = _string(text, at, end, out, begin)
    if at < 0:
        return -1
    for k in range(begin + 1, o - 1):
        # UTF-8 and UTF-16 order keys alike below U+E000, and an escape unlike what it stands for.
        c = byte_at(out, k)
        if c == SLASH or c >= 0xEE:
            return -1
    at = _skip(text, at, end)
    if at >= end or byte_at(text, at) != COLON:
        return -1
    members[count, 0] = begin + 1
    members[count, 1] = o - 1
    members[count, 2] = begin
    put_byte(out, o, COLON)
    state[_O] = o + 1
    state[_MEMBERS] = count + 1
    return _skip(text, at + 1, end)


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
    state[_O] = copy_bytes(text, at, at + size, out, state[_O])
    return at + size


@part
def _scalar(text: Any, at: int, end: int, out: Any, state: Any, doubles: Any) -> Any:
    """Write a string, a number or a word; return the place after it, or -1."""
    c = byte_at(text, at)
    if c == QUOTE:
        at, state[_O] = _string(text, at, end, out, state[_O])
        return at
    if c != MINUS and (c < 48 or c > 57):
        return _word(text, at, end, out, state)
    begin = at
    at, o = _number(text, at, end, out, state[_O])
    if o < 0:
        o = -o
        listed = copy_bytes(text, begin, at, doubles, state[_LIST])
        put_byte(doubles, listed, COMMA)
        state[_LIST] = listed + 1
        state[_LISTED] += 1
    state[_O] = o
    return at


@part
def _open(text: Any, at: int, end: int, out: Any, members: Any, stack: Any, state: Any) -> tuple[int, int]:
    """Begin an object or list; return the place of its first value, and 1 where it holds none.

    `stack` holds (start in the form, first member or -1 for a list) of every open object and list.
    """
    depth, o, c = state[_DEPTH], state[_O], byte_at(text, at)
    if depth == stack.shape[0]:
        return -1, 0
    put_byte(out, o, c)
    at = _skip(text, at + 1, end)
    if at < end and byte_at(text, at) == c + 2:
        put_byte(out, o + 1, c + 2)
        state[_O] = o + 2
        return at + 1, 1
    stack[depth, 0] = o
    stack[depth, 1] = state[_MEMBERS] if c == 0x7B else -1
    state[_DEPTH] = depth + 1
    state[_O] = o + 1
    return (_key(text, at, end, out, members, state) if c == 0x7B else at), 0


@part
def _after(
    text: Any, at: int, end: int, out: Any, members: Any, stack: Any, scratch: Any, state: Any, null: bool
) -> tuple[int, int]:
    """Take what stands after a value; return the place after it, and 1 where it ended an object or list."""
    at = _skip(text, at, end)
    if at >= end:
        return -1, 0
    c, depth, o = byte_at(text, at), state[_DEPTH] - 1, state[_O]
    begin, first = stack[depth, 0], stack[depth, 1]
    if first >= 0:
        members[state[_MEMBERS] - 1, 3] = o
        if null:
            members[state[_MEMBERS] - 1, 2] = -1
    if c == COMMA:
        put_byte(out, o, COMMA)
        state[_O] = o + 1
        at = _skip(text, at + 1, end)
        return (at if first < 0 else _key(text, at, end, out, members, state)), 0
    if c != (0x7D if first >= 0 else 0x5D):
        return -1, 0
    if first >= 0:
        o = _close_object(out, begin, o, members, first, state[_MEMBERS], scratch)
        if o < 0:
            return -1, 0
        state[_MEMBERS] = first
    put_byte(out, o, c)
    state[_O] = o + 1
    state[_DEPTH] = depth
    return at + 1, 1


@part
def _row(
    text: Any, at: int, end: int, out: Any, members: Any, stack: Any, scratch: Any, state: Any, doubles: Any
) -> int:
    """Write one row; return the length of its form, or -1."""
    state[_DEPTH] = 0
    state[_MEMBERS] = 0
    at = _skip(text, at, end)
    if at >= end or byte_at(text, at) != 0x7B:
        return -1
    while 0 <= at < end:
        c = byte_at(text, at)
        null, ended = c == 0x6E, 1
        if c == 0x7B or c == 0x5B:
            at, ended = _open(text, at, end, out, members, stack, state)
        else:
            at = _scalar(text, at, end, out, state, doubles)
        while ended and at >= 0:
            if state[_DEPTH] == 0:
                return state[_O] if _skip(text, at, end) == end else -1
            at, ended = _after(text, at, end, out, members, stack, scratch, state, null)
            null = False
    return -1


@kernel(
    f"void({RO_U8}, {RO_I64}, {RO_I64}, {BYTES}, {PLACES}, {BYTES}, {PAIRS}, {PAIRS}, {BYTES}, {BYTES},"
    f" {PLACES}, {PLACES}, Array(uint32, 1, 'C'), {BYTES}, Array(uint8, 2, 'C'))"
)
def _rows(
    text: Any, starts: Any, ends: Any, out: Any, bounds: Any, states: Any, members: Any, stack: Any,
    scratch: Any, doubles: Any, doubles_rows: Any, state: Any, words: Any, tail: Any, digests: Any,
) -> None:  # fmt: skip
    """Write many rows.

    Where `digests` has a place for each row, each is digested at once and its form written over by the next.
    """
    hashing = digests.shape[0] == starts.shape[0]
    start = 0
    state[_LISTED] = 0
    state[_LIST] = 0
    for row in range(starts.shape[0]):
        bounds[row] = start
        listed, list_end = state[_LISTED], state[_LIST]
        state[_O] = start
        end = _row(text, starts[row], ends[row], out, members, stack, scratch, state, doubles)
        states[row] = LEFT if end < 0 else DONE
        if end < 0:
            state[_LISTED], state[_LIST] = listed, list_end
            continue
        for k in range(listed, state[_LISTED]):
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
        self._members = np.empty((_MOST_MEMBERS, 4), np.int64)
        self._stack = np.empty((MAX_DEPTH, 2), np.int64)
        self._state = np.zeros(5, np.int64)
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
        self, text: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return the digests of the rows that stand at `starts` to `ends` of a text, `PAD` bytes behind it.

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
            digests if OWN_SHA256 else digests[:0],
        )  # fmt: skip
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
        self._doubles_rows = np.empty(room // _LONGEST + 1, np.int64)

    def _confirm(self, states: NDArray[np.uint8]) -> None:
        """Leave the rows in which a double of many digits is not written as the shortest text of it."""
        said = self._doubles[: max(0, int(self._state[_LIST]) - 1)].tobytes()
        shortest = orjson.dumps(orjson.loads(b"[%b]" % said))[1:-1]
        if said == shortest:
            return
        rows = self._doubles_rows[: int(self._state[_LISTED])].tolist()
        for row, mine, other in zip(rows, said.split(b","), shortest.split(b","), strict=True):
            # orjson writes small numbers with a power sooner than ECMAScript does.
            if mine != other and number(float(mine)).encode() != mine:
                states[row] = LEFT
