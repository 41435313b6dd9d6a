# mypy: allow-untyped-defs, no-check-untyped-defs
"""The compiled pass over texts that finds their signs; `patterns` is its specification."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.signs.patterns import CODE, DIALOGUE, FORMULA, PROGRAM, SHORT, SPOKEN, VERSE
from auditor.jit.byte_marks import mark_block
from auditor.jit.compile import RO_I64, RO_U8, kernel, part
from auditor.jit.intrinsics import byte_at, leading_zeros, trailing_zeros

_KEYWORDS = np.frombuffer(
    b"def\nclass\nimport\n#include\nSELECT\npublic\nfunction\nconst\nlet\nvar\n", np.uint8
)
_FORMULAS = np.frombuffer(b"frac\nsum\nint\nsqrt\nbegin\nboxed\n", np.uint8)
_SHORTEST, _LONGEST, _MOST_BYTES = 8, 60, 61 * 4
"""A line of verse: so many characters after its capital, and no line is of more bytes."""


@part
def _is_space(byte):
    return byte == 32 or byte == 9 or byte == 10 or byte == 12 or byte == 13


@part
def _is_word(byte):
    small = byte | 0x20
    return 0x61 <= small <= 0x7A or 0x30 <= byte <= 0x39 or byte == 0x5F


@part
def _starts(data, at, stop, words):
    """Tell whether one of the words stands at a place and ends there."""
    k = 0
    while k < words.size:
        place = at
        while words[k] != 10 and place < stop and byte_at(data, place) == words[k]:
            place += 1
            k += 1
        if words[k] == 10 and (place == stop or not _is_word(byte_at(data, place))):
            return True
        while words[k] != 10:
            k += 1
        k += 1
    return False


@part
def _line_of(data, at, stop):
    """Tell what a line is: 2 begins as program text does, 1 otherwise, 0 is blank."""
    while at < stop and _is_space(byte_at(data, at)):
        if byte_at(data, at) == 10:
            return 0
        at += 1
    if at == stop:
        return 0
    first = byte_at(data, at)
    if first == 0x23 or first == 0x53 or 0x63 <= first <= 0x76:  # # S c … v
        return 2 if _starts(data, at, stop, _KEYWORDS) else 1
    return 1


@part
def _verse(data, at, stop):
    """Return how many characters a line begins with that may stand in verse, the first a capital."""
    if at >= stop or not 0x41 <= byte_at(data, at) <= 0x5A:
        return 0
    count = 0
    while at < stop:
        byte = byte_at(data, at)
        if byte == 10 or byte == 0x3A or byte == 0x7C or byte == 0x2A or byte == 0x2D or 0x30 <= byte <= 0x39:
            break
        count += byte & 0xC0 != 0x80
        if count > _LONGEST + 1:
            break
        at += 1
    return count


@part
def _is_line_of_verse(data, at, stop):
    """Tell whether a line that ends before `stop`, without a sign that no verse has, is one of verse."""
    if not _SHORTEST < stop - at <= _MOST_BYTES or not 0x41 <= byte_at(data, at) <= 0x5A:
        return False
    count = stop - at
    for place in range(at, stop):
        count -= byte_at(data, place) & 0xC0 == 0x80
    return _SHORTEST < count <= _LONGEST + 1


@part
def _is_formula(data, start, at):
    """Tell whether a number, a sign and a number stand before the `=` at a place."""
    at -= 1
    if at >= start and _is_space(byte_at(data, at)):
        at -= 1
    end = at
    while at >= start and (0x30 <= byte_at(data, at) <= 0x39 or byte_at(data, at) == 0x28):
        at -= 1
    if at == end:
        return False
    if at >= start and _is_space(byte_at(data, at)):
        at -= 1
    if at < start:
        return False
    sign = byte_at(data, at)
    if sign == 0x97 or sign == 0xB7:  # × and ÷
        at -= 1
        if at < start or byte_at(data, at) != 0xC3:
            return False
    elif not (sign == 0x2D or sign == 0x2B or sign == 0x2A or sign == 0x2F or sign == 0x3D):
        return False
    at -= 1
    if at >= start and _is_space(byte_at(data, at)):
        at -= 1
    return at >= start and (0x30 <= byte_at(data, at) <= 0x39 or byte_at(data, at) == 0x29)


@part
def _opens(data, at, stop):
    """Tell whether a capital stands at a place, right after an opening quote."""
    return at < stop and 0x41 <= byte_at(data, at) <= 0x5A


@part
def _is_said(data, capital, quote):
    """Tell whether what stands between a capital and a closing quote is a sentence."""
    if capital < 0:
        return False
    last = byte_at(data, quote - 1)
    end = quote - 1
    if last == 0xA6 and quote - capital > 3:  # …
        if byte_at(data, quote - 3) != 0xE2 or byte_at(data, quote - 2) != 0x80:
            return False
        end = quote - 3
    elif not (last == 0x2C or last == 0x2E or last == 0x21 or last == 0x3F):
        return False
    count = 0
    for place in range(capital + 1, end):
        count += byte_at(data, place) & 0xC0 != 0x80
        if count == 2:
            return True
    return False


@part
def _after_s(data, at):
    """Return the place after an s, which may be a long one; -1 where there is none."""
    if byte_at(data, at) | 0x20 == 0x73:
        return at + 1
    return at + 2 if byte_at(data, at) == 0xC5 and byte_at(data, at + 1) == 0xBF else -1


@part
def _names(data, at, stop, starts):
    """Tell whether space stands at a place, and after it what may begin a name."""
    if at < 0 or at >= stop or not _is_space(byte_at(data, at)):
        return False
    while at < stop and _is_space(byte_at(data, at)):
        at += 1
    # Letters of both cases, and some signs, share their five low bits.
    key = (byte_at(data, at) & 31) << 10 | (byte_at(data, at + 1) & 31) << 5 | byte_at(data, at + 2) & 31
    return at < stop and starts[key] != 0


@part
def _may_speak_of_itself(data, at, stop, starts):
    """Tell whether "I am" or "I cannot" may stand at an i, with what may follow it."""
    after = byte_at(data, at + 1)
    if after == 32:
        first, second = byte_at(data, at + 2) | 0x20, byte_at(data, at + 3) | 0x20
        if (first == 0x63 and second == 0x61) or (first == 0x77 and second == 0x6F):
            return True  # cannot, can't, won't
        if first != 0x61 or second != 0x6D:
            return False
        at += 4
    elif after | 0x20 == 0x6D:
        return _names(data, at + 2, stop, starts)
    else:
        at += 2 if after == 0x27 else 4
        if byte_at(data, at) | 0x20 != 0x6D:
            return False
        at += 1
    if byte_at(data, at) == 32:
        first, second = byte_at(data, at + 1) | 0x20, byte_at(data, at + 2) | 0x20
        if first == 0x73 or first == 0xE5 or (first == 0x75 and second == 0x6E):
            return True  # sorry (also with a long s), unable
        if first == 0x6E and second == 0x6F:
            return True  # not able
    return _names(data, at, stop, starts)


@part
def _may_speak(data, start, at, stop, models, makers):
    """Tell whether a telling phrase may stand at a place where `mark_block` says that one may begin."""
    first = byte_at(data, at) | 0x20
    if first == 0x69:
        return _may_speak_of_itself(data, at, stop, models)
    if first == 0x61:
        return _names(data, _after_s(data, at + 1), stop, models)
    if first == 0x62:
        if at == start or not _is_space(byte_at(data, at - 1)):
            return False
        place = at - 1
        while place > start and _is_space(byte_at(data, place)):
            place -= 1
        before = byte_at(data, place) | 0x20  # trained, made, built
        return (before == 0x64 or before == 0x65 or before == 0x74) and _names(data, at + 2, stop, makers)
    if first == 0x74:  # this is
        place = _after_s(data, at + 3)
        if place < 0 or byte_at(data, place) != 32 or byte_at(data, place + 1) | 0x20 != 0x69:
            return False
        return _names(data, _after_s(data, place + 2), stop, models)
    if byte_at(data, at + 2) != 32:
        return False
    third, fourth = byte_at(data, at + 3) | 0x20, byte_at(data, at + 4) | 0x20
    if third == 0x74 or third == 0x6B or third == 0xE2:
        return True  # my training, my knowledge (also with a Kelvin sign)
    if third != 0x6E or fourth != 0x61 or byte_at(data, at + 8) | 0x20 != 0x69:
        return False
    return _names(data, _after_s(data, at + 9), stop, models)  # my name is


@part
def _is_short(data, start, stop, limit):
    """Tell whether a text has fewer than `limit` characters."""
    if stop - start >= 4 * limit:
        return False
    count = 0
    for place in range(start, stop):
        count += byte_at(data, place) & 0xC0 != 0x80
    return count < limit


@part
def _at_line(data, at, stop, before):
    """Return the signs of a text of which a line begins at a place, and what the line is for the next.

    Args:
        before: 1 where the last line that is not blank began as program text does; and twice the lines of
            verse that stand directly above.
    """
    found = 0
    kind = _line_of(data, at, stop)
    program, verses = before & 1, before >> 1
    if kind == 2 and program:
        found |= CODE | PROGRAM
    if kind:
        program = kind == 2
    if verses >= 3 and _verse(data, at, stop) > _SHORTEST:
        found |= VERSE
    return found, verses << 1 | program


@part
def _spoken(data, start, at, stop, begins, models, makers):
    """Return `SPOKEN` where a telling phrase may stand at one of the marked places."""
    while begins:
        place = at + trailing_zeros(begins)
        begins &= begins - np.uint64(1)
        if _may_speak(data, start, place, stop, models, makers):
            return SPOKEN
    return 0


@part
def _ended_line(data, line, place, last_bar, before):
    """Return whether the line that ends at a place ends as code does, and what `_at_line` needs next."""
    verses = 0
    if last_bar < line and _is_line_of_verse(data, line, place):
        verses = (before >> 1) + 1
    last = byte_at(data, place - 1) if place > line else 0
    found = CODE if last == 0x3B or last == 0x7B or last == 0x7D else 0
    return found, verses << 1 | before & 1


@part
def _at_quote(data, place, stop, capital, said):
    """Return where the capital of an open quotation stands, -1 without one, and how many were closed."""
    if byte_at(data, place) == 0x22:
        if _is_said(data, capital, place):
            return -1, said + 1
        return place + 1 if _opens(data, place + 1, stop) else -1, said
    if byte_at(data, place + 2) == 0x9C:
        return place + 3 if capital < 0 and _opens(data, place + 3, stop) else capital, said
    return -1, said + _is_said(data, capital, place)


@part
def _at_sign(data, start, place, stop):
    """Return the sign that begins with a backquote or a backslash, or ends with `=`."""
    byte = byte_at(data, place)
    if byte == 0x60:
        triple = place + 2 < stop and byte_at(data, place + 1) == 0x60 and byte_at(data, place + 2) == 0x60
        return CODE | PROGRAM if triple else 0
    if byte == 0x5C:
        return FORMULA if _starts(data, place + 1, stop, _FORMULAS) else 0
    return FORMULA if _is_formula(data, start, place) else 0


@part
def _signs_of(data, start, stop, models, makers, short):
    """Return the signs of one text."""
    found, before = _at_line(data, start, stop, 0)
    if _is_short(data, start, stop, short):
        found |= SHORT
    line, barred, capital, said, word = start, -1, -1, 0, np.uint64(0)
    for at in range(start, stop, 64):
        forms, bars, begins, words = mark_block(data, at)
        begins &= ~(words << np.uint64(1) | word)
        word = words >> np.uint64(63)
        if stop - at < 64:
            whole = (np.uint64(1) << np.uint64(stop - at)) - np.uint64(1)
            forms &= whole
            begins &= whole
        if not found & SPOKEN:
            found |= _spoken(data, start, at, stop, begins, models, makers)
        while forms:
            place = at + trailing_zeros(forms)
            forms &= forms - np.uint64(1)
            byte = byte_at(data, place)
            if byte == 10:
                above = bars & ((np.uint64(1) << np.uint64(place - at)) - np.uint64(1))
                last_bar = at + 63 - leading_zeros(above) if above else barred
                ended, before = _ended_line(data, line, place, last_bar, before)
                line, capital = place + 1, -1
                begun, before = _at_line(data, line, stop, before)
                found |= ended | begun
            elif byte == 0x22 or byte == 0xE2:
                capital, said = _at_quote(data, place, stop, capital, said)
            else:
                found |= _at_sign(data, start, place, stop)
        if bars:
            barred = at + 63 - leading_zeros(bars)
    return found | DIALOGUE if said >= 3 else found


@kernel(f"void({RO_U8}, {RO_I64}, {RO_I64}, {RO_U8}, {RO_U8}, int64, uint8[::1])")
def find_signs(data, starts, stops, models, makers, short, out):
    """Write the signs of every text.

    Args:
        data: texts, padded (`tokens.words.Utf8`).
        starts, stops: where each text begins and ends in them.
        models, makers: uint8[32768], 1 where a name may begin so (`patterns.starts`).
        short: a text of fewer characters is short.
        out: uint8[texts].
    """
    for text in range(out.size):
        out[text] = _signs_of(data, starts[text], stops[text], models, makers, short)
