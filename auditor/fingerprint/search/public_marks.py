# mypy: allow-untyped-defs, no-check-untyped-defs
"""Kernels that mark the words of a text which are no teacher's own: public ones, and what providers share."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.search.grams import LONG, TABLE, find_gram, long_at
from auditor.jit.compile import RO_I64, RO_U32, RO_U64, inlined, kernel

SHARED_WORDS = 32
"""Words that providers must share in one stretch: the same prompt gives them shorter ones by itself."""
PUBLIC_WORDS = 16
"""Words in a row that a public text must hold; of a shorter text, all of it."""
PROVIDERS = 3
"""Providers that must hold such a stretch, each all of it."""
OWNED = np.uint64(1)
"""The bit of labels whose text is never public by the count: registered works of others."""
_EVERY = np.uint64(0xFFFFFFFFFFFFFFFF)
_ASKED = 4096
"""Texts looked at of those that hold an 8-gram; where there are more, one in so many."""
_STRETCH = SHARED_WORDS - LONG + 1
_KNOWN = 2
"""8-grams of a stretch that a scaled table must know."""
PLACE_BITS, PRINT_BITS = 18, 22
"""A key's top bits that choose its place, and those after them that are kept."""


@inlined
def print_of(key):
    """Return what is kept of a key beside its place."""
    return np.uint32((key >> np.uint64(64 - PLACE_BITS - PRINT_BITS)) & np.uint64((1 << PRINT_BITS) - 1))


@kernel(f"void({RO_I64}, {RO_U32}, uint64[::1])")
def list_keys(bounds, words, keys):
    """Write the key of the 8-gram that begins at each word; the largest number where none begins."""
    keys[:] = _EVERY
    for text in range(bounds.size - 1):
        for at in range(bounds[text], bounds[text + 1] - LONG + 1):
            keys[at] = long_at(words, at)


@inlined
def _is_known(key, directory, prints):
    place, sought = np.int64(key >> np.uint64(64 - PLACE_BITS)), print_of(key)
    found = False
    for i in range(np.int64(directory[place]), np.int64(directory[place + 1])):
        found |= prints[i] == sought
    return found


@kernel(f"void({RO_I64}, {RO_I64}, {RO_U32}, {RO_U32}, {RO_U32}, uint8[::1], uint8[::1])")
def mark_known(rows, bounds, words, directory, prints, marks, held):
    """Set the marks of all words of every stretch that stands in a table of public texts.

    Args:
        rows: the texts that are asked.
        directory: uint32[2**PLACE_BITS + 1], prints: uint32[G].
        held: out, uint8[rows], 1 for those with such a stretch.
    """
    for row in range(rows.size):
        begin, end = bounds[rows[row]], bounds[rows[row] + 1] - LONG + 1
        size = min(PUBLIC_WORDS - LONG + 1, end - begin)
        at = begin + max(size, 1) - 1
        while at < end:
            # Every stretch holds one of these.
            if not _is_known(long_at(words, at), directory, prints):
                at += size
                continue
            first, last = at, at
            while first > begin and _is_known(long_at(words, first - 1), directory, prints):
                first -= 1
            while last + 1 < end and _is_known(long_at(words, last + 1), directory, prints):
                last += 1
            if last - first + 1 >= size:
                held[row] = 1
                for k in range(first, last + LONG):
                    marks[k] = 1
            at = last + 1 + size


@inlined
def _holders(key, table, teachers, bits, top):
    """Return a bit for each provider that has an 8-gram; all where a scaled table does not know it."""
    if key > top:
        return _EVERY
    number = find_gram(key, table[0], table[1], table[2])
    if number < 0:
        return np.uint64(0)
    begin, end = np.int64(table[4][number]), np.int64(table[4][number + 1])
    found = np.uint64(0)
    for k in range(begin, end, max(1, (end - begin + _ASKED - 1) // _ASKED)):
        found |= bits[teachers[table[5][k]]]
    return np.uint64(0) if found & OWNED else found


@inlined
def _count(found):
    count = 0
    while found:
        found &= found - np.uint64(1)
        count += 1
    return count


@kernel(
    f"void({RO_I64}, {RO_I64}, {RO_U32}, {TABLE}, {RO_U32}, {RO_U64}, uint64, uint64[::1], uint8[::1], "
    "uint64[::1])"
)
def mark_shared(rows, bounds, words, table, teachers, bits, top, holders, marks, found):
    """Set the marks of all words of every stretch that enough providers hold.

    Args:
        rows: the texts that are asked.
        table: the 8-grams of an index that more than one text has; `top` is the largest key it keeps.
        teachers: uint32[D], bits: uint64[teachers], the provider of each.
        holders: scratch, uint64[w].
        found: in and out, uint64[rows], the providers that hold a stretch of each text.
    """
    for row in range(rows.size):
        begin, end = bounds[rows[row]], bounds[rows[row] + 1] - LONG + 1
        at, until, filled = begin + _STRETCH - 1, begin, begin
        while at < end:
            # Every stretch holds one of these.
            if _count(_holders(long_at(words, at), table, teachers, bits, top)) >= PROVIDERS:
                low, high = max(at - _STRETCH + 1, begin), min(at + _STRETCH, end)
                for k in range(max(low, filled), high):
                    holders[k] = _holders(long_at(words, k), table, teachers, bits, top)
                filled = high
                for first in range(low, high - _STRETCH + 1):
                    common, known = _EVERY, 0
                    for k in range(first, first + _STRETCH):
                        common &= holders[k]
                        known += holders[k] != _EVERY
                        if common == 0:
                            break
                    if known >= _KNOWN and _count(common) >= PROVIDERS:
                        found[row] |= common
                        for k in range(max(until, first), first + SHARED_WORDS):
                            marks[k] = 1
                        until = first + SHARED_WORDS
            at += _STRETCH
