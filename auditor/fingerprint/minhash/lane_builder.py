"""Build a MinHash lane in memory that does not grow with it: signatures lie in unnamed files meanwhile."""

from __future__ import annotations

import tempfile
import weakref
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from auditor.errors import UsageError
from auditor.files import write_faults
from auditor.fingerprint.minhash import banding
from auditor.fingerprint.minhash.lane import MinhashLane
from auditor.fingerprint.minhash.signature import MinHashSpec
from auditor.fingerprint.tokens.words import I64, U8, U32, U64

BANDS, ROWS = 16, 5
"""Of 128 slots: a similarity of 0.5 is seen in 40 of 100 cases, 0.7 in 95, 0.8 in 99.8."""
_FILL = 0.45
"""Buckets per entry, at most; 4 bytes each and per band."""
_BLOCK = 1 << 16
_MOST_TEXTS = 2**32 - 1


class Spool:
    """An array on an unnamed file, appended to piece by piece and mapped when it is whole."""

    def __init__(self, dtype: DTypeLike, width: int = 0, folder: Path | None = None) -> None:
        """Open an empty array of rows of `width` values; a plain row of values where `width` is 0."""
        self._folder = folder or Path(tempfile.gettempdir())
        with self._faults():
            self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - lives with the array
        weakref.finalize(self, self._file.close)
        self._dtype, self._width = np.dtype(dtype), width
        self._count = 0

    def _faults(self) -> AbstractContextManager[None]:
        return write_faults(self._folder, "make room there", "what an index is made of cannot be written")

    def append(self, array: NDArray[Any]) -> None:
        """Write more rows."""
        with self._faults():
            np.ascontiguousarray(array, self._dtype).tofile(self._file)
        self._count += len(array)

    def array(self, shape: tuple[int, ...] | None = None) -> NDArray[Any]:
        """Map what was written, read-only."""
        with self._faults():
            self._file.flush()
        shape = shape or ((self._count, self._width) if self._width else (self._count,))
        if not self._count:
            return np.zeros(shape, self._dtype)
        return np.asarray(np.memmap(self._file, self._dtype, "r", shape=shape))


@dataclass(slots=True)
class LaneBuilder:
    """Collect signatures, then group them.

    Attributes:
        folder: where the unnamed files lie; the system's place for temporary files by default.
    """

    spec: MinHashSpec
    bands: int = BANDS
    rows: int = ROWS
    folder: Path | None = None
    _slots: Spool = field(init=False)
    _digests: list[U64] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open the file of signatures.

        Raises:
            UsageError: bands and rows do not fit the signature.
        """
        if self.bands < 1 or self.rows < 1 or self.bands * self.rows > self.spec.permutations:
            raise UsageError(
                f"{self.bands} bands of {self.rows} rows do not fit {self.spec.permutations} permutations",
                fix="take bands x rows at most the number of permutations",
            )
        self._slots = Spool(np.uint8, self.spec.permutations, self.folder)

    def add(self, slots: U8) -> None:
        """Add the signatures of texts: uint8[n, K]."""
        digests = np.empty(len(slots), np.uint64)
        banding.digest_slots(slots, digests)
        self._digests.append(digests)
        self._slots.append(slots)

    def build(self) -> MinhashLane:
        """Collapse equal signatures and group the rest by band."""
        slots = self._slots.array()
        if len(slots) > _MOST_TEXTS:
            raise UsageError(f"an index holds at most {_MOST_TEXTS:,} texts", fix="build several")
        digests = np.concatenate([np.zeros(0, np.uint64), *self._digests])
        bounds = members = np.zeros(0, np.uint32)
        if not _distinct(digests):
            first = _first_of_equal(slots, digests)
            own = first == np.arange(len(first))
            entry = (np.cumsum(own) - 1)[first]
            members = np.argsort(entry, kind="stable").astype(np.uint32)
            bounds = np.concatenate([[0], np.cumsum(np.bincount(entry))]).astype(np.uint32)
            slots = self._chosen(slots, own)
        return self._grouped(slots, bounds, members)

    def _chosen(self, slots: U8, keep: NDArray[np.bool_]) -> U8:
        chosen = Spool(np.uint8, self.spec.permutations, self.folder)
        for start in range(0, len(slots), _BLOCK):
            chosen.append(slots[start : start + _BLOCK][keep[start : start + _BLOCK]])
        return chosen.array()

    def _grouped(self, slots: U8, bounds: U32, members: U32) -> MinhashLane:
        hashes = [Spool(np.uint32, 0, self.folder) for _ in range(self.bands)]
        for start in range(0, len(slots), _BLOCK):
            block = slots[start : start + _BLOCK]
            out = np.empty((self.bands, len(block)), np.uint32)
            banding.hash_bands(block, self.rows, out)
            for spool, line in zip(hashes, out, strict=True):
                spool.append(line)
        bits = max(1, int(len(slots) * _FILL).bit_length() - 1)
        buckets = (1 << bits) + 1
        kinds = (np.uint32, np.uint8, np.uint32)
        spools = [Spool(kind, 0, self.folder) for kind in kinds]
        places, tags = np.empty(buckets, np.uint32), np.empty(len(slots), np.uint8)
        ids = np.empty(len(slots), np.uint32)
        for spool in hashes:
            banding.fill_band(spool.array(), bits, places, tags, ids)
            lines: tuple[NDArray[Any], ...] = (places, tags, ids)
            for whole, part in zip(spools, lines, strict=True):
                whole.append(part)
        shapes = ((self.bands, buckets), (self.bands, len(slots)), (self.bands, len(slots)))
        directory, all_tags, all_ids = (one.array(shape) for one, shape in zip(spools, shapes, strict=True))
        return MinhashLane(self.spec, self.rows, directory, all_tags, all_ids, slots, bounds, members)


def _distinct(digests: U64) -> bool:
    ranked = np.sort(digests)
    return not bool((ranked[1:] == ranked[:-1]).any())


def _first_of_equal(slots: U8, digests: U64) -> I64:
    """Return for each signature the number of the first one equal to it."""
    own = np.arange(len(digests), dtype=np.int64)
    order = np.argsort(digests, kind="stable")
    ranked = digests[order]
    fresh = np.ones(len(ranked), np.bool_)
    fresh[1:] = ranked[1:] != ranked[:-1]
    first = np.empty_like(own)
    first[order] = order[np.maximum.accumulate(np.where(fresh, own, 0))]
    again = np.flatnonzero(first != own)
    for start in range(0, again.size, _BLOCK):
        some = again[start : start + _BLOCK]
        alike = (slots[some] == slots[first[some]]).all(axis=1)
        first[some[~alike]] = some[~alike]
    return first


def fitting_bands(permutations: int) -> tuple[int, int]:
    """Return how many bands of how many rows a signature of so many slots is cut into."""
    return min(BANDS, permutations // ROWS), ROWS


def build_lane(slots: U8, spec: MinHashSpec) -> MinhashLane:
    """Build a lane of signatures that are at hand: uint8[n, K]."""
    builder = LaneBuilder(spec, *fitting_bands(spec.permutations))
    builder.add(slots)
    return builder.build()
