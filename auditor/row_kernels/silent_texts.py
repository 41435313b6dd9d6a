"""Texts that surely say nothing, told by their bytes.

They begin as nothing does that is read, and hold no run of letters that a known name needs. What is not sure
is left to whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from auditor.jit.compile import COMPILED, part

if COMPILED:
    from auditor.jit.intrinsics import byte_at, load_u64

HEAD: Final = 3
"""Signs that a text begins with."""
LONGEST: Final = 8
"""Bytes of the longest run."""
TELLS: Final = "Array(uint8, 1, 'C', True), Array(int32, 1, 'C', True), Array(uint64, 2, 'C', True)"
"""Signature names of `SilentTexts.arrays`."""
NOTHING: Final = (np.zeros(0, np.uint8), np.zeros(0, np.int32), np.zeros((0, 4), np.uint64))
"""`SilentTexts.arrays` by which no text is told."""
_SMALL: Final = np.uint64(0x2020202020202020)
_DIGIT, _PLAIN = np.uint64(1), np.uint64(0)
_NEXT, _BYTES, _MASK, _FLAGS = range(4)


@part
def _three(word: Any) -> Any:
    """Return a number for the three lowest bytes of a word in small letters: 6 bits for each of ASCII."""
    low = np.int64(word & np.uint64(0x1F1F1F)) | np.int64((word & np.uint64(0x404040)) >> np.uint64(1))
    return (low & 0x3F) | (low >> 8 & 0x3F) << 6 | (low >> 16 & 0x3F) << 12


@part
def _is_letter(byte: int) -> Any:
    small = byte | 0x20
    return 0x61 <= small <= 0x7A


@part
def _is_digit_next(text: Any, at: int, end: int) -> Any:
    """Tell whether a digit is the first letter or digit from a place on."""
    while at < end:
        byte = byte_at(text, at)
        if 0x30 <= byte <= 0x39:
            return True
        if _is_letter(byte):
            return False
        at += 1
    return False


@part
def _is_word(text: Any, begin: int, at: int, size: int, end: int, numbered: bool) -> Any:
    """Tell whether one or two letters are a word of their own, and a digit follows where one must."""
    before = byte_at(text, at - 1) if at > begin else 0
    if _is_letter(before) or (size == 1 and 0x30 <= before <= 0x39):
        return False
    if numbered:
        return _is_digit_next(text, at + size, end)
    return at + size == end or not _is_letter(byte_at(text, at + size))


@part
def _is_strange(text: Any, begin: int, at: int) -> Any:
    """Tell whether a byte may be of a blank, an escape, or a sign that some capital letters are folded to."""
    c = byte_at(text, at)
    if c < 0x80:
        return c < 0x20 or c == 0x5C
    if c < 0xC0 or 0xE4 <= c <= 0xE9 or c == 0xD0 or c == 0xD1:
        return False
    if c == 0xC3:
        return byte_at(text, at + 1) == 0x9F
    return c != 0xE3 or at == begin or byte_at(text, at + 1) == 0x80


@part
def says_nothing(text: Any, begin: int, end: int, heads: Any, first: Any, runs: Any) -> Any:
    """Tell whether a text surely says nothing; 8 bytes behind it must be readable.

    Args:
        heads, first, runs: of `SilentTexts`.
    """
    opens = byte_at(text, begin)
    if opens <= 0x20 or opens == 0x5B or opens == 0x7B or byte_at(text, end - 1) <= 0x20:
        return False
    if heads.shape[0] == 0:
        return False
    if end - begin >= HEAD and heads[_three(load_u64(text, begin) | _SMALL)]:
        return False
    for at in range(begin, end):
        if _is_strange(text, begin, at):
            return False
        word = load_u64(text, at) | _SMALL
        held = first[_three(word)]
        while held >= 0:
            flags = runs[held, _FLAGS]
            size = np.int64(flags >> np.uint64(8))
            found = word & runs[held, _MASK] == runs[held, _BYTES] and at + size <= end
            if found and (size > 2 or _is_word(text, begin, at, size, end, flags & _DIGIT != _PLAIN)):
                return False
            held = np.int64(runs[held, _NEXT]) - 1
    return True


class SilentTexts:
    """What `says_nothing` goes by.

    Args:
        heads: three signs that a text begins with which may say something, in any case.
        runs: letters or signs, of which each text that names something known holds one in any case; with
            each stands whether a digit must follow. One of one or two letters is a word of its own.
    """

    def __init__(self, heads: Iterable[str], runs: Iterable[tuple[str, bool]]) -> None:
        self.heads = np.zeros(1 << 18, np.uint8)
        for head in heads:
            if head.isascii():
                self.heads[_place(head.encode())] = 1
        self.first = np.full(1 << 18, -1, np.int32)
        nodes: list[tuple[int, int, int, int]] = []
        for letters, digit in sorted(runs):
            key = _small(letters.encode())
            flags = len(key) << 8 | digit
            found, mask = int.from_bytes(key, "little"), (1 << 8 * len(key)) - 1
            for place in _places(key):
                nodes.append((int(self.first[place]) + 1, found, mask, flags))
                self.first[place] = len(nodes) - 1
        self.runs = np.array(nodes, np.uint64).reshape(-1, 4)

    @property
    def arrays(self) -> tuple[Any, Any, Any]:
        """Return what kernels are given of it (`TELLS`)."""
        return self.heads, self.first, self.runs


def _small(text: bytes) -> bytes:
    return bytes(byte | 0x20 for byte in text)


def _place(three: bytes) -> int:
    """Return the number of three bytes, as `_three` does."""
    return sum(((byte & 0x1F) | (byte & 0x40) >> 1) << 6 * k for k, byte in enumerate(_small(three)))


def _places(key: bytes) -> list[int]:
    """Return the numbers of all three bytes that a run may begin with; a short one has any sign behind it."""
    found = [key[:HEAD]]
    while len(found[0]) < HEAD:
        found = [one + bytes([sign]) for one in found for sign in (*range(0x20, 0x40), *range(0x60, 0x80))]
    return sorted({_place(one) for one in found})
