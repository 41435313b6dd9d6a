"""The written specification of words, word hashes and n-gram hashes, in plain Python.

It is the test oracle of the compiled kernel, and runs in its place where nothing is compiled.
A *word* is a maximal run of folded letters, digits and marks; in scripts written without spaces every pair of
neighboring characters is a word (a lone one too), so an n-gram of words is an n-gram of n + 1 characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from auditor.fingerprint.tokens.folding import DELETED, MAPPED_UNSPACED, SEPARATOR, UNSPACED, load

MASK = 2**64 - 1
K0, K1, K2 = 0x9AE16A3B2F90404F, 0xC949C7DEFA1E8D35, 0xD6E8FEB86659FD93
"""Odd 64-bit constants with even bit balance; part of the hash specification."""
ROTATION = 13
MAX_TEXT_BYTES = 16 * 2**20
"""Text beyond this many bytes of UTF-8 is not fingerprinted (cut at a code point)."""

TEMPLATE_TAGS = (
    "s>",
    "/s>",
    "bos>",
    "eos>",
    "start_of_turn>",
    "end_of_turn>",
    "<sys>>",
    "</sys>>",
    "think>",
    "/think>",
)
TEMPLATE_MARKS = ("inst]", "/inst]")
_TEMPLATES = re.compile(
    r"<\|[A-Za-z0-9_ ./\-]{0,40}\|>"
    + "".join(rf"|<{re.escape(tag)}" for tag in TEMPLATE_TAGS)
    + "".join(rf"|\[{re.escape(mark)}" for mark in TEMPLATE_MARKS),
    re.IGNORECASE | re.ASCII,
)
_WORD = re.compile("[0-9a-z\x80-\U0010ffff]+")


class Word(NamedTuple):
    """A word: its folded text and where it stands in the original, in characters."""

    text: str
    start: int
    end: int

    @property
    def uninformative(self) -> bool:
        """Whether it says little: a single byte, or led by a digit."""
        return len(self.text.encode()) == 1 or self.text[0] in "0123456789"


def _fold_text(text: str) -> tuple[str, list[int]]:
    """Fold a text; return it with the original position of every folded character."""
    table = load()
    out: list[str] = []
    origin: list[int] = []
    pending: tuple[str, int] | None = None  # the last character of a run without spaces
    run = 0

    def emit(piece: str, *places: int) -> None:
        out.append(piece)
        origin.extend(places)

    for place, char in enumerate(text):
        if char < "\x80":
            kind, folded = (SEPARATOR, char.lower())
        else:
            kind, folded = table.fold(char)
        if kind == DELETED:
            continue
        unspaced = kind in (UNSPACED, MAPPED_UNSPACED)
        if pending is not None and not unspaced:
            if run == 1:
                emit(f" {pending[0]} ", pending[1], pending[1], pending[1])
            else:
                emit(" ", place)
            pending, run = None, 0
        if unspaced:
            if pending is not None:
                emit(f" {pending[0]}{folded}", pending[1], pending[1], place)
            pending, run = (folded, place), run + 1
        else:
            emit(folded or " ", *([place] * max(1, len(folded))))
    if pending is not None and run == 1:
        emit(f" {pending[0]} ", pending[1], pending[1], pending[1])
    return "".join(out), origin


def words(text: str) -> list[Word]:
    """Return the words of a text in order."""
    data = text.encode("utf-8", "replace")[:MAX_TEXT_BYTES]
    folded, origin = _fold_text(data.decode("utf-8", "ignore"))
    folded = _TEMPLATES.sub(lambda match: " " * len(match[0]), folded)
    return [Word(m[0], origin[m.start()], origin[m.end() - 1] + 1) for m in _WORD.finditer(folded)]


def fold_multiply(left: int, right: int) -> int:
    """Multiply to 128 bits and xor the halves."""
    product = left * right
    return (product >> 64 ^ product) & MASK


def rotate(value: int, count: int) -> int:
    """Rotate 64 bits to the left."""
    count %= 64
    return (value << count | value >> (64 - count)) & MASK


def _load(data: bytes) -> int:
    return int.from_bytes(data, "little")


def word_hash(word: bytes) -> int:
    """Hash a folded word (UTF-8, at least one byte) to 64 bits."""
    size = len(word)
    if size <= 16:
        return fold_multiply(_load(word[:8]) ^ K0, _load(word[8:]) ^ K1 ^ size)
    value = fold_multiply(_load(word[:8]) ^ K0, _load(word[-8:]) ^ K1 ^ size)
    for place in range(8, size - 8, 8):
        value = fold_multiply(_load(word[place : place + 8]) ^ K2, value ^ K1)
    return value


def _finish(value: int, factor: int) -> int:
    """Squeeze 64 bits into 32."""
    return ((value ^ value >> 32) * factor & MASK) >> 32


def shingle_hash(ids: Sequence[int]) -> int:
    """Hash a full shingle of word ids to 32 bits: the value handed to MinHash."""
    value = 0
    for item in ids:
        value = rotate(value, ROTATION) ^ item
    return _finish(value, K1)


def short_text_hash(ids: Sequence[int]) -> int:
    """Hash all word ids of a text shorter than one shingle to 32 bits."""
    value = len(ids)
    for item in ids:
        value = rotate(value, ROTATION) ^ item
    return _finish(value, K2)


def shingle_set(text: str, size: int) -> set[int]:
    """Return the distinct 32-bit shingle hashes of a text, shingles of `size` words."""
    ids = [word_hash(word.text.encode()) >> 32 for word in words(text)]
    if not ids:
        return set()
    if len(ids) < size:
        return {short_text_hash(ids)}
    return {shingle_hash(ids[i : i + size]) for i in range(len(ids) - size + 1)}


def gram_hash(first: int, second: int, third: int) -> int:
    """Hash three word ids (the high 32 bits of word hashes) to 64 bits: the key of the n-gram index."""
    return fold_multiply((first | second << 32) ^ K0, third ^ K1)
