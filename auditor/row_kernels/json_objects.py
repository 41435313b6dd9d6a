"""Objects and lists of JSON text: where they begin and end, and the order of their members."""

from __future__ import annotations

from typing import Any, Final

from auditor.jit.compile import COMPILED, part
from auditor.row_kernels.json_text import put_string, skip
from auditor.row_kernels.text import COLON, COMMA, QUOTE, SLASH, copy_bytes

if COMPILED:
    from auditor.jit.intrinsics import byte_at, put_byte

MOST_MEMBERS: Final = 4096
"""Members of all open objects together; a row with more is left."""
_MOST_OF_ONE = 256
"""Members of one object: more are left, since they are sorted by insertion."""

PLACE, DEPTH, MEMBERS, LISTED, LIST, KEY, KEY_END = range(7)
"""Where a row's writing stands: place in the form, open objects and lists, their members, how many doubles
are listed, in so many bytes, and where the last name stands in the text."""


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
def put_key(text: Any, at: int, end: int, out: Any, members: Any, state: Any) -> Any:
    """Write the key at `at` with its colon as a new member; return the place of its value, or -1."""
    begin, count = state[PLACE], state[MEMBERS]
    if at >= end or byte_at(text, at) != QUOTE or count == members.shape[0]:
        return -1
    state[KEY] = at + 1
    at, o = put_string(text, at, end, out, begin)
    if at < 0:
        return -1
    state[KEY_END] = at - 1
    for k in range(begin + 1, o - 1):
        # UTF-8 and UTF-16 order keys alike below U+E000, and an escape unlike what it stands for.
        c = byte_at(out, k)
        if c == SLASH or c >= 0xEE:
            return -1
    at = skip(text, at, end)
    if at >= end or byte_at(text, at) != COLON:
        return -1
    members[count, 0] = begin + 1
    members[count, 1] = o - 1
    members[count, 2] = begin
    put_byte(out, o, COLON)
    state[PLACE] = o + 1
    state[MEMBERS] = count + 1
    return skip(text, at + 1, end)


@part
def open_nested(
    text: Any, at: int, end: int, out: Any, members: Any, stack: Any, state: Any
) -> tuple[int, int]:
    """Begin an object or list; return the place of its first value, and 1 where it holds none.

    `stack` holds (start in the form, first member or -1 for a list) of every open object and list.
    """
    depth, o, c = state[DEPTH], state[PLACE], byte_at(text, at)
    if depth == stack.shape[0]:
        return -1, 0
    put_byte(out, o, c)
    at = skip(text, at + 1, end)
    if at < end and byte_at(text, at) == c + 2:
        put_byte(out, o + 1, c + 2)
        state[PLACE] = o + 2
        return at + 1, 1
    stack[depth, 0] = o
    stack[depth, 1] = state[MEMBERS] if c == 0x7B else -1
    state[DEPTH] = depth + 1
    state[PLACE] = o + 1
    return (put_key(text, at, end, out, members, state) if c == 0x7B else at), 0


@part
def after_value(
    text: Any, at: int, end: int, out: Any, members: Any, stack: Any, scratch: Any, state: Any, null: bool
) -> tuple[int, int]:
    """Take what stands after a value; return the place after it, and 1 where it ended an object or list."""
    at = skip(text, at, end)
    if at >= end:
        return -1, 0
    c, depth, o = byte_at(text, at), state[DEPTH] - 1, state[PLACE]
    begin, first = stack[depth, 0], stack[depth, 1]
    if first >= 0:
        members[state[MEMBERS] - 1, 3] = o
        if null:
            members[state[MEMBERS] - 1, 2] = -1
    if c == COMMA:
        put_byte(out, o, COMMA)
        state[PLACE] = o + 1
        at = skip(text, at + 1, end)
        return (at if first < 0 else put_key(text, at, end, out, members, state)), 0
    if c != (0x7D if first >= 0 else 0x5D):
        return -1, 0
    if first >= 0:
        o = _close_object(out, begin, o, members, first, state[MEMBERS], scratch)
        if o < 0:
            return -1, 0
        state[MEMBERS] = first
    put_byte(out, o, c)
    state[PLACE] = o + 1
    state[DEPTH] = depth
    return at + 1, 1
