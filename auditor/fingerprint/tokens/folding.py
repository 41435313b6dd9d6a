"""Fold code points: the one table that says what a character means to a fingerprint.

Every code point is a *separator*, *deleted* (zero-width), *kept*, *mapped* to others, or *unspaced* (a script
written without spaces). The mapping is compatibility decomposition, case folding and removal
of diacritics, applied to one code point at a time, so that composed, decomposed and compatibility forms of a
text fold alike and every folded byte belongs to exactly one character of the original.
The table is frozen in `folding.npz`, made by `build` under Unicode 14: hashes must not change with Python's.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

SEPARATOR, DELETED, KEPT, UNSPACED, MAPPED, MAPPED_UNSPACED = range(6)
UNICODE_VERSION = "14.0.0"
MAX_GROWTH = 4
"""A mapping may yield at most this many bytes per byte read (longer ones are cut)."""

_DELETED = {0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0}
_TELLING = set("<|[]>/_")
_SEPARATORS = {0x2122, 0x00AA, 0x00BA}
_DIACRITICS = (
    *((0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F)),
    *((0x0670, 0x0670), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0x3099, 0x309A)),
    (0xFE20, 0xFE2F),
)
_UNSPACED = (
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3041, 0x30FF)),
    *((0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F)),
    *((0xF900, 0xFAFF), (0x20000, 0x3FFFF)),
)


@dataclass(frozen=True, slots=True)
class FoldTable:
    """A two-level table over code points.

    Attributes:
        pages: uint16[4352], page number of each block of 256 code points.
        entries: uint32[256 * pages], low 3 bits the class, the rest an offset into `pool` for mapped ones.
        pool: uint8, at each offset a length byte followed by that many bytes of folded UTF-8.
    """

    pages: NDArray[np.uint16]
    entries: NDArray[np.uint32]
    pool: NDArray[np.uint8]

    def fold(self, char: str) -> tuple[int, str]:
        """Return the class of one character and what it folds to."""
        point = ord(char)
        entry = int(self.entries[(int(self.pages[point >> 8]) << 8) | (point & 255)])
        kind, offset = entry & 7, entry >> 3
        if kind in (MAPPED, MAPPED_UNSPACED):
            size = int(self.pool[offset])
            return kind, bytes(self.pool[offset + 1 : offset + 1 + size]).decode()
        return kind, char if kind in (KEPT, UNSPACED) else ""


def _within(point: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= point <= high for low, high in ranges)


def _ignorable(point: int) -> bool:
    """Tell zero-width characters, variation selectors, tags and bidirectional controls."""
    return (
        point in _DELETED
        or 0x200B <= point <= 0x200F
        or 0x202A <= point <= 0x202E
        or 0x2060 <= point <= 0x206F
        or 0xFE00 <= point <= 0xFE0F
        or 0x1D173 <= point <= 0x1D17A
        or 0xE0000 <= point <= 0xE0FFF
        or _within(point, _DIACRITICS)
    )


def _closure(char: str) -> str:
    """Decompose, fold case and decompose again until nothing changes."""
    while True:
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
        if folded == char:
            return char
        char = folded


def classify(point: int) -> tuple[int, str]:
    """Return the class of a code point and its folded text, from Unicode's own properties."""
    if point < 0x80:
        char = chr(point).lower()
        return (KEPT, char) if char.isalnum() else (SEPARATOR, "")
    if 0xD800 <= point < 0xE000 or point in _SEPARATORS:
        return SEPARATOR, ""
    if _ignorable(point):
        return DELETED, ""
    char = chr(point)
    folded = "".join(c for c in _closure(char) if not _ignorable(ord(c)))
    while len(folded.encode()) > MAX_GROWTH * len(char.encode()):
        folded = folded[:-1]
    if folded == char:
        if unicodedata.category(char)[0] not in "LNM":
            return SEPARATOR, ""
        return (UNSPACED if _within(point, _UNSPACED) else KEPT), char
    if not folded:
        return DELETED, ""
    folded = "".join(c if ord(c) < 0x80 or unicodedata.category(c)[0] in "LNM" else " " for c in folded)
    if len(folded) == 1 and _within(ord(folded), _UNSPACED):
        return MAPPED_UNSPACED, folded
    if not any(c.isalnum() or c in _TELLING or ord(c) >= 0x80 for c in folded):
        return SEPARATOR, ""
    return MAPPED, folded


def build() -> FoldTable:
    """Build the table from `unicodedata` (about two seconds)."""
    entries = np.zeros(0x110000, np.uint32)
    pool = bytearray()
    known: dict[str, int] = {}
    for point in range(0x80, 0x110000):
        kind, folded = classify(point)
        offset = 0
        if kind in (MAPPED, MAPPED_UNSPACED):
            data = folded.encode()
            offset = known.setdefault(folded, len(pool))
            if offset == len(pool):
                pool += bytes([len(data)]) + data
        entries[point] = kind | offset << 3
    unique, inverse = np.unique(entries.reshape(-1, 256), axis=0, return_inverse=True)
    pages = inverse.reshape(-1).astype(np.uint16)
    return FoldTable(pages, np.ascontiguousarray(unique).reshape(-1), np.frombuffer(bytes(pool), np.uint8))


@cache
def load() -> FoldTable:
    """Read the frozen table shipped with the package."""
    data = resources.files("auditor.fingerprint.tokens").joinpath("folding.npz").read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        return FoldTable(arrays["pages"], arrays["entries"], arrays["pool"])
