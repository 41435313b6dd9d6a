"""Text as canonical JSON writes it: the steps that every kernel over rows takes."""

from __future__ import annotations

from typing import Any, Final

from auditor.jit.compile import COMPILED, part

if COMPILED:
    from auditor.jit.intrinsics import byte_at, copy_block, put_byte

BYTES, PLACES, PAIRS = "Array(uint8, 1, 'C')", "Array(int64, 1, 'C')", "Array(int64, 2, 'C')"
"""Signature names of the arrays that kernels write."""

PAD: Final = 32
"""So many bytes behind a text must be readable, and behind a form writable: blocks are copied whole."""
QUOTE, SLASH, COMMA, COLON, POINT, MINUS, ZERO = (ord(sign) for sign in '"\\,:.-0')


@part
def utf8_length(text: Any, at: int, end: int) -> int:
    """Return the length of the valid UTF-8 sequence beyond ASCII at a place; 0 where it is not valid."""
    first = byte_at(text, at)
    if first < 0xC2 or first > 0xF4:
        return 0
    length = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    if at + length > end:
        return 0
    second = byte_at(text, at + 1)
    low = 0xA0 if first == 0xE0 else 0x90 if first == 0xF0 else 0x80
    high = 0x9F if first == 0xED else 0x8F if first == 0xF4 else 0xBF
    if second < low or second > high:
        return 0
    for k in range(2, length):
        if byte_at(text, at + k) & 0xC0 != 0x80:
            return 0
    return length


@part
def copy_beyond_ascii(text: Any, at: int, end: int, out: Any, o: int) -> int:
    """Copy the bytes beyond ASCII at a place; return how many, or -1 where they are not valid UTF-8."""
    start = at
    while at < end and byte_at(text, at) >= 0x80:
        length = utf8_length(text, at, end)
        if length == 0:
            return -1
        for k in range(length):
            put_byte(out, o + at - start + k, byte_at(text, at + k))
        at += length
    return at - start


@part
def _put_control(out: Any, o: int, code: int) -> int:
    """Write the escape of a control character; return the place after it."""
    put_byte(out, o, SLASH)
    # backspace, tab, line feed, form feed and carriage return have a letter
    letter = 0
    if 8 <= code <= 13 and code != 11:
        letter = (0x62, 0x74, 0x6E, 0, 0x66, 0x72)[code - 8]
    if letter:
        put_byte(out, o + 1, letter)
        return o + 2
    low = code & 15
    put_byte(out, o + 1, 0x75)
    put_byte(out, o + 2, ZERO)
    put_byte(out, o + 3, ZERO)
    put_byte(out, o + 4, ZERO + (code >> 4))
    put_byte(out, o + 5, low + (0x30 if low < 10 else 0x57))
    return o + 6


@part
def put_utf8(out: Any, o: int, code: int) -> Any:
    """Write a code point; return the place after it."""
    if code < 0x80:
        put_byte(out, o, code)
        return o + 1
    size = 2 if code < 0x800 else 3 if code < 0x10000 else 4
    lead = 0xC0 if size == 2 else 0xE0 if size == 3 else 0xF0
    for k in range(size - 1, 0, -1):
        put_byte(out, o + k, 0x80 | (code & 0x3F))
        code >>= 6
    put_byte(out, o, lead | code)
    return o + size


@part
def put_code(out: Any, o: int, code: int) -> Any:
    """Write a code point as the text of a canonical string; return the place after it."""
    if code < 0x20:
        return _put_control(out, o, code)
    if code in (QUOTE, SLASH):
        put_byte(out, o, SLASH)
        o += 1
    return put_utf8(out, o, code)


@part
def copy_bytes(source: Any, begin: int, end: int, target: Any, at: int) -> int:
    """Copy bytes from one array to another, and perhaps some behind them; return the place after them."""
    for k in range(0, end - begin, 32):
        copy_block(source, begin + k, target, at + k)
    return at + end - begin
