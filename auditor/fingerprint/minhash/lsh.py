"""Near-duplicate search over MinHash signatures: banded LSH as mapped arrays, every candidate verified.

A signature keeps the low byte of each slot: 128 bytes for 128 permutations, an error of 0.0002 more than the
full slots. Texts with equal signatures are one entry with many keys, so refusals do not flood the buckets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.errors import FingerprintError, UsageError
from auditor.fingerprint import index_file
from auditor.fingerprint.minhash import banding
from auditor.fingerprint.minhash.signature import MinHashSpec
from auditor.fingerprint.search.ngrams import ladder
from auditor.fingerprint.tokens.words import I64, U8, U32

FORMAT = "auditor.lsh/1"
BUCKET_CAP = 256
"""Entries of one bucket compared per query; cut buckets are counted in the answer."""
_FILL = 0.45
"""Buckets per entry, at most; 4 bytes each and per band."""
_CHANCE = 1 / 256
"""How often the low bytes of two unequal slots agree."""


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """The pairs that a query found, one entry each.

    Attributes:
        queries: uint32[m], keys: m strings, similarities: float32[m] estimated Jaccard similarity.
        cut_buckets: buckets that held more than `BUCKET_CAP` candidates: their rest was not compared.
        spec: the specification the signatures follow.
    """

    queries: U32
    keys: tuple[str, ...]
    similarities: NDArray[np.float32]
    cut_buckets: int
    spec: str


@dataclass(frozen=True, slots=True)
class LshIndex:
    """Distinct signatures, grouped by band.

    Attributes:
        directory: uint32[bands, 2**bits + 1]; band_hashes, ids: uint32[bands, N].
        slots: uint8[N, K] low bytes of the signatures.
        bounds: uint32[N + 1]; the keys of entry i are keys bounds[i]:bounds[i + 1].
        keys: packed strings.
    """

    spec: MinHashSpec
    rows: int
    directory: U32
    band_hashes: U32
    ids: U32
    slots: U8
    bounds: U32
    keys: tuple[U8, I64]

    def __len__(self) -> int:
        """Return the number of keys."""
        return int(self.keys[1].size - 1)

    @property
    def bits(self) -> int:
        """Return how many top bits of a band hash choose its bucket."""
        return int(self.directory.shape[1] - 1).bit_length() - 1

    @property
    def nbytes(self) -> int:
        """Return the bytes of all arrays but the keys."""
        return sum(a.nbytes for a in (self.directory, self.band_hashes, self.ids, self.slots, self.bounds))

    @classmethod
    def build(
        cls, signatures: U32, keys: Sequence[str], spec: MinHashSpec, bands: int = 16, rows: int = 8
    ) -> LshIndex:
        """Index uint32[n, K] signatures under their keys.

        Raises:
            UsageError: bands and rows do not fit the signature.
        """
        if bands < 1 or rows < 1 or bands * rows > spec.permutations:
            raise UsageError(
                f"{bands} bands of {rows} rows do not fit {spec.permutations} permutations",
                fix="take bands x rows at most the number of permutations",
            )
        band_hashes = np.empty((bands, len(signatures)), np.uint32)
        banding.hash_bands(signatures, rows, band_hashes)
        return _assemble(spec, rows, band_hashes, signatures.astype(np.uint8), list(keys))

    def key(self, number: int) -> str:
        """Return one key."""
        return index_file.unpack_string(*self.keys, number)

    def query(self, signatures: U32, spec: MinHashSpec, threshold: float = 0.5) -> NearDuplicates:
        """Find all keys whose estimated Jaccard similarity to a query is at least `threshold`.

        Raises:
            FingerprintError: the queries follow another specification.
        """
        self._same(spec.id)
        slots = spec.permutations
        least = int(np.ceil(slots * (threshold + (1 - threshold) * _CHANCE)))
        room = max(1024, 4 * len(signatures))
        while True:
            pairs = np.empty(room, np.uint32), np.empty(room, np.uint32), np.empty(room, np.uint16)
            found, cut = banding.query_bands(
                signatures, self.rows, self.bits, self.directory, self.band_hashes, self.ids, self.slots,
                least, BUCKET_CAP, np.zeros(len(self.slots), np.uint32), *pairs,
            )  # fmt: skip
            if found <= room:
                break
            room = found
        queries, entries, equal = (part[:found] for part in pairs)
        similarities = (equal / slots - _CHANCE) / (1 - _CHANCE)
        begins, ends = self.bounds[entries].astype(np.int64), self.bounds[entries + 1].astype(np.int64)
        counts = ends - begins
        if found and (counts.min() < 1 or ends.max() > len(self)):
            raise _broken()
        members = np.repeat(begins - np.cumsum(counts) + counts, counts)
        members += np.arange(members.size)
        return NearDuplicates(
            np.repeat(queries, counts),
            tuple(index_file.unpack_strings(*self.keys, members)),
            np.repeat(similarities, counts).astype(np.float32),
            cut,
            self.spec.id,
        )

    def merge(self, other: LshIndex) -> LshIndex:
        """Return an index of both; needs no signature but what is stored.

        Raises:
            FingerprintError: the indexes follow different specifications.
        """
        self._same(other.spec.id)
        self._whole()
        other._whole()
        if (other.rows, other.band_hashes.shape[0]) != (self.rows, self.band_hashes.shape[0]):
            raise FingerprintError(
                "the indexes have different bands", fix="build both with the same bands and rows"
            )
        band_hashes = np.concatenate([self._band_hashes_by_key(), other._band_hashes_by_key()], axis=1)
        slots = np.concatenate([self._slots_by_key(), other._slots_by_key()])
        return _assemble(self.spec, self.rows, band_hashes, slots, self._all_keys() + other._all_keys())

    def add(self, signatures: U32, keys: Sequence[str]) -> LshIndex:
        """Return an index with more signatures."""
        return self.merge(LshIndex.build(signatures, keys, self.spec, self.band_hashes.shape[0], self.rows))

    def remove(self, keys: Sequence[str]) -> LshIndex:
        """Return an index without these keys.

        Raises:
            FingerprintError: a key is not there.
        """
        self._whole()
        known = self._all_keys()
        gone = set(keys)
        if missing := gone.difference(known):
            raise FingerprintError(f"there is no key {min(missing)!r} in the index")
        keep = np.array([key not in gone for key in known], np.bool_)
        left = [key for key in known if key not in gone]
        return _assemble(
            self.spec, self.rows, self._band_hashes_by_key()[:, keep], self._slots_by_key()[keep], left
        )

    def save(self, path: Path) -> None:
        """Write the index as one file, atomically."""
        spec = {"shingle": self.spec.shingle, "permutations": self.spec.permutations, "seed": self.spec.seed}
        header = {"format": FORMAT, "spec": self.spec.id, "minhash": spec, "rows": self.rows}
        arrays: dict[str, NDArray[Any]] = {
            "directory": self.directory,
            "prints": self.band_hashes,
            "ids": self.ids,
            "slots": self.slots,
            "bounds": self.bounds,
            "key_data": self.keys[0],
            "key_offsets": self.keys[1],
        }
        index_file.write(path, header, arrays)

    @classmethod
    def open(cls, path: Path) -> LshIndex:
        """Map an index from disk; nothing is read but the header.

        Raises:
            FingerprintError: missing, broken, or of another format or specification.
        """
        header, arrays = index_file.read(path)
        try:
            spec = MinHashSpec(**{name: int(value) for name, value in header["minhash"].items()})
            if (header["format"], header["spec"]) != (FORMAT, spec.id):
                raise FingerprintError(
                    f"the index follows {header['format']} {header['spec']}, not {FORMAT} {spec.id}",
                    where=str(path),
                    fix="build it again",
                )
            keys = (arrays["key_data"], arrays["key_offsets"])
            parts = [arrays[name] for name in ("directory", "prints", "ids", "slots", "bounds")]
            index = cls(spec, int(header["rows"]), parts[0], parts[1], parts[2], parts[3], parts[4], keys)
            if not index._sound():
                raise ValueError("shapes")
        except (LookupError, TypeError, ValueError, AttributeError, OverflowError, UsageError) as error:
            raise FingerprintError("the index is broken", where=str(path), fix="build it again") from error
        return index

    def _sound(self) -> bool:
        """Tell whether the shapes agree; the kernels clamp what the arrays themselves say."""
        kinds = [a.dtype.name for a in (self.directory, self.band_hashes, self.ids, self.slots, self.bounds)]
        bands, entries = self.band_hashes.shape
        return (
            kinds == ["uint32", "uint32", "uint32", "uint8", "uint32"]
            and self.ids.shape == (bands, entries)
            and self.directory.shape == (bands, (1 << self.bits) + 1)
            and self.slots.shape == (entries, self.spec.permutations)
            and self.bounds.shape == (entries + 1,)
            and 1 <= self.rows <= self.spec.permutations // bands
            and 1 <= self.bits <= 32
        )

    def _whole(self) -> None:
        """Look at every entry, which `open` does not, before all of them are used.

        Raises:
            FingerprintError: an array leads outside another.
        """
        entries = np.arange(len(self.slots), dtype=np.uint32)
        sound = ladder(self.bounds, len(self)) and ladder(self.keys[1], self.keys[0].size)
        if not sound or not all(np.array_equal(np.sort(line), entries) for line in self.ids):
            raise _broken()

    def _same(self, spec: str) -> None:
        if spec != self.spec.id:
            raise FingerprintError(
                f"the signatures follow {spec}, the index {self.spec.id}",
                fix="sign with the index's specification",
            )

    def _all_keys(self) -> list[str]:
        return index_file.unpack_strings(*self.keys, np.arange(len(self)))

    def _entry_of_key(self) -> I64:
        bounds = self.bounds.astype(np.int64)
        counts = bounds[1:] - bounds[:-1]
        return np.repeat(np.arange(len(self.slots)), counts)

    def _band_hashes_by_key(self) -> U32:
        band_hashes = np.empty_like(self.band_hashes)
        for band in range(len(band_hashes)):
            band_hashes[band, self.ids[band]] = self.band_hashes[band]
        result: U32 = band_hashes[:, self._entry_of_key()]
        return result

    def _slots_by_key(self) -> U8:
        result: U8 = self.slots[self._entry_of_key()]
        return result


def _broken() -> FingerprintError:
    return FingerprintError("the near-duplicate index contradicts itself", fix="build it again")


def _assemble(spec: MinHashSpec, rows: int, band_hashes: U32, slots: U8, keys: list[str]) -> LshIndex:
    """Collapse equal signatures and group the rest by band."""
    rank = _first_of_equal(
        np.concatenate([np.ascontiguousarray(band_hashes.T).view(np.uint8), slots], axis=1)
    )
    firsts, entry = np.unique(rank, return_inverse=True)
    order = np.argsort(entry, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(np.bincount(entry, minlength=len(firsts)))]).astype(np.uint32)
    distinct = np.ascontiguousarray(band_hashes[:, firsts])
    bits = max(1, int(len(firsts) * _FILL).bit_length() - 1)
    directory = np.zeros((len(band_hashes), (1 << bits) + 1), np.uint32)
    sorted_hashes, ids = np.empty_like(distinct), np.empty_like(distinct)
    banding.fill_bands(distinct, bits, directory, sorted_hashes, ids)
    packed = index_file.pack_strings([keys[k] for k in order.tolist()])
    return LshIndex(
        spec, rows, directory, sorted_hashes, ids, np.ascontiguousarray(slots[firsts]), bounds, packed
    )


def _first_of_equal(rows: U8) -> I64:
    """Return for each row the number of the first row equal to it."""
    if not len(rows):
        return np.zeros(0, np.int64)
    whole = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1]))).ravel()
    _, first, inverse = np.unique(whole, return_index=True, return_inverse=True)
    result: I64 = first[inverse.reshape(-1)].astype(np.int64)
    return result
