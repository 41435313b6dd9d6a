# mypy: allow-untyped-defs, no-check-untyped-defs
"""Steps of a tokenizer for the common languages at once: where a literal, a comment or a fence ends.

No grammar is followed and no language asked for. Each step moves forward, so any bytes are read in one pass.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from auditor.jit.compile import part

TAB, NEWLINE, SPACE, QUOTE, HASH, APOSTROPHE, STAR, DASH, SLASH, COLON = 9, 10, 32, 34, 35, 39, 42, 45, 47, 58
LESS, BACKSLASH, BACKQUOTE, TILDE, RETURN = 60, 92, 96, 126, 13
_BLANK, _NAME, _DIGIT, _HEX = 1, 2, 4, 8


def _classes() -> NDArray[np.uint8]:
    classes = np.zeros(256, np.uint8)
    classes[128:] = _NAME
    for k in range(128):
        char = chr(k)
        classes[k] = _BLANK * (k in (9, 10, 11, 12, 13, 32)) | _NAME * (char.isalpha() or char in "_$")
        classes[k] |= _DIGIT * char.isdigit() | _HEX * (char.lower() in "0123456789abcdef")
    classes.setflags(write=False)
    return classes


CLASSES = _classes()


@part
def is_blank(byte):
    """Tell white space."""
    return CLASSES[byte] & 1 != 0


@part
def begins_name(byte):
    """Tell what a name may begin with: letters, `_`, `$`, all beyond ASCII."""
    return CLASSES[byte] & 2 != 0


@part
def continues_name(byte):
    """Tell what may stand in a name."""
    return CLASSES[byte] & 6 != 0


@part
def is_digit(byte):
    """Tell digits."""
    return CLASSES[byte] & 4 != 0


@part
def line_end(data, at, end):
    """Return where the line at `at` ends."""
    while at < end and data[at] != 10:
        at += 1
    return at


@part
def number_end(data, at, end):
    """Return where a number ends: `1_000`, `0xFF`, `1.5e-3f`, but `1..2` is two."""
    start = at
    while at < end:
        byte = data[at]
        if byte == 46:
            if at + 1 < end and data[at + 1] == 46:
                return at
        elif (byte == 43 or byte == 45) and at > start:
            if data[at - 1] | 32 != 101 or data[start + 1] | 32 == 120 or at + 1 >= end:
                return at
            if not is_digit(data[at + 1]):
                return at
        elif byte >= 128 or byte == 36 or not continues_name(byte):
            return at
        at += 1
    return at


@part
def quoted_end(data, at, end):
    """Return where the string that opens at a quote ends, on its line; -1 where it does not."""
    quote = data[at]
    at += 1
    while at < end and data[at] != 10:
        if data[at] == 92:
            at += 1
        elif data[at] == quote:
            return at + 1
        at += 1
    return -1


@part
def color_end(data, at, end):
    """Return where `#c0ffee` ends, -1 where it is none."""
    at += 1
    start = at
    while at < end and CLASSES[data[at]] & 8 != 0:
        at += 1
    size = at - start
    whole = at >= end or not (continues_name(data[at]) or data[at] == 45)
    return at if whole and (size == 3 or size == 4 or size == 6 or size == 8) else -1


@part
def closed_at(data, at, end, first, second, third):
    """Return the place after the next three bytes, `third` 0 for two of them; -1 where there are none."""
    size = 2 if third == 0 else 3
    while at + size <= end:
        if data[at] == first and data[at + 1] == second and (third == 0 or data[at + 2] == third):
            return at + size
        at += 1
    return -1


@part
def backquoted_end(data, at, end):
    """Return where a template string ends, over lines; -1 where it does not."""
    at += 1
    while at < end:
        if data[at] == 92:
            at += 1
        elif data[at] == 96:
            return at + 1
        at += 1
    return -1


@part
def fence_at(data, at, end):
    """Return how many fence marks a line begins with, 0 for fewer than three, and where they end."""
    while at < end and (data[at] == 32 or data[at] == 9 or data[at] == 62):
        at += 1
    if at >= end or (data[at] != 96 and data[at] != 126):
        return 0, at
    mark, start = data[at], at
    while at < end and data[at] == mark:
        at += 1
    return (at - start if at - start >= 3 else 0), at


@part
def colons_rule(data, at, end):
    """Tell code whose lines end in colons more often than in `;` and braces: there `//` divides.

    What follows a blank and `#` or `//` does not count, so that the answer stays without comments.
    """
    colons, others, last, before = 0, 0, 0, 10
    while at < end:
        byte = np.int64(data[at])
        blank = before == 32 or before == 9
        if byte == 10 or (blank and (byte == 35 or (byte == 47 and at + 1 < end and data[at + 1] == 47))):
            colons += last == 58
            others += last == 59 or last == 123 or last == 125
            last = 0
            at = line_end(data, at, end)
            byte = np.int64(10)
        elif byte != 32 and byte != 13 and byte != 9:
            last = byte
        before = byte
        at += 1
    return colons > others
