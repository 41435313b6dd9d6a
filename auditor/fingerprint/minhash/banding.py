# mypy: allow-untyped-defs, no-check-untyped-defs
"""Kernels of the MinHash lane: band hashes, buckets by counting sort, queries that hide memory latency.

A signature is the low byte of each slot, and a band is hashed from these bytes: what a lane stores is enough
to group it anew, and to merge it.
"""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.tokens.machine import fold_multiply, prefetch
from auditor.fingerprint.tokens.reference import K1, K2
from auditor.jit.compile import inlined, kernel

_u8, _u32, _u64 = np.uint8, np.uint32, np.uint64
_K1, _K2 = _u64(K1), _u64(K2)
_GROUP = 8
_RO2_U32 = "Array(uint32, 2, 'C', True)"
_RO2_U8 = "Array(uint8, 2, 'C', True)"


@inlined
def _hash_slots(row, first, count, seed):
    """Return the 64-bit hash of some slots, eight at a time."""
    value = _K2 ^ seed
    packed = _u64(0)
    for k in range(count):
        packed = packed << _u64(8) | _u64(row[first + k])
        if k % 8 == 7 or k == count - 1:
            value = fold_multiply(value ^ packed, _K1)
            packed = _u64(0)
    return value


@inlined
def _band_hash(row, first, rows):
    """Return the 32-bit hash of one band of a signature."""
    return _u32(_hash_slots(row, first, rows, _u64(first)) >> _u64(32))


@inlined
def _bucket(hash_, bits):
    """Return the bucket of a band hash: its top bits."""
    return np.int64(hash_ >> _u32(32 - bits))


@inlined
def _tag(hash_):
    """Return what is kept of a band hash beside its bucket: its low byte."""
    return _u8(hash_ & _u32(255))


@kernel(f"void({_RO2_U8}, int64, uint32[:, ::1])")
def hash_bands(slots, rows, out):
    """Write the hash of every band: out[band, entry]."""
    for entry in range(slots.shape[0]):
        for band in range(out.shape[0]):
            out[band, entry] = _band_hash(slots[entry], band * rows, rows)


@kernel(f"void({_RO2_U8}, uint64[::1])")
def digest_slots(slots, out):
    """Write a 64-bit digest of every signature."""
    for entry in range(slots.shape[0]):
        out[entry] = _hash_slots(slots[entry], 0, slots.shape[1], _u64(1))


@kernel("void(Array(uint32, 1, 'C', True), int64, uint32[::1], uint8[::1], uint32[::1])")
def fill_band(hashes, bits, places, tags, ids):
    """Group entries by bucket: places[b] is where bucket b starts in tags and ids."""
    places[:] = 0
    for entry in range(hashes.size):
        places[_bucket(hashes[entry], bits) + 1] += _u32(1)
    for b in range(places.size - 1):
        places[b + 1] += places[b]
    for entry in range(hashes.size):
        b = _bucket(hashes[entry], bits)
        at = places[b]
        places[b] = at + _u32(1)
        tags[at] = _tag(hashes[entry])
        ids[at] = _u32(entry)
    for b in range(places.size - 1, 0, -1):
        places[b] = places[b - 1]
    places[0] = 0


@inlined
def _equal_slots(query, stored):
    count = 0
    for k in range(stored.size):
        count += query[k] == stored[k]
    return count


@inlined
def _find_buckets(queries, start, rows, bits, directory, tags, ids, query_hashes, begins, ends):
    """Compute the band hashes and bucket borders of a group of queries; ask for memory before its use."""
    bands = directory.shape[0]
    group = min(_GROUP, queries.shape[0] - start)
    for i in range(group):
        for band in range(bands):
            query_hashes[i, band] = _band_hash(queries[start + i], band * rows, rows)
            prefetch(directory[band], _bucket(query_hashes[i, band], bits))
    for i in range(group):
        for band in range(bands):
            b = _bucket(query_hashes[i, band], bits)
            ends[i, band] = min(np.int64(directory[band, b + 1]), tags.shape[1])
            begins[i, band] = min(np.int64(directory[band, b]), ends[i, band])
            prefetch(tags[band], begins[i, band])
            prefetch(ids[band], begins[i, band])


@inlined
def _is_new(entry, query, seen):
    """Tell whether an entry exists and was not compared with this query yet, and note that it is now."""
    if entry >= seen.size or seen[entry] == query + 1:
        return False
    seen[entry] = _u32(query + 1)
    return True


@inlined
def _write_pair(at, query, entry, equal, pairs_of, pairs_to, equals):
    """Write one pair, if there is room for it."""
    if at < pairs_of.size:
        pairs_of[at], pairs_to[at] = _u32(query), _u32(entry)
        equals[at] = np.uint16(equal)


@kernel(
    f"UniTuple(int64, 2)({_RO2_U8}, int64, int64, {_RO2_U32}, {_RO2_U8}, {_RO2_U32}, {_RO2_U8}, "
    "int64, int64, uint32[::1], uint32[::1], uint32[::1], uint16[::1])"
)
def query_bands(
    queries, rows, bits, directory, tags, ids, slots, least, cap, seen, pairs_of, pairs_to, equals
):
    """List (query, entry, equal slots) for all candidates with at least `least` equal slots.

    Queries go in groups: their buckets are asked for before any of them is read.

    Args:
        queries, slots: uint8[n, K] and uint8[N, K] signatures.
        cap: at most so many entries of a bucket are compared.
        seen: uint32[N] zeros.

    Returns:
        how many were found (more than fit into `pairs_of` are counted, not written), and how many buckets
        were cut at `cap`.
    """
    bands = directory.shape[0]
    query_hashes = np.empty((_GROUP, bands), np.uint32)
    begins, ends = np.empty((_GROUP, bands), np.int64), np.empty((_GROUP, bands), np.int64)
    total, cut = 0, 0
    for query in range(queries.shape[0]):
        i = query % _GROUP
        if i == 0:
            _find_buckets(queries, query, rows, bits, directory, tags, ids, query_hashes, begins, ends)
        for band in range(bands):
            compared = 0
            tag = _tag(query_hashes[i, band])
            for at in range(begins[i, band], ends[i, band]):
                if tags[band, at] != tag:
                    continue
                if compared == cap:
                    cut += 1
                    break
                compared += 1
                entry = np.int64(ids[band, at])
                if not _is_new(entry, query, seen):
                    continue
                equal = _equal_slots(queries[query], slots[entry])
                if equal >= least:
                    _write_pair(total, query, entry, equal, pairs_of, pairs_to, equals)
                    total += 1
    return total, cut
