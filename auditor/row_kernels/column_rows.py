"""The digests of rows that stand in columns, from flat arrays: no object is made of a row.

Columns are a tree of nodes over two pools, one of bytes and one of 64-bit integers (`row_kernels.columns`).
The kernel writes each row's canonical JSON (`auditor.canonical`) and digests it; a row with text that is not
valid UTF-8, or with a value that has no form, is marked `LEFT` for the exact path.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from auditor.jit.compile import COMPILED, RO_I64, RO_U8, kernel, part
from auditor.row_kernels.byte_table import TABLE
from auditor.row_kernels.json_rows import DONE, LEFT
from auditor.row_kernels.row_schemas import (
    DOUBLE,
    LEAVES,
    NOTES,
    NULL,
    ON,
    WRITTEN,
    end_notes,
    note_key,
    note_leaf,
    note_sign,
    start_notes,
)
from auditor.row_kernels.row_schemas import INTEGER as WHOLE
from auditor.row_kernels.row_schemas import TEXT as SAID
from auditor.row_kernels.row_schemas import TRUTH as TRUE
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

INTEGERS, DOUBLES, OTHERS = range(3)
"""What the text of a `RAW` node is: integers, doubles, or values of types that JSON lacks."""
MEMBERS = 9
KIND, VALID, AT, BASE, CHILD, CHILDREN, KEY, KEY_END, HOLDS = range(MEMBERS)
"""What is known of a node."""
NODE, NEXT, END, INDEX, ANY = range(5)
"""What is known of an object or list that is open."""
_FULL, _NO_FORM = -1, -2
_ROOM = 256
"""More than a scalar and the ends of all that is open take."""
_RO_PAIRS = "Array(int64, 2, 'C', True)"


@part
def write_text(text: Any, at: int, end: int, out: Any, o: int) -> int:
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
    kind = nodes[node, KIND]
    if kind != TEXT and kind != RAW:
        return _ROOM
    at = nodes[node, AT] + index
    return 6 * (numbers[at + 1] - numbers[at]) + _ROOM


@part
def _scalar(nodes: Any, node: int, index: int, text: Any, numbers: Any, out: Any, o: int) -> Any:
    """Write a value that holds no other; return the place after it, or -2 where it has no form."""
    kind, at = nodes[node, KIND], nodes[node, AT] + index
    if kind == INTEGER:
        return _integer(numbers[at], out, o)
    if kind == TRUTH:
        word = (0x74, 0x72, 0x75, 0x65, 0) if byte_at(text, at) else (0x66, 0x61, 0x6C, 0x73, 0x65)
        for k in range(5):
            put_byte(out, o + k, word[k])
        return o + 4 + (word[4] != 0)
    base = nodes[node, BASE]
    begin, end = base + numbers[at], base + numbers[at + 1]
    if kind == TEXT:
        return write_text(text, begin, end, out, o)
    return copy_bytes(text, begin, end, out, o) if end > begin else _NO_FORM


@part
def _push(nodes: Any, node: int, index: int, numbers: Any, stack: Any, depth: int) -> None:
    """Begin an object or a list: what is written next of it, and where it ends."""
    stack[depth, NODE] = node
    stack[depth, INDEX] = index
    stack[depth, ANY] = 0
    if nodes[node, KIND] == OBJECT:
        stack[depth, NEXT] = 0
        stack[depth, END] = nodes[node, CHILDREN]
    else:
        at = nodes[node, AT] + index
        stack[depth, NEXT] = numbers[at]
        stack[depth, END] = numbers[at + 1]


@part
def _note_name(nodes: Any, text: Any, child: int, stack: Any, top: int, signs: Any, note: Any) -> None:
    """Note the name that a member stands under."""
    listed = top > 0 and nodes[stack[top - 1, NODE], KIND] == LIST
    note_key(text, nodes[child, KEY] + 1, nodes[child, KEY_END] - 2, listed, signs, note)


@part
def _note_value(
    nodes: Any, node: int, index: int, null: bool, text: Any, numbers: Any, written: Any, signs: Any,
    leaves: Any, note: Any,
) -> None:  # fmt: skip
    """Note a value that holds no other, or a null; numbers and truth values are written behind the text."""
    kind, at = nodes[node, KIND], nodes[node, AT] + index
    begin, end, sign = 0, 0, NULL
    if not null and kind <= RAW:
        begin, end = nodes[node, BASE] + numbers[at], nodes[node, BASE] + numbers[at + 1]
        sign = SAID if kind == TEXT else DOUBLE if nodes[node, HOLDS] == DOUBLES else WHOLE
        if kind == RAW and nodes[node, HOLDS] == OTHERS:
            note[ON] = 0
    elif not null:
        sign = WHOLE if kind == INTEGER else TRUE
        begin = note[WRITTEN]
        if begin + PAD > text.shape[0]:
            note[ON] = 0
            return
        end = begin + 1
        if kind == INTEGER:
            end = _integer(numbers[at], written, begin)
        else:
            put_byte(written, begin, ZERO + (byte_at(text, at) != 0))
        note[WRITTEN] = end
    note_leaf(sign, text, begin, end, signs, leaves, note)


@part
def _put_null(out: Any, o: int) -> int:
    """Write a null; return the place after it."""
    for k in range(4):
        put_byte(out, o + k, (0x6E, 0x75, 0x6C, 0x6C)[k])
    return o + 4


@part
def _row(
    nodes: Any, text: Any, numbers: Any, row: int, out: Any, o: int, stack: Any, written: Any, signs: Any,
    leaves: Any, note: Any,
) -> int:  # fmt: skip
    """Write one row; return the place after its form, or `_FULL`, or `_NO_FORM`."""
    if o + _ROOM > out.shape[0]:
        return _FULL
    _push(nodes, 0, row, numbers, stack, 0)
    put_byte(out, o, 0x7B)
    note_sign(0x7B, signs, note)
    o += 1
    depth = 1
    while depth:
        top = depth - 1
        node, place = stack[top, NODE], stack[top, NEXT]
        named = nodes[node, KIND] == OBJECT
        if place == stack[top, END]:
            put_byte(out, o, 0x7D if named else 0x5D)
            note_sign(0x7D if named else 0x5D, signs, note)
            o += 1
            depth -= 1
            continue
        stack[top, NEXT] = place + 1
        child = nodes[node, CHILD] + (place if named else 0)
        index = stack[top, INDEX] if named else place
        valid = nodes[child, VALID]
        null = valid >= 0 and byte_at(text, valid + index) == 0
        nested = not null and nodes[child, KIND] >= OBJECT
        if note[ON] and named:
            _note_name(nodes, text, child, stack, top, signs, note)
        if note[ON] and nested:
            note_sign(0x7B if nodes[child, KIND] == OBJECT else 0x5B, signs, note)
        elif note[ON]:
            _note_value(nodes, child, index, null, text, numbers, written, signs, leaves, note)
        if null and named:
            continue
        key, key_end = nodes[child, KEY], nodes[child, KEY_END]
        if o + key_end - key + _needs(nodes, child, index, numbers) > out.shape[0]:
            return _FULL
        if stack[top, ANY]:
            put_byte(out, o, COMMA)
            o += 1
        stack[top, ANY] = 1
        if named:
            o = copy_bytes(text, key, key_end, out, o)
        if null:
            o = _put_null(out, o)
        elif nested:
            put_byte(out, o, 0x7B if nodes[child, KIND] == OBJECT else 0x5B)
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
    f" Array(uint32, 1, 'C'), {BYTES}, Array(uint8, 2, 'C'), {BYTES}, {NOTES}, Array(int32, 1, 'C'),"
    f" {PLACES}, {TABLE})",
    allocates=False,
)
def write_rows(
    nodes: Any, text: Any, numbers: Any, first: int, out: Any, bounds: Any, states: Any, stack: Any,
    words: Any, tail: Any, digests: Any, written: Any, signs: Any, leaves: Any, note: Any, schemas: Any,
    leaf: Any, slots: Any, pool_ends: Any, pool: Any,
) -> Any:  # fmt: skip
    """Write the rows from `first` on, until there is no room; return the row that has none.

    Where `digests` has a place for each row, each is digested at once and its form written over by the next.
    Where `schemas` has one, its schema is numbered.

    Args:
        written: the text again, to write behind it.
        leaf: takes the place of each row's first value.
    """
    hashing = digests.shape[0] == states.shape[0]
    noting = schemas.shape[0] == states.shape[0]
    start = 0
    for row in range(first, states.shape[0]):
        bounds[row] = start
        begin = start_notes(noting, note)
        end = _row(nodes, text, numbers, row, out, start, stack, written, signs, leaves, note)
        if end == _FULL:
            note[LEAVES] = begin
            return row
        states[row] = LEFT if end < 0 else DONE
        if noting:
            note[ON] &= end >= 0
            leaf[row] = begin
            schemas[row] = end_notes(begin, signs, note, slots, pool_ends, pool)
        if hashing and end >= 0:
            put_digest(out, end, words, tail, digests, row)
        elif end >= 0:
            start = end
        bounds[row + 1] = start
    return states.shape[0]
