# mypy: allow-untyped-defs, no-check-untyped-defs
"""Kernels that mark the words of a text which are no teacher's own: public ones, and what providers share."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.search.grams import LONG, TABLE, find_gram, long_at
from auditor.jit.compile import RO_I64, RO_U32, RO_U64, inlined, kernel

SHARED_WORDS = 32
"""Words that providers must share in one stretch: the same prompt gives them shorter ones by itself."""
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


@kernel(f"void({RO_U64}, {RO_U32}, {RO_U32}, uint8[::1])")
def mark_known(keys, directory, prints, marks):
    """Set the marks of all words of every 8-gram that stands in a table of public texts.

    Args:
        keys: as `list_keys` writes them.
        directory: uint32[2**PLACE_BITS + 1], prints: uint32[G].
    """
    until = 0
    for at in range(keys.size):
        key = keys[at]
        if key != _EVERY:
            place, sought = np.int64(key >> np.uint64(64 - PLACE_BITS)), print_of(key)
            for i in range(np.int64(directory[place]), np.int64(directory[place + 1])):
                if prints[i] == sought:
                    until = at + LONG
                    break
        if at < until:
            marks[at] = 1


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
    f"void({RO_I64}, {RO_U64}, {TABLE}, {RO_U32}, {RO_U64}, uint64, uint64[::1], uint8[::1], uint64[::1])"
)
def mark_shared(bounds, keys, table, teachers, bits, top, holders, marks, found):
    """Set the marks of all words of every stretch that enough providers hold.

    Args:
        bounds, keys: the texts, as `list_keys` writes them.
        table: the 8-grams of an index that more than one text has; `top` is the largest key it keeps.
        teachers: uint32[D], bits: uint64[teachers], the provider of each.
        holders: scratch, uint64[w].
        found: in and out, uint64[n], the providers that hold a stretch of each text.
    """
    for text in range(bounds.size - 1):
        begin, end = bounds[text], bounds[text + 1] - LONG + 1
        if end <= begin:
            continue
        at, until, filled = begin + _STRETCH - 1, begin, begin
        while at < end:
            # Every stretch holds one of these.
            if _count(_holders(keys[at], table, teachers, bits, top)) >= PROVIDERS:
                low, high = max(at - _STRETCH + 1, begin), min(at + _STRETCH, end)
                for k in range(max(low, filled), high):
                    holders[k] = _holders(keys[k], table, teachers, bits, top)
                filled = high
                for first in range(low, high - _STRETCH + 1):
                    common, known = _EVERY, 0
                    for k in range(first, first + _STRETCH):
                        common &= holders[k]
                        known += keys[k] <= top
                        if common == 0:
                            break
                    if known >= _KNOWN and _count(common) >= PROVIDERS:
                        found[text] |= common
                        for k in range(max(until, first), first + SHARED_WORDS):
                            marks[k] = 1
                        until = first + SHARED_WORDS
            at += _STRETCH
