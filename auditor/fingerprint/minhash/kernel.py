# mypy: allow-untyped-defs, no-check-untyped-defs
"""The compiled MinHash: text or word ids to signatures, one pass, nothing kept in between (numba only)."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.tokens.kernel import SCRATCH, TABLE, scan_text, word_hash
from auditor.fingerprint.tokens.reference import K1, K2, ROTATION
from auditor.jit.compile import RO_I64, RO_U8, RO_U32, inlined, kernel
from auditor.jit.simd import (
    PERMUTATION_BLOCK,
    WIDE_BLOCK,
    least_permuted,
    least_permuted_wide,
)

_u32, _u64 = np.uint32, np.uint64
_K1, _K2 = _u64(K1), _u64(K2)
_USUAL = 5
"""Words per shingle for which the windows are hashed in vector lanes."""


@inlined
def _rotate(value, count):
    return value << _u64(count % 64) | value >> _u64(64 - count % 64)


@inlined
def _finish(value, factor):
    return _u32(((value ^ value >> _u64(32)) * factor) >> _u64(32))


@inlined
def _roll(ids, at, size, value):
    for k in range(at, at + size):
        value = _rotate(value, ROTATION) ^ ids[k]
    return value


@inlined
def _shingle(ids, count, size, shingles):
    """Write the 32-bit hashes of all shingles of `size` of the `count` word ids; return how many."""
    if count == 0:
        return 0
    if count < size:
        shingles[0] = _finish(_roll(ids, 0, count, _u64(count)), _K2)
        return 1
    windows = count - size + 1
    out = shingles[:windows]
    if size == _USUAL:
        first, second, third = ids[:windows], ids[1 : windows + 1], ids[2 : windows + 2]
        fourth, fifth = ids[3 : windows + 3], ids[4 : windows + 4]
        for k in range(windows):
            early = _rotate(first[k], 4 * ROTATION) ^ _rotate(second[k], 3 * ROTATION)
            late = _rotate(third[k], 2 * ROTATION) ^ _rotate(fourth[k], ROTATION) ^ fifth[k]
            out[k] = _finish(early ^ late, _K1)
    else:
        for k in range(windows):
            out[k] = _finish(_roll(ids, k, size, _u64(0)), _K1)
    return windows


@inlined
def _mix(shingles, count):
    """Apply the 32-bit finalizer of MurmurHash3, as datasketch does before its permutations."""
    values = shingles[:count]
    for k in range(count):
        value = values[k]
        value = _u32((value ^ (value >> _u32(16))) * _u32(0x85EBCA6B))
        value = _u32((value ^ (value >> _u32(13))) * _u32(0xC2B2AE35))
        values[k] = value ^ (value >> _u32(16))


@inlined
def _sign(shingles, count, a, b, row):
    _mix(shingles, count)
    if count > 0:
        shingles[count] = shingles[count - 1]
    whole = a.size - a.size % WIDE_BLOCK
    for first in range(0, whole, WIDE_BLOCK):
        least_permuted_wide(shingles, count, a, b, row, first)
    for first in range(whole, a.size, PERMUTATION_BLOCK):
        least_permuted(shingles, count, a, b, row, first)


@kernel(
    f"void({RO_U8}, {RO_I64}, {RO_I64}, {TABLE}, {SCRATCH}, uint64[::1], uint32[::1], int64, "
    f"{RO_U32}, {RO_U32}, uint32[:, ::1])"
)
def sign_texts(data, offsets, stops, table, scratch, ids, shingles, size, a, b, out):
    """Write the signature of every text data[offsets[i]:stops[i]].

    Args:
        data, table, scratch: as for `tokens.kernel.scan_words`.
        ids, shingles: scratch, an entry per word of the longest text and two more.
        size: words per shingle.
        a, b: uint32[K] permutations, K a multiple of 32.
        out: uint32[n, K].
    """
    lowered, edges, folded, origin = scratch
    for text in range(offsets.size - 1):
        count, _ = scan_text(data, offsets[text], stops[text], lowered, edges, folded, origin[:0], table)
        words = count >> 1
        for k in range(_u64(words)):
            begin = np.int64(edges[_u64(2) * k])
            end = np.int64(edges[_u64(2) * k + _u64(1)])
            ids[k] = word_hash(lowered, begin, end - begin) >> _u64(32)
        found = _shingle(ids, words, size, shingles)
        _sign(shingles, found, a, b, out[text])


@kernel(f"void({RO_I64}, {RO_U32}, uint64[::1], uint32[::1], int64, {RO_U32}, {RO_U32}, uint32[:, ::1])")
def sign_words(bounds, words, ids, shingles, size, a, b, out):
    """Write the signature of every text given by its word ids words[bounds[i]:bounds[i + 1]]."""
    for text in range(bounds.size - 1):
        count = bounds[text + 1] - bounds[text]
        for k in range(count):
            ids[k] = words[bounds[text] + k]
        found = _shingle(ids, count, size, shingles)
        _sign(shingles, found, a, b, out[text])
