# mypy: allow-untyped-defs, no-check-untyped-defs
"""Tell in one pass over the bytes which texts may be disguised; nothing more is spent on the others."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.fingerprint.tokens.code_points import code_point
from auditor.fingerprint.tokens.words import utf8
from auditor.jit.compile import RO_I64, RO_U8, RO_U64, inlined, kernel

(
    LETTERS,
    FREQUENT,
    BLANKS,
    WORDS,
    ODD,
    STRANGE,
    MIXED,
    NUMBERED,
    SINGLE,
    PAIRS,
    LONG,
    RUN,
    CODED,
    TAGS,
    NUMERALS,
    FORWARD,
    BACKWARD,
) = range(17)
"""What is counted of a text: ASCII letters, the frequent ones, blanks, words, letters of other alphabets,
phonetic and enclosed ones, words of two alphabets, words with digits for letters, words of one and of two
characters, the longest word, the longest run of ASCII without a blank, escapes of any kind, tags, words
without a letter, how often `the` and `and` stand there, and how often from right to left."""
COUNTS = 17
_LETTER, _LEET, _DIGIT, _OTHER, _LOCAL = 1, 2, 4, 8, 16
"""What a byte is in a word; 0 is no part of one."""
_A_LETTER, _AN_OFTEN, _A_BLANK, _A_MARK = (1 << 16 * k for k in range(4))
"""Four counts in one number; added up for as long as none can run over."""
_LONGEST_SUM = 60_000


def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint64]]:
    """Return what each byte is in a word, and what it adds to the four counts."""
    kinds, adds = np.zeros(256, np.uint8), np.zeros(256, np.uint64)
    kinds[128:] = _OTHER
    for k in range(128):
        char = chr(k)
        kinds[k] = _LETTER if char.isalpha() else _LEET if char in "013457@$" else _DIGIT * char.isdigit()
        adds[k] = _A_LETTER * char.isalpha() + _AN_OFTEN * (char.lower() in "etaoin")
        adds[k] += np.uint64(_A_BLANK * (k == 32 or 9 <= k <= 13) + _A_MARK * (char in "%&<\\"))
    kinds.setflags(write=False)
    adds.setflags(write=False)
    return kinds, adds


_KINDS, _ADDS = _tables()


@inlined
def _is_odd(point):
    """Tell letters that no Latin orthography has: of Greek, Cyrillic and others, phonetic, enclosed."""
    return (
        (0x250 <= point < 0x2B0)
        or (0x370 <= point < 0x600)
        or (0x1000 <= point < 0x1100)
        or (0x13A0 <= point < 0x1400)
        or (0x1D00 <= point < 0x1DC0)
        or (0x2C80 <= point < 0x2D00)
        or (0xA4D0 <= point < 0xA500)
        or (0xA720 <= point < 0xAB70)
        or (0x10280 <= point < 0x10600)
        or (0x1F100 <= point < 0x1F200)
    )


@inlined
def _is_strange(point):
    """Tell phonetic and enclosed letters, in which nobody writes a language."""
    return (
        (0x250 <= point < 0x2B0)
        or (0x1D00 <= point < 0x1DC0)
        or (0xA720 <= point < 0xA7FF)
        or (0x1F100 <= point < 0x1F200)
    )


@inlined
def _is_coded(data, at, end, byte, kinds):
    """Tell whether an escape starts at a mark: `%41`, `\\n`, `&amp;`."""
    if at + 1 >= end:
        return False
    following = data[at + 1]
    letter = kinds[following] == _LETTER
    if byte == 37:
        return letter or 0x30 <= following <= 0x39
    if byte == 38:
        return letter or following == 35
    return byte == 92 and (
        letter or 0x30 <= following <= 0x33 or following == 34 or following == 92 or following == 47
    )


@inlined
def _is_blank(point):
    """Tell blanks outside ASCII that stand between words."""
    return point == 0xA0 or 0x2000 <= point < 0x200B or point == 0x202F or point == 0x3000


@inlined
def _end_word(counts, data, word, end, bits, characters):
    """Count a word that ended; `characters` is 0 where each of its bytes is one."""
    size = characters if characters > 0 else end - word
    counts[WORDS] += 1
    counts[SINGLE] += size == 1
    counts[PAIRS] += size == 2
    counts[LONG] = max(counts[LONG], size)
    counts[MIXED] += bits & (_LETTER | _OTHER) == _LETTER | _OTHER
    counts[NUMBERED] += bits & (_LETTER | _LEET) == _LETTER | _LEET
    counts[NUMERALS] += bits & (_LETTER | _OTHER) == 0
    if end - word == 3:
        first, middle, last = data[word] | 0x20, data[word + 1] | 0x20, data[word + 2] | 0x20
        if middle == 104:
            counts[FORWARD] += first == 116 and last == 101
            counts[BACKWARD] += first == 101 and last == 116
        elif middle == 110:
            counts[FORWARD] += first == 97 and last == 100
            counts[BACKWARD] += first == 100 and last == 97


@inlined
def _add_sums(counts, sums):
    """Add up the four counts that one number holds."""
    counts[LETTERS] += np.int64(sums & np.uint64(0xFFFF))
    counts[FREQUENT] += np.int64(sums >> np.uint64(16) & np.uint64(0xFFFF))
    counts[BLANKS] += np.int64(sums >> np.uint64(32) & np.uint64(0xFFFF))


@kernel(f"void({RO_U8}, {RO_I64}, {RO_U8}, {RO_U64}, int32[:, ::1])", allocates=False)
def _measure(data, offsets, kinds, adds, out):
    """Count everything of every text."""
    for text in range(offsets.size - 1):
        counts = out[text]
        at, end = offsets[text], offsets[text + 1]
        word, run, block = at, at, at
        bits, characters, sums = np.uint8(0), np.int64(0), np.uint64(0)
        while at <= end:
            byte = data[at] if at < end else np.uint8(32)
            kind, width = kinds[byte], 1
            if at - block > _LONGEST_SUM:
                _add_sums(counts, sums)
                sums, block = np.uint64(0), at
            if kind == _OTHER:
                point, width = code_point(data, at)
                counts[RUN] = max(counts[RUN], at - run)
                run = at + width
                if not _is_blank(point):
                    odd = _is_odd(point)
                    counts[ODD] += odd
                    counts[STRANGE] += odd and _is_strange(point)
                    bits |= np.uint8(_OTHER if odd else _LOCAL)
                    # Bytes so far that were a character each, and this one.
                    characters = (characters if characters > 0 else at - word) + 1
                    at += width
                    continue
            elif kind:
                bits |= kind
                characters += characters > 0
                sums += adds[byte]
                at += 1
                continue
            if bits:
                _end_word(counts, data, word, at, bits, characters)
                bits, characters = np.uint8(0), np.int64(0)
            word = at + width
            if width == 1:
                add = adds[byte]
                sums += add
                if byte == 32 or 9 <= byte <= 13:
                    counts[RUN] = max(counts[RUN], at - run)
                    run = at + 1
                elif add:
                    counts[CODED] += _is_coded(data, at, end, byte, kinds)
                    counts[TAGS] += (
                        byte == 60 and at + 1 < end and (kinds[data[at + 1]] == _LETTER or data[at + 1] == 47)
                    )
            at += width
        _add_sums(counts, sums)


def measured(texts: pa.Array) -> NDArray[np.int32]:
    """Return int32[n, COUNTS], what is counted of each text."""
    buffer = utf8(texts)
    out = np.zeros((len(texts), COUNTS), np.int32)
    _measure(buffer.data, buffer.offsets, _KINDS, _ADDS, out)
    return out


def suspicious(counts: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Tell which texts may hide something, from what was counted of each."""
    c = counts.T.astype(np.int64)
    words = np.maximum(c[WORDS], 1)
    found = has_odd_letters(c)
    found |= has_digits_for_letters(c) | is_spaced(c) | is_unspaced(c) | is_shifted(c) | is_reversed(c)
    found |= (c[CODED] >= 4) & (c[CODED] * 25 >= words)
    found |= (c[TAGS] >= 4) & (c[TAGS] * 12 >= words)
    found |= (
        ((c[LONG] >= 28) & (c[RUN] >= 28)) | (c[RUN] >= 100) | ((c[PAIRS] >= 20) & (c[PAIRS] * 2 >= words))
    )
    found |= (c[NUMERALS] >= 20) & (c[NUMERALS] * 10 >= 9 * words)
    result: NDArray[np.bool_] = found
    return result


def has_odd_letters(c: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell texts whose words mix alphabets, or that are written in phonetic or enclosed letters."""
    mixed = (c[MIXED] >= 2) & (c[MIXED] * 40 >= c[WORDS])
    found: NDArray[np.bool_] = mixed | ((c[STRANGE] >= 8) & (c[STRANGE] * 12 >= c[LETTERS] + c[ODD]))
    return found


def has_digits_for_letters(c: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell texts many of whose words have digits that pass for letters."""
    found: NDArray[np.bool_] = (c[NUMBERED] >= 3) & (c[NUMBERED] * 9 >= c[WORDS])
    return found


def is_spaced(c: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell texts most of whose words are single characters."""
    found: NDArray[np.bool_] = (c[WORDS] >= 20) & (c[SINGLE] * 2 >= c[WORDS])
    return found


def is_unspaced(c: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell texts of letters without blanks."""
    found: NDArray[np.bool_] = (c[LETTERS] >= 60) & (c[RUN] >= 50) & (c[BLANKS] * 20 < c[LETTERS])
    return found


def is_shifted(c: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell texts in which the letters are rare that are frequent in most languages of the Latin script."""
    found: NDArray[np.bool_] = (c[LETTERS] >= 60) & (c[FREQUENT] * 100 < 37 * c[LETTERS])
    return found


def is_reversed(c: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell texts in which the commonest English letters in a row stand from right to left."""
    found: NDArray[np.bool_] = (c[BACKWARD] >= 3) & (c[BACKWARD] > 3 * c[FORWARD])
    return found
