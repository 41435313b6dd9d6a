"""The MinHash lane of an index: signatures of reference texts, grouped by band, every candidate verified.

A signature keeps the low byte of each slot: 128 bytes for 128 permutations, an error of 0.0002 more than the
full slots. Texts with equal signatures are one entry with many texts, so refusals do not flood the buckets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.errors import FingerprintError
from auditor.fingerprint.index_file import ladder
from auditor.fingerprint.minhash import banding
from auditor.fingerprint.minhash.near_calibration import NearCalibration
from auditor.fingerprint.minhash.signature import MinHashSpec, Scheme, ShingleHash
from auditor.fingerprint.tokens.words import I64, U8, U32

VERSION = 1
BUCKET_CAP = 1024
"""Entries of one bucket compared per query; cut buckets are counted in the answer."""
_CHANCE = 1 / 256
"""How often the low bytes of two unequal slots agree."""
_ARRAYS = ("directory", "tags", "ids", "slots")
_SHARED = ("bounds", "members")
_PREFIX = "minhash_"
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The entries that queries are near to.

    Attributes:
        queries: uint32[m], entries: uint32[m], similarities: float32[m] estimated Jaccard similarity.
        cut_buckets: buckets that held more than `BUCKET_CAP` candidates: their rest was not compared.
    """

    queries: U32
    entries: U32
    similarities: NDArray[np.float32]
    cut_buckets: int


@dataclass(frozen=True, slots=True)
class MinhashLane:
    """Distinct signatures of reference texts, grouped by band; all arrays can be mapped from disk.

    Attributes:
        rows: slots of a band.
        directory: uint32[bands, 2**bits + 1], where each bucket starts.
        tags: uint8[bands, N], ids: uint32[bands, N]; a byte of the band hash, and the entry.
        slots: uint8[N, K] low bytes of the signatures.
        bounds, members: uint32[N + 1] and uint32[D], the texts of each entry; both empty where entry i is
            text i.
        calibration: thresholds; None until calibrated, and then the lane finds nothing.
    """

    spec: MinHashSpec
    rows: int
    directory: U32
    tags: U8
    ids: U32
    slots: U8
    bounds: U32
    members: U32
    calibration: NearCalibration | None = None

    def __len__(self) -> int:
        """Return the number of texts."""
        return int(self.members.size) or len(self.slots)

    @property
    def bits(self) -> int:
        """Return how many top bits of a band hash choose its bucket."""
        return int(self.directory.shape[1] - 1).bit_length() - 1

    @property
    def nbytes(self) -> int:
        """Return the bytes of all arrays."""
        return sum(array.nbytes for array in self.arrays().values())

    def query(self, slots: U8, threshold: float) -> Pairs:
        """Find the entries whose estimated Jaccard similarity to a query is at least `threshold`.

        Args:
            slots: uint8[n, K], as `low_bytes` makes them after this lane's specification.
        """
        count = self.spec.permutations
        least = int(np.ceil(count * (threshold + (1 - threshold) * _CHANCE) - 1e-9))
        room = max(1024, 4 * len(slots))
        while True:
            pairs = np.empty(room, np.uint32), np.empty(room, np.uint32), np.empty(room, np.uint16)
            found, cut = banding.query_bands(
                slots, self.rows, self.bits, self.directory, self.tags, self.ids, self.slots,
                least, BUCKET_CAP, np.zeros(len(self.slots), np.uint32), *pairs,
            )  # fmt: skip
            if found <= room:
                break
            room = found
        queries, entries, equal = pairs[0][:found], pairs[1][:found], pairs[2][:found]
        similar = ((equal / count - _CHANCE) / (1 - _CHANCE)).astype(np.float32)
        return Pairs(queries, entries, similar, cut)

    def texts_of(self, entry: int) -> I64:
        """Return the numbers of the texts that have the signature of an entry.

        Raises:
            FingerprintError: the lane's arrays contradict each other.
        """
        if not self.members.size:
            return np.array([entry], np.int64)
        begin, end = int(self.bounds[entry]), int(self.bounds[entry + 1])
        if not begin < end <= self.members.size:
            raise contradicts_itself()
        texts = self.members[begin:end].astype(np.int64)
        if int(texts.max()) >= len(self):
            raise contradicts_itself()
        return texts

    def entries(self) -> I64:
        """Return the entry of each text."""
        if not self.members.size:
            return np.arange(len(self.slots), dtype=np.int64)
        self.check()
        of_text = np.empty(len(self), np.int64)
        steps = self.bounds.astype(np.int64)
        lengths = steps[1:] - steps[:-1]
        of_text[self.members] = np.repeat(np.arange(len(self.slots)), lengths)
        return of_text

    def check(self) -> None:
        """Look at all texts of all entries, which opening does not.

        Raises:
            FingerprintError: an array leads outside another.
        """
        if not self.members.size:
            return
        once = np.zeros(len(self), np.bool_)
        if ladder(self.bounds, len(self)) and int(self.members.max()) < len(self):
            once[self.members] = True
        if not once.all() or not (self.bounds[1:] > self.bounds[:-1]).all():
            raise contradicts_itself()

    def header(self) -> dict[str, Any]:
        """Return what the file's header says of the lane."""
        spec = self.spec
        return {
            "version": VERSION,
            "spec": spec.id,
            "shingle": spec.shingle,
            "permutations": spec.permutations,
            "seed": spec.seed,
            "hash": str(spec.hash),
            "scheme": str(spec.scheme),
            "rows": self.rows,
            "calibration": self.calibration.to_json() if self.calibration else None,
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return every array by its name in the file."""
        named = _ARRAYS + (_SHARED if self.members.size else ())
        return {_PREFIX + name: getattr(self, name) for name in named}

    @classmethod
    def from_arrays(cls, header: dict[str, Any], arrays: Arrays) -> MinhashLane:
        """Wrap a file's arrays.

        Raises:
            ValueError, KeyError and their like: the header or an array is not what it should be.
        """
        shingle, count, seed = (int(header[name]) for name in ("shingle", "permutations", "seed"))
        spec = MinHashSpec(shingle, count, seed, ShingleHash(header["hash"]), Scheme(header["scheme"]))
        if (header["version"], header["spec"]) != (VERSION, spec.id):
            raise ValueError("another version")
        parts: dict[str, Any] = {name: arrays[_PREFIX + name] for name in _ARRAYS}
        empty = np.zeros(0, np.uint32)
        parts |= {name: arrays.get(_PREFIX + name, empty) for name in _SHARED}
        known = header["calibration"]
        calibration = NearCalibration.from_json(known) if known else None
        return cls(spec, int(header["rows"]), **parts, calibration=calibration)

    def sound(self) -> bool:
        """Tell whether types and shapes agree; the kernels clamp what the arrays themselves say."""
        named = (self.directory, self.tags, self.ids, self.slots, self.bounds, self.members)
        kinds = [array.dtype.name for array in named]
        if kinds != ["uint32", "uint8", "uint32", "uint8", "uint32", "uint32"]:
            return False
        if [array.ndim for array in named] != [2, 2, 2, 2, 1, 1]:
            return False
        bands, entries = self.tags.shape
        return (
            bands >= 1
            and 1 <= self.rows <= self.spec.permutations // bands
            and 1 <= self.bits <= 32
            and self.directory.shape == (bands, (1 << self.bits) + 1)
            and self.ids.shape == (bands, entries)
            and self.slots.shape == (entries, self.spec.permutations)
            and self.bounds.size == (entries + 1 if self.members.size else 0)
            and (self.members.size == 0 or self.members.size >= entries)
        )


def contradicts_itself() -> FingerprintError:
    """Return the error of a lane whose arrays lead outside one another."""
    return FingerprintError("the index contradicts itself", fix="build it again with `auditor index build`")
