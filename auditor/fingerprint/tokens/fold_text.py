# mypy: allow-untyped-defs, no-check-untyped-defs
"""The compiled fold: UTF-8 to folded UTF-8 with the place every byte came from (`reference` specifies it)."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.tokens.code_points import code_point
from auditor.fingerprint.tokens.folding import DELETED, MAPPED, MAPPED_UNSPACED, SEPARATOR, UNSPACED
from auditor.jit.compile import RO_U8, RO_U16, RO_U32, inlined, kernel
from auditor.jit.intrinsics import load_u64, store_u64, trailing_zeros

_HIGH_BITS = np.uint64(0x8080808080808080)


@inlined
def _put(out, origin, size, value, place):
    out[size] = value
    if origin.size > 0:
        origin[size] = place
    return size + 1


@kernel(f"int64({RO_U8}, int64, uint8[::1], int32[::1], int64, int64, uint32, {RO_U8})")
def _put_character(data, at, out, origin, size, place, entry, pool):
    """Append what the character at `at` folds to; return the new size."""
    kind = entry & np.uint32(7)
    if kind >= MAPPED:
        offset = np.int64(entry >> np.uint32(3))
        for k in range(np.int64(pool[offset])):
            size = _put(out, origin, size, pool[offset + 1 + k], place)
        return size
    size = _put(out, origin, size, data[at], place)
    k = at + 1
    while data[k] & 0xC0 == 0x80 and k < at + 4:
        size = _put(out, origin, size, data[k], place)
        k += 1
    return size


@inlined
def _put_plain(data, start, at, end, out, origin, size):
    """Append up to eight ASCII bytes; return how many."""
    eight = load_u64(data, at)
    plain = min(trailing_zeros(eight & _HIGH_BITS) >> 3, end - at)
    store_u64(out, size, eight)
    if origin.size > 0:
        for k in range(plain):
            origin[size + k] = at - start + k
    return plain


@inlined
def _put_unspaced(data, start, at, out, origin, size, entry, pending, pending_entry, pool):
    """Append a word of the pending character and the one at `at`; return the new size."""
    if pending >= 0:
        size = _put(out, origin, size, 32, pending)
        size = _put_character(data, start + pending, out, origin, size, pending, pending_entry, pool)
        size = _put_character(data, at, out, origin, size, at - start, entry, pool)
    return size


@inlined
def _put_lone(data, start, out, origin, size, run, pending, pending_entry, pool):
    """Append the pending character as a word of its own if its run ends with it; return the new size."""
    if run == 1:
        size = _put(out, origin, size, 32, pending)
        size = _put_character(data, start + pending, out, origin, size, pending, pending_entry, pool)
    return size


@kernel(f"int64({RO_U8}, int64, int64, uint8[::1], int32[::1], {RO_U16}, {RO_U32}, {RO_U8})")
def fold_text(data, start, end, out, origin, pages, entries, pool):
    """Fold data[start:end] into `out`; return the size.

    `origin` gets the source position of each byte, counted from `start`, unless it is empty.
    """
    size, at, run = 0, start, 0
    pending, pending_entry = np.int64(-1), np.uint32(0)
    while at < end:
        if pending < 0:
            plain = _put_plain(data, start, at, end, out, origin, size)
            size += plain
            at += plain
            if plain == 8 or at == end:
                continue
        width, entry = 1, np.uint32(SEPARATOR)
        if data[at] >= 0x80:
            point, width = code_point(data, at)
            entry = entries[np.int64(pages[point >> 8]) << 8 | (point & 255)]
        kind = entry & np.uint32(7)
        if kind in (UNSPACED, MAPPED_UNSPACED):
            size = _put_unspaced(data, start, at, out, origin, size, entry, pending, pending_entry, pool)
            pending, pending_entry = at - start, entry
            run += 1
        elif kind != DELETED:
            if pending >= 0:
                size = _put_lone(data, start, out, origin, size, run, pending, pending_entry, pool)
                size = _put(out, origin, size, 32, at - start)
                pending, run = np.int64(-1), 0
            if kind == SEPARATOR:
                size = _put(out, origin, size, data[at] if width == 1 else 32, at - start)
            else:
                size = _put_character(data, at, out, origin, size, at - start, entry, pool)
        at += width
    if pending >= 0:
        size = _put_lone(data, start, out, origin, size, run, pending, pending_entry, pool)
    return size
