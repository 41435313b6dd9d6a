"""The digests of rows that stand in columns, from flat arrays: no object is made of a row.

Columns are a tree of nodes over two pools, one of bytes and one of 64-bit integers; `Columns` builds it. The
kernel writes each row's canonical JSON (`auditor.canonical`) and digests it; a row with text that is not
valid UTF-8, or with a value that has no form, is marked `LEFT` for the exact path.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.canonical import MAX_DEPTH, canonical
from auditor.jit.compile import COMPILED, RO_I64, RO_U8, kernel, part
from auditor.row_kernels.json_rows import DONE, LEFT, OWN_SHA256
from auditor.row_kernels.text import (
    BYTES,
    COMMA,
    MINUS,
    PAD,
    PAIRS,
    PLACES,
    QUOTE,
    ZERO,
    copy_beyond_ascii,
    copy_bytes,
    put_code,
)

if COMPILED:
    from auditor.jit.intrinsics import byte_at, copy_plain, put_byte, trailing_zeros
    from auditor.row_kernels.sha256 import put_digest

TEXT, RAW, INTEGER, TRUTH, OBJECT, LIST = range(6)
"""Kinds of nodes; `RAW` is text that stands in the form as it is, and has no form where it is empty."""

_KIND, _VALID, _AT, _BASE, _CHILD, _CHILDREN, _KEY, _KEY_END = range(8)
_NODE, _NEXT, _END, _INDEX, _ANY = range(5)
_FULL, _NO_FORM = -1, -2
_ROOM = 256
"""More than a scalar and the ends of all that is open take."""
_RO_PAIRS = "Array(int64, 2, 'C', True)"


@part
def _text(text: Any, at: int, end: int, out: Any, o: int) -> int:
    """Write text as a string of JSON; return the place after it, or -2 where it is not valid UTF-8."""
    put_byte(out, o, QUOTE)
    o += 1
    while at < end:
        signs = copy_plain(text, at, out, o)
        step = trailing_zeros(signs) if signs else 32
        step = min(step, end - at)
        at += step
        o += step
        if step == 32 or at == end:
            continue
        c = byte_at(text, at)
        if c < 0x80:
            o = put_code(out, o, c)
            at += 1
            continue
        size = copy_beyond_ascii(text, at, end, out, o)
        if size < 0:
            return _NO_FORM
        at += size
        o += size
    put_byte(out, o, QUOTE)
    return o + 1


@part
def _integer(value: int, out: Any, o: int) -> int:
    """Write an integer in decimal; return the place after it."""
    rest = np.uint64(value)
    if value < 0:
        put_byte(out, o, MINUS)
        o += 1
        rest = np.uint64(0) - rest
    size, above = 1, rest // np.uint64(10)
    while above:
        size += 1
        above //= np.uint64(10)
    for k in range(size - 1, -1, -1):
        above = rest // np.uint64(10)
        put_byte(out, o + k, ZERO + np.int64(rest - above * np.uint64(10)))
        rest = above
    return o + size


@part
def _needs(nodes: Any, node: int, index: int, numbers: Any) -> Any:
    """Return more bytes than a scalar can take in a form."""
    kind = nodes[node, _KIND]
    if kind != TEXT and kind != RAW:
        return _ROOM
    at = nodes[node, _AT] + index
    return 6 * (numbers[at + 1] - numbers[at]) + _ROOM


@part
def _scalar(nodes: Any, node: int, index: int, text: Any, numbers: Any, out: Any, o: int) -> Any:
    """Write a value that holds no other; return the place after it, or -2 where it has no form."""
    kind, at = nodes[node, _KIND], nodes[node, _AT] + index
    if kind == INTEGER:
        return _integer(numbers[at], out, o)
    if kind == TRUTH:
        word = (0x74, 0x72, 0x75, 0x65, 0) if byte_at(text, at) else (0x66, 0x61, 0x6C, 0x73, 0x65)
        for k in range(5):
            put_byte(out, o + k, word[k])
        return o + 4 + (word[4] != 0)
    base = nodes[node, _BASE]
    begin, end = base + numbers[at], base + numbers[at + 1]
    if kind == TEXT:
        return _text(text, begin, end, out, o)
    return copy_bytes(text, begin, end, out, o) if end > begin else _NO_FORM


@part
def _push(nodes: Any, node: int, index: int, numbers: Any, stack: Any, depth: int) -> None:
    """Begin an object or a list: what is written next of it, and where it ends."""
    stack[depth, _NODE] = node
    stack[depth, _INDEX] = index
    stack[depth, _ANY] = 0
    if nodes[node, _KIND] == OBJECT:
        stack[depth, _NEXT] = 0
        stack[depth, _END] = nodes[node, _CHILDREN]
    else:
        at = nodes[node, _AT] + index
        stack[depth, _NEXT] = numbers[at]
        stack[depth, _END] = numbers[at + 1]


@part
def _row(nodes: Any, text: Any, numbers: Any, row: int, out: Any, o: int, stack: Any) -> int:
    """Write one row; return the place after its form, or `_FULL`, or `_NO_FORM`."""
    if o + _ROOM > out.shape[0]:
        return _FULL
    _push(nodes, 0, row, numbers, stack, 0)
    put_byte(out, o, 0x7B)
    o += 1
    depth = 1
    while depth:
        top = depth - 1
        node, place = stack[top, _NODE], stack[top, _NEXT]
        named = nodes[node, _KIND] == OBJECT
        if place == stack[top, _END]:
            put_byte(out, o, 0x7D if named else 0x5D)
            o += 1
            depth -= 1
            continue
        stack[top, _NEXT] = place + 1
        child = nodes[node, _CHILD] + (place if named else 0)
        index = stack[top, _INDEX] if named else place
        valid = nodes[child, _VALID]
        null = valid >= 0 and byte_at(text, valid + index) == 0
        if null and named:
            continue
        key, key_end = nodes[child, _KEY], nodes[child, _KEY_END]
        if o + key_end - key + _needs(nodes, child, index, numbers) > out.shape[0]:
            return _FULL
        if stack[top, _ANY]:
            put_byte(out, o, COMMA)
            o += 1
        stack[top, _ANY] = 1
        if named:
            o = copy_bytes(text, key, key_end, out, o)
        if null:
            for k in range(4):
                put_byte(out, o + k, (0x6E, 0x75, 0x6C, 0x6C)[k])
            o += 4
        elif nodes[child, _KIND] >= OBJECT:
            put_byte(out, o, 0x7B if nodes[child, _KIND] == OBJECT else 0x5B)
            o += 1
            if depth == stack.shape[0]:
                return _NO_FORM
            _push(nodes, child, index, numbers, stack, depth)
            depth += 1
        else:
            o = _scalar(nodes, child, index, text, numbers, out, o)
            if o < 0:
                return _NO_FORM
    return o


@kernel(
    f"int64({_RO_PAIRS}, {RO_U8}, {RO_I64}, int64, {BYTES}, {PLACES}, {BYTES}, {PAIRS},"
    f" Array(uint32, 1, 'C'), {BYTES}, Array(uint8, 2, 'C'))",
    allocates=False,
)
def _rows(
    nodes: Any, text: Any, numbers: Any, first: int, out: Any, bounds: Any, states: Any, stack: Any,
    words: Any, tail: Any, digests: Any,
) -> Any:  # fmt: skip
    """Write the rows from `first` on, until there is no room; return the row that has none.

    Where `digests` has a place for each row, each is digested at once and its form written over by the next.
    """
    hashing = digests.shape[0] == states.shape[0]
    start = 0
    for row in range(first, states.shape[0]):
        bounds[row] = start
        end = _row(nodes, text, numbers, row, out, start, stack)
        if end == _FULL:
            return row
        states[row] = LEFT if end < 0 else DONE
        if hashing and end >= 0:
            put_digest(out, end, words, tail, digests, row)
        elif end >= 0:
            start = end
        bounds[row + 1] = start
    return states.shape[0]


class Columns:
    """A table of rows as nodes over two pools, as it is built; the root is an object without a key."""

    def __init__(self) -> None:
        self._nodes: list[list[int]] = []
        self._bytes: list[bytes | memoryview] = []
        self._numbers: list[NDArray[np.int64]] = []
        self._size = 0
        self._count = 0

    def reserve(self, nodes: int) -> int:
        """Make room for nodes that stand side by side, as children must; return the first."""
        first = len(self._nodes)
        self._nodes += [[0, -1, 0, 0, 0, 0, 0, 0] for _ in range(nodes)]
        return first

    def set(
        self, node: int, kind: int, *, key: str | None = None, valid: NDArray[np.bool_] | None = None
    ) -> None:
        """Say what a node is: its kind, the key it stands under, and which of its values are not null."""
        entry = self._nodes[node]
        entry[_KIND] = kind
        if valid is not None:
            entry[_VALID] = self._add_bytes(valid.tobytes())
        if key is not None:
            text = canonical(key) + b":"
            entry[_KEY] = self._add_bytes(text)
            entry[_KEY_END] = entry[_KEY] + len(text)

    def set_text(self, node: int, offsets: NDArray[np.int64], text: bytes | memoryview) -> None:
        """Give a node of text its values: where each begins in `text`, and where the last ends."""
        self._nodes[node][_AT] = self._add_numbers(offsets)
        self._nodes[node][_BASE] = self._add_bytes(text)

    def set_integers(self, node: int, values: NDArray[np.int64]) -> None:
        """Give a node its integers."""
        self._nodes[node][_AT] = self._add_numbers(values)

    def set_truths(self, node: int, values: NDArray[np.bool_]) -> None:
        """Give a node its truth values."""
        self._nodes[node][_AT] = self._add_bytes(values.tobytes())

    def set_children(self, node: int, first: int, count: int) -> None:
        """Give an object its members, in the order of their keys (`key_order`), or a list its one child."""
        self._nodes[node][_CHILD] = first
        self._nodes[node][_CHILDREN] = count

    def set_list(self, node: int, offsets: NDArray[np.int64], child: int) -> None:
        """Give a list where each of its values begins among the child's, and where the last ends."""
        self._nodes[node][_AT] = self._add_numbers(offsets)
        self.set_children(node, child, 1)

    def digests(self, rows: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return the digests of the rows (rows, 32), and of each `DONE` or `LEFT` (then it has none)."""
        nodes = np.array(self._nodes, np.int64)
        nodes.flags.writeable = False
        text = np.frombuffer(b"".join([*self._bytes, bytes(PAD)]), np.uint8)
        numbers = np.concatenate([*self._numbers, np.zeros(1, np.int64)])
        numbers.flags.writeable = False
        return _digests(nodes, text, numbers, rows)

    def _add_bytes(self, added: bytes | memoryview) -> int:
        at = self._size
        self._bytes.append(added)
        self._size += len(added)
        return at

    def _add_numbers(self, added: NDArray[np.int64]) -> int:
        at = self._count
        self._numbers.append(added)
        self._count += added.size
        return at


def digests_of_texts(names: Sequence[str], rows: Sequence[Sequence[str]]) -> NDArray[np.uint8]:
    """Return the digests (rows, 32) of rows of text, each with one value under each name.

    Raises:
        UnicodeEncodeError: a value holds a lone surrogate.
    """
    columns = Columns()
    columns.reserve(1)
    columns.set(0, OBJECT)
    first = columns.reserve(len(names))
    columns.set_children(0, first, len(names))
    for node, place in enumerate(sorted(range(len(names)), key=lambda k: key_order(names[k])), first):
        values = [row[place].encode() for row in rows]
        ends = np.cumsum(np.fromiter(map(len, values), np.int64, len(values)))
        columns.set(node, TEXT, key=names[place])
        columns.set_text(node, np.concatenate([np.zeros(1, np.int64), ends]), b"".join(values))
    return columns.digests(len(rows))[0]


def key_order(key: str) -> bytes:
    """Return what sorts keys as canonical JSON does: their UTF-16 code units (RFC 8785, section 3.2.3)."""
    return key.encode("utf-16-be", "surrogatepass")


def _digests(
    nodes: NDArray[np.int64], text: NDArray[np.uint8], numbers: NDArray[np.int64], rows: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    out = np.empty(1 << 16, np.uint8)
    digests, states = np.zeros((rows, 32), np.uint8), np.zeros(rows, np.uint8)
    bounds, stack = np.zeros(rows + 1, np.int64), np.empty((MAX_DEPTH, 5), np.int64)
    words, tail = np.empty(8, np.uint32), np.empty(128, np.uint8)
    wanted = digests if OWN_SHA256 else np.empty((rows + 1, 32), np.uint8)
    at = 0
    while at < rows:
        first, at = at, _rows(nodes, text, numbers, at, out, bounds, states, stack, words, tail, wanted)
        if not OWN_SHA256:
            forms, places = out.tobytes(), bounds[first : at + 1].tolist()
            joined = b"".join(sha256(forms[a:b]).digest() for a, b in pairwise(places))
            digests[first:at] = np.frombuffer(joined, np.uint8).reshape(-1, 32)
        if at == first:
            out = np.empty(2 * out.size, np.uint8)
    return digests, states
