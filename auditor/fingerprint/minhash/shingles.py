"""Sign texts after any specification: this package's own by its kernel, others by datasketch's hashes."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.fingerprint.minhash.signature import (
    MinHashSpec,
    Scheme,
    ShingleHash,
    permutations,
    signatures_of_words,
)
from auditor.fingerprint.tokens.words import I64, U8, Words

_MERSENNE, _LARGEST = np.uint64((1 << 61) - 1), np.uint64(0xFFFFFFFF)
_BLOCK = 2048


def low_bytes(texts: pa.Array, words: Words, spec: MinHashSpec) -> tuple[U8, I64]:
    """Return uint8[n, K], the low bytes of each text's signature, and how many words it was made of.

    Args:
        words: of the texts, as `scan` finds them.
    """
    if spec.hash is ShingleHash.WORDS:
        rows = signatures_of_words(words.bounds, words.ids, spec)
        return rows.astype(np.uint8), np.diff(words.bounds)
    out = np.empty((len(texts), spec.permutations), np.uint8)
    counts = np.zeros(len(texts), np.int64)
    for at, text in enumerate(texts.to_pylist()):
        parts = (text or "").lower().split()
        out[at], counts[at] = _sign(parts, spec), len(parts)
    return out, counts


def _sign(parts: list[str], spec: MinHashSpec) -> NDArray[Any]:
    size = spec.shingle
    whole = (
        {" ".join(parts[at : at + size]) for at in range(max(1, len(parts) - size + 1))} if parts else set()
    )
    width = 4 if spec.hash is ShingleHash.SHA1_32 else 8
    raw = b"".join(hashlib.sha1(one.encode(), usedforsecurity=False).digest()[:width] for one in whole)
    hashes = np.frombuffer(raw, np.dtype(f"<u{width}"))
    factors, offsets = _permutations(spec)
    least = np.full(spec.permutations, np.iinfo(factors.dtype).max, factors.dtype)
    if spec.scheme is Scheme.LEGACY:
        least &= _LARGEST
    for start in range(0, hashes.size, _BLOCK):
        block = hashes[start : start + _BLOCK].astype(factors.dtype)
        np.minimum(least, _permuted(block, factors, offsets, spec.scheme).min(axis=0), out=least)
    return least


def _permuted(hashes: NDArray[Any], factors: NDArray[Any], offsets: NDArray[Any], scheme: Scheme) -> Any:
    if scheme is Scheme.LEGACY:
        return (hashes[:, None] * factors + offsets) % _MERSENNE & _LARGEST
    return _mixed(hashes)[:, None] * factors + offsets


def _mixed(hashes: NDArray[Any]) -> NDArray[Any]:
    """Apply the finalizer of MurmurHash3, as datasketch does before its permutations."""
    if hashes.dtype == np.uint32:
        steps = ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1))
    else:
        steps = ((33, 0xFF51AFD7ED558CCD), (33, 0xC4CEB9FE1A85EC53), (33, 1))
    kind = hashes.dtype.type
    for shift, factor in steps:
        hashes = (hashes ^ (hashes >> kind(shift))) * kind(factor)
    return hashes


@cache
def _permutations(spec: MinHashSpec) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return datasketch's factors and offsets for a scheme and seed."""
    source = np.random.RandomState(spec.seed)
    count = spec.permutations
    if spec.scheme is Scheme.AFFINE32:
        return permutations(count, spec.seed)
    if spec.scheme is Scheme.AFFINE64:
        factors = source.randint(0, 1 << 63, count, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
        return factors, source.randint(0, 1 << 64, count, dtype=np.uint64)
    pairs = np.array(
        [
            (source.randint(1, _MERSENNE, dtype=np.uint64), source.randint(0, _MERSENNE, dtype=np.uint64))
            for _ in range(count)
        ],
        np.uint64,
    )
    return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
