"""Texts as they stand between the quotes of JSON: written out, compared and looked at, a byte at a time.

`escaped` is false for texts that stand for themselves, as those of columns do.
"""

from __future__ import annotations

from typing import Any, Final

from auditor.jit.compile import COMPILED, part
from auditor.row_kernels.byte_table import equal_bytes
from auditor.row_kernels.json_text import hex4
from auditor.row_kernels.text import SLASH, copy_bytes, put_utf8

if COMPILED:
    from auditor.jit.intrinsics import byte_at, copy_to_sign, put_byte, trailing_zeros

_UNICODE: Final = 0x75


@part
def _meant(c: int) -> int:
    """Return the character that a letter stands for behind a backslash."""
    if c == 0x6E:
        return 10
    if c == 0x74:
        return 9
    if c == 0x72:
        return 13
    if c == 0x62:
        return 8
    return 12 if c == 0x66 else c


@part
def put_text(text: Any, at: int, end: int, out: Any, o: int, escaped: bool) -> Any:
    """Write a text that is known to be well written; return the place after it."""
    if not escaped:
        return copy_bytes(text, at, end, out, o)
    while at < end:
        signs = copy_to_sign(text, at, out, o, SLASH)
        step = min(trailing_zeros(signs) if signs else 32, end - at)
        at += step
        o += step
        if at >= end or step == 32:
            continue
        c = byte_at(text, at + 1)
        if c != _UNICODE:
            put_byte(out, o, _meant(c))
            at += 2
            o += 1
            continue
        code = hex4(text, at + 2, end)
        at += 6
        if 0xD800 <= code < 0xDC00:
            code = 0x10000 + ((code - 0xD800) << 10) + (hex4(text, at + 2, end) - 0xDC00)
            at += 6
        o = put_utf8(out, o, code)
    return o


@part
def next_sign(text: Any, at: int, escaped: bool) -> tuple[int, int]:
    """Return the place after the character at a place, and what it is: -1 for one beyond ASCII."""
    c = byte_at(text, at)
    if c >= 0x80:
        return at + (2 if c < 0xE0 else 3 if c < 0xF0 else 4), -1
    if c != SLASH or not escaped:
        return at + 1, c
    c = byte_at(text, at + 1)
    if c != _UNICODE:
        return at + 2, _meant(c)
    # A pair of escapes is one character: its first half is D800 to DBFF.
    second = byte_at(text, at + 3) | 0x20
    paired = byte_at(text, at + 2) | 0x20 == 0x64 and (0x38 <= second <= 0x39 or 0x61 <= second <= 0x62)
    return at + (12 if paired else 6), -1


@part
def is_longer(text: Any, begin: int, end: int, most: int, escaped: bool) -> Any:
    """Tell whether a text has more than so many characters."""
    if end - begin <= most:
        return False
    count = 0
    while begin < end and count <= most:
        begin, _ = next_sign(text, begin, escaped)
        count += 1
    return begin < end or count > most


@part
def may_be_equal(text: Any, left: int, left_end: int, right: int, right_end: int, escaped: bool) -> Any:
    """Tell whether two texts may be equal; of escaped ones it is not always known."""
    if not escaped:
        size = left_end - left
        return size == right_end - right and equal_bytes(text, left, text, right, size)
    while left < left_end and right < right_end:
        one, other = byte_at(text, left), byte_at(text, right)
        if one == SLASH or other == SLASH:
            one, other = byte_at(text, left + 1), byte_at(text, right + 1)
            if one != other or one == _UNICODE or byte_at(text, left) != byte_at(text, right):
                return True
            left += 1
            right += 1
        if one != other:
            return False
        left += 1
        right += 1
    return left == left_end and right == right_end


@part
def may_be_word(text: Any, begin: int, end: int, words: Any, at: int, stop: int, escaped: bool) -> Any:
    """Tell whether a text may be a word; of escaped ones it is not always known."""
    if not escaped:
        return end - begin == stop - at and equal_bytes(text, begin, words, at, stop - at)
    while begin < end and at < stop:
        c = byte_at(text, begin)
        if c == SLASH:
            c = byte_at(text, begin + 1)
            if c == _UNICODE:
                return True
            c = _meant(c)
            begin += 1
        if c != byte_at(words, at):
            return False
        begin += 1
        at += 1
    return begin == end and at == stop


@part
def may_begin(text: Any, begin: int, end: int, words: Any, at: int, stop: int, escaped: bool) -> Any:
    """Tell whether a text may begin with a character; of escaped ones it is not always known."""
    if escaped and byte_at(text, begin) == SLASH:
        return byte_at(text, begin + 1) == _UNICODE or _meant(byte_at(text, begin + 1)) == byte_at(words, at)
    size = stop - at
    return end - begin >= size and equal_bytes(text, begin, words, at, size)
