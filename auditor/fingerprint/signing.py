# mypy: allow-untyped-defs, no-check-untyped-defs
"""The compiled MinHash: text or word ids to signatures, one pass, nothing kept in between (numba only)."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.hashing import K0, K1, K2, ROTATION
from auditor.fingerprint.intrinsics import PERMUTATION_BLOCK, least_permuted
from auditor.fingerprint.jit import RO_I64, RO_U8, RO_U32, inlined, kernel
from auditor.fingerprint.kernel import SCRATCH, TABLE, scan_text, word_hash

_u32, _u64 = np.uint32, np.uint64
_K0, _K1, _K2 = _u64(K0), _u64(K1), _u64(K2)


@inlined
def _rotate(value, count):
    return value << _u64(count) | value >> _u64(64 - count)


@inlined
def _finish(value, factor):
    return _u32(((value ^ value >> _u64(32)) * factor) >> _u64(32))


@inlined
def _shingle(states, count, size, shingles):
    """Write the 32-bit hashes of all shingles of `size` words; return how many.

    states[k] is the hash of the first k words rolled up; a window is the difference of two of them.
    """
    if count == 0:
        return 0
    if count < size:
        shingles[0] = _finish(states[count] ^ _rotate(_u64(count), ROTATION * count % 64), _K2)
        return 1
    leaving = ROTATION * size % 64
    windows = count - size + 1
    left, right, out = states[:windows], states[size : size + windows], shingles[:windows]
    for k in range(windows):
        out[k] = _finish(right[k] ^ _rotate(left[k], leaving), _K1)
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
    for first in range(0, a.size, PERMUTATION_BLOCK):
        least_permuted(shingles, count, a, b, row, first)


@kernel(
    f"void({RO_U8}, {RO_I64}, {RO_I64}, {TABLE}, {SCRATCH}, uint64[::1], uint32[::1], int64, "
    f"{RO_U32}, {RO_U32}, uint32[:, ::1])"
)
def sign_texts(data, offsets, stops, table, scratch, states, shingles, size, a, b, out):
    """Write the signature of every text data[offsets[i]:stops[i]].

    Args:
        data, table, scratch: as for `kernel.scan_words`.
        states, shingles: scratch, an entry per word of the longest text and two more.
        size: words per shingle.
        a, b: uint32[K] permutations, K a multiple of 32.
        out: uint32[n, K].
    """
    lowered, edges, folded, origin = scratch
    for text in range(offsets.size - 1):
        count, _ = scan_text(data, offsets[text], stops[text], lowered, edges, folded, origin[:0], table)
        words = count >> 1
        state = states[0] = _u64(0)
        for k in range(_u64(words)):
            begin = np.int64(edges[_u64(2) * k])
            size_ = np.int64(edges[_u64(2) * k + _u64(1)]) - begin
            state = _rotate(state, ROTATION) ^ (word_hash(lowered, begin, size_) >> _u64(32))
            states[k + _u64(1)] = state
        found = _shingle(states, words, size, shingles)
        _sign(shingles, found, a, b, out[text])


@kernel(f"void({RO_I64}, {RO_U32}, uint64[::1], uint32[::1], int64, {RO_U32}, {RO_U32}, uint32[:, ::1])")
def sign_words(bounds, words, states, shingles, size, a, b, out):
    """Write the signature of every text given by its word ids words[bounds[i]:bounds[i + 1]]."""
    for text in range(bounds.size - 1):
        count = bounds[text + 1] - bounds[text]
        state = states[0] = _u64(0)
        for k in range(count):
            state = _rotate(state, ROTATION) ^ _u64(words[bounds[text] + k])
            states[k + 1] = state
        found = _shingle(states, count, size, shingles)
        _sign(shingles, found, a, b, out[text])
