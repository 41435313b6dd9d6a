"""The inverted index of word n-grams over reference texts, with rarity by distinct teacher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from auditor.fingerprint.index_file import ladder, typed
from auditor.fingerprint.search import grams
from auditor.fingerprint.tokens.words import I64, U8, U32, Words

U16: TypeAlias = NDArray[np.uint16]
Arrays: TypeAlias = Mapping[str, NDArray[Any]]
_TABLE_TYPES = {
    "directory": "uint32",
    "prints": "uint32",
    "rarity": "uint16",
    "begins": "uint32",
    "postings": "uint32",
}
_TABLES = ("short", "long", "prompted")
_TYPES = {"bounds": "int64", "words": "uint32", "starts": "uint32", "sizes": "uint16", "teachers": "uint32"}


@dataclass(frozen=True, slots=True)
class GramTable:
    """An inverted table of n-grams of one length.

    Attributes:
        directory: uint32[2**bits + 1], prints: uint32[G]; look-up from key to n-gram number.
        rarity: uint16[G]; number of teachers that have the n-gram, 0 when it weighs nothing.
        begins: uint32[G + 1], postings: uint32[P]; the texts that have the n-gram.
    """

    directory: U32
    prints: U32
    rarity: U16
    begins: U32
    postings: U32

    @property
    def bits(self) -> int:
        """Return how many top bits of a key choose its bucket."""
        return int(self.directory.size - 1).bit_length() - 1

    def parts(self) -> tuple[Any, ...]:
        """Return the table as the kernels take it."""
        return (self.bits, self.directory, self.prints, self.rarity, self.begins, self.postings)

    def sound(self, texts: int) -> bool:
        """Tell whether no array leads outside another: what the kernels trust without looking again."""
        return (
            all(typed(getattr(self, name), kind) for name, kind in _TABLE_TYPES.items())
            and self.directory.size == (1 << self.bits) + 1
            and ladder(self.directory, self.prints.size)
            and self.prints.size == self.rarity.size == self.begins.size - 1
            and ladder(self.begins, self.postings.size)
            and bool(self.postings.max(initial=0) < max(1, texts))
        )


@dataclass(frozen=True, slots=True)
class NgramIndex:
    """Aligned arrays, all of them mappable from disk.

    Attributes:
        bounds: int64[D + 1]; the words of reference text d are bounds[d]:bounds[d + 1].
        words: uint32[W] word ids.
        starts: uint32[W], sizes: uint16[W]; characters of the original text.
        teachers: uint32[D] teacher number of each text.
        short: all 3-grams; long: the 8-grams that more than one text has.
        prompted: the 3-grams of the prompts, all of them; empty in an exact index, where `short` tells.
        scale: only one n-gram in so many (by hash) is in the other tables; 1 keeps all.
    """

    bounds: I64
    words: U32
    starts: U32
    sizes: U16
    teachers: U32
    short: GramTable
    long: GramTable
    prompted: GramTable
    scale: int = 1

    def __len__(self) -> int:
        """Return the number of reference texts."""
        return int(self.teachers.size)

    def parts(self, groups: U32) -> tuple[Any, ...]:
        """Return the index as the kernels take it; `groups` says which texts are left out together."""
        tables = (self.short.parts(), self.long.parts(), self.prompted.parts())
        return (self.bounds, self.words, groups, *tables, limit_of(self.scale))

    def sound(self, teachers: int) -> bool:
        """Tell whether no array leads outside another."""
        return (
            all(typed(getattr(self, name), kind) for name, kind in _TYPES.items())
            and self.bounds.size == len(self) + 1
            and ladder(self.bounds, self.words.size)
            and self.words.size == self.starts.size == self.sizes.size
            and bool(self.teachers.max(initial=0) < max(1, teachers))
            and self.short.sound(len(self))
            and self.long.sound(len(self))
            and self.prompted.sound(2**32)
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return every array by name."""
        result = {name: getattr(self, name) for name in _TYPES}
        for label in _TABLES:
            table = getattr(self, label)
            result |= {f"{label}_{name}": getattr(table, name) for name in _TABLE_TYPES}
        return result

    @classmethod
    def from_arrays(cls, arrays: Arrays, scale: int) -> NgramIndex:
        """Wrap arrays by name."""
        plain: dict[str, Any] = {name: arrays[name] for name in _TYPES}
        for label in _TABLES:
            plain[label] = GramTable(**{name: arrays[f"{label}_{name}"] for name in _TABLE_TYPES})
        return cls(**plain, scale=scale)


def join_words(parts: Sequence[Words]) -> Words:
    """Concatenate the words of consecutive batches."""
    if not parts:
        empty = np.zeros(0, np.uint32)
        return Words(np.zeros(1, np.int64), np.zeros(0, np.uint64), empty, empty, np.zeros(0, np.uint8))
    shifts = np.cumsum([0, *(int(part.bounds[-1]) for part in parts)])
    bounds = [part.bounds[1:] + shift for part, shift in zip(parts, shifts, strict=False)]
    return Words(
        np.concatenate([np.zeros(1, np.int64), *bounds]),
        np.concatenate([part.hashes for part in parts]),
        np.concatenate([part.starts for part in parts]),
        np.concatenate([part.ends for part in parts]),
        np.concatenate([part.uninformative for part in parts]),
    )


def build(words: Words, teachers: U32, teacher_count: int, prompts: Words, scale: int = 1) -> NgramIndex:
    """Index reference texts by their word n-grams.

    Args:
        words: the words of D texts.
        teachers: uint32[D], each text's teacher number below `teacher_count`.
        prompts: texts whose 3-grams shall weigh nothing.
        scale: keep one n-gram in so many.
    """
    ids = words.ids
    limit = limit_of(scale)
    texts = (words.bounds, ids, repeated(words.bounds, ids, teachers))
    short = _table(texts, teachers, teacher_count, (grams.GRAM, 1, limit))
    grams.subtract_prompts(
        prompts.bounds, prompts.ids, short.bits, short.directory, short.prints, short.rarity
    )
    long = _table(texts, teachers, teacher_count, (grams.LONG, 2, limit))
    every = limit_of(1) if scale > 1 else np.uint64(0)
    nobody = np.zeros(prompts.bounds.size - 1, np.uint32)
    asked_of = (prompts.bounds, prompts.ids, repeated(prompts.bounds, prompts.ids, nobody))
    asked = _table(asked_of, nobody, 1, (grams.GRAM, 1, every))
    sizes = np.minimum(words.ends - words.starts, 65535).astype(np.uint16)
    return NgramIndex(words.bounds, ids, words.starts, sizes, teachers, short, long, asked, scale)


def empty() -> NgramIndex:
    """Return the n-grams of no text."""
    return build(join_words([]), np.zeros(0, np.uint32), 0, join_words([]))


def limit_of(scale: int) -> np.uint64:
    """Return the largest key that is kept."""
    return np.uint64((2**64 - 1) // scale)


def _directory_bits(count: int) -> int:
    return max(1, int(max(1, count)).bit_length() - 2)


def _table(
    texts: tuple[I64, U32, U8], teachers: U32, teacher_count: int, kind: tuple[int, int, np.uint64]
) -> GramTable:
    """Build one table; `kind` is the n-gram's words, the least texts of a key, and the largest key."""
    size, least, limit = kind
    keys, owners = _sorted_grams(texts, size, limit)
    unique = np.empty(keys.size, np.uint64)
    begins = np.empty(keys.size + 1, np.uint32)
    postings = np.empty(keys.size + 1, np.uint32)
    rarity = np.empty(keys.size, np.uint16)
    count, filled = grams.group_grams(
        keys, owners, teachers, max(1, teacher_count), least, unique, begins, postings, rarity
    )
    bits = _directory_bits(count)
    directory, prints = np.empty((1 << bits) + 1, np.uint32), np.empty(count, np.uint32)
    grams.fill_directory(unique[:count], bits, directory, prints)
    return GramTable(
        directory, prints, rarity[:count].copy(), begins[: count + 1].copy(), postings[:filled].copy()
    )


def repeated(bounds: I64, ids: U32, teachers: U32) -> U8:
    """Mark texts whose very words the same teacher has in an earlier text: that one stands for them all.

    Lists of thousands of repeats would nominate nothing, and make the text weigh as a common phrase does.
    """
    hashes = np.empty(bounds.size - 1, np.uint64)
    grams.hash_texts(bounds, ids, teachers, hashes)
    _, first, places = np.unique(hashes, return_index=True, return_inverse=True)
    marks = np.zeros(hashes.size, np.uint8)
    for text in np.flatnonzero(first[places] != np.arange(hashes.size)).tolist():
        known = first[places[text]]
        same = np.array_equal(ids[bounds[text] : bounds[text + 1]], ids[bounds[known] : bounds[known + 1]])
        marks[text] = same and teachers[text] == teachers[known]
    return marks


def _sorted_grams(texts: tuple[I64, U32, U8], size: int, limit: np.uint64) -> tuple[NDArray[np.uint64], U32]:
    bounds, ids, repeats = texts
    keys, owners = np.empty(ids.size, np.uint64), np.empty(ids.size, np.uint32)
    count = grams.list_grams(bounds, ids, repeats, size, limit, keys, owners)
    keys, owners = keys[:count], owners[:count]
    bits = _directory_bits(count)
    places = np.empty((1 << bits) + 1, np.uint32)
    sorted_keys, sorted_owners = np.empty_like(keys), np.empty_like(owners)
    grams.sort_grams(keys, owners, bits, places, sorted_keys, sorted_owners)
    return sorted_keys, sorted_owners
