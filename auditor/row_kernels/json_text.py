"""Strings and numbers of JSON text, written as canonical JSON has them."""

from __future__ import annotations

from typing import Any, Final

from auditor.jit.compile import COMPILED, part
from auditor.row_kernels.text import COMMA, MINUS, POINT, QUOTE, SLASH, ZERO, copy_beyond_ascii, put_code

if COMPILED:
    from auditor.jit.intrinsics import byte_at, copy_plain, put_byte, trailing_zeros

LONGEST: Final = 15
"""Every decimal of so many digits is the shortest text of its double."""
_INT_DIGITS = 18
_FRACTION = 20


@part
def skip(text: Any, at: int, end: int) -> int:
    """Return the place of the next byte that is not white space."""
    while at < end:
        c = byte_at(text, at)
        if c > 0x20 or (c != 0x20 and c != 0x0A and c != 0x0D and c != 0x09):
            break
        at += 1
    return at


@part
def hex4(text: Any, at: int, end: int) -> int:
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
    code = hex4(text, at + 2, end)
    at += 6
    if 0xD800 <= code < 0xE000:
        if code >= 0xDC00 or at + 6 > end or byte_at(text, at) != SLASH or byte_at(text, at + 1) != 0x75:
            return -1, 0
        low = hex4(text, at + 2, end)
        if low < 0xDC00 or low > 0xDFFF:
            return -1, 0
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        at += 6
    if code < 0:
        return -1, 0
    return at, put_code(out, o, code)


@part
def put_string(text: Any, at: int, end: int, out: Any, o: int) -> tuple[int, int]:
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
    """Write a fraction whose point stands at `at`, after the digits from `whole`; as `put_number` returns."""
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
    return at + 1 + size, o if digits <= LONGEST else -o


@part
def put_number(text: Any, at: int, end: int, out: Any, o: int) -> Any:
    """Write the number at `at`; return both places after it, (-1, 0) where it is left.

    A double of more digits than `LONGEST` is taken as it stands, and its place returned as negative.
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
