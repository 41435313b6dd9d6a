# mypy: allow-untyped-defs, no-check-untyped-defs
"""Kernels of the LSH index: band hashes, buckets by counting sort, queries that hide memory latency."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.tokens.machine import fold_multiply, prefetch
from auditor.fingerprint.tokens.reference import K1, K2
from auditor.jit.compile import inlined, kernel

_u32, _u64 = np.uint32, np.uint64
_K1, _K2 = _u64(K1), _u64(K2)
_GROUP = 8
_RO2_U32 = "Array(uint32, 2, 'C', True)"
_RO2_U8 = "Array(uint8, 2, 'C', True)"


@inlined
def _band_hash(row, first, rows):
    """Return the 32-bit hash of one band of a signature."""
    value = _K2 ^ _u64(first)
    for k in range(first, first + rows):
        value = fold_multiply(value ^ _u64(row[k]), _K1)
    return _u32(value >> _u64(32))


@inlined
def _bucket(hash_, bits):
    """Return the bucket of a band hash: its top bits, so that a grown index needs no signature again."""
    return np.int64(hash_ >> _u32(32 - bits))


@kernel(f"void({_RO2_U32}, int64, uint32[:, ::1])")
def hash_bands(signatures, rows, out):
    """Write the hash of every band: out[band, entry]."""
    for entry in range(signatures.shape[0]):
        for band in range(out.shape[0]):
            out[band, entry] = _band_hash(signatures[entry], band * rows, rows)


@kernel(f"void({_RO2_U32}, int64, uint32[:, ::1], uint32[:, ::1], uint32[:, ::1])")
def fill_bands(band_hashes, bits, directory, sorted_hashes, ids):
    """Group entries by bucket: directory[band, b] is where bucket b starts in sorted_hashes and ids."""
    for band in range(band_hashes.shape[0]):
        places = directory[band]
        places[:] = 0
        for entry in range(band_hashes.shape[1]):
            places[_bucket(band_hashes[band, entry], bits) + 1] += _u32(1)
        for b in range(places.size - 1):
            places[b + 1] += places[b]
        for entry in range(band_hashes.shape[1]):
            hash_ = band_hashes[band, entry]
            b = _bucket(hash_, bits)
            at = places[b]
            places[b] = at + _u32(1)
            sorted_hashes[band, at] = hash_
            ids[band, at] = _u32(entry)
        for b in range(places.size - 1, 0, -1):
            places[b] = places[b - 1]
        places[0] = 0


@inlined
def _equal_slots(query, stored):
    count = 0
    for k in range(stored.size):
        count += np.uint8(query[k]) == stored[k]
    return count


@inlined
def _find_buckets(queries, start, rows, bits, directory, band_hashes, query_hashes, begins, ends):
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
            ends[i, band] = min(np.int64(directory[band, b + 1]), band_hashes.shape[1])
            begins[i, band] = min(np.int64(directory[band, b]), ends[i, band])
            prefetch(band_hashes[band], begins[i, band])


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
    f"UniTuple(int64, 2)({_RO2_U32}, int64, int64, {_RO2_U32}, {_RO2_U32}, {_RO2_U32}, {_RO2_U8}, "
    "int64, int64, uint32[::1], uint32[::1], uint32[::1], uint16[::1])"
)
def query_bands(
    queries, rows, bits, directory, band_hashes, ids, slots, least, cap, seen, pairs_of, pairs_to, equals
):
    """List (query, entry, equal slots) for all candidates with at least `least` equal slots.

    Queries go in groups: their buckets are asked for before any of them is read.

    Args:
        slots: uint8[N, K], the low bytes of the indexed signatures.
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
            _find_buckets(queries, query, rows, bits, directory, band_hashes, query_hashes, begins, ends)
        for band in range(bands):
            compared = 0
            for at in range(begins[i, band], ends[i, band]):
                if band_hashes[band, at] != query_hashes[i, band]:
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
