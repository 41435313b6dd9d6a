"""Style features of a sample of an index's texts, so that a model of style needs the index alone.

Kept are counts by hashed feature, not texts. They are not secret: who guesses a word or a turn of phrase can
tell whether a text is likely to hold it.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.errors import FingerprintError
from auditor.fingerprint.style.features import BLOCKS, FEATURES, HASH_BITS, Matrix, blocks, common_words

MOST = 500
"""Texts kept of one teacher; which ones depends on their ids alone."""
_COUNT_BITS = 12
_COLUMNS = len(BLOCKS) << HASH_BITS
_BATCH = 2000
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class StyleSample:
    """Features of n texts.

    Attributes:
        common: the words that the masked features keep.
        teachers: uint32[n], numbers of the index's teachers; ranks: uint64[n], places in the draw.
        groups: uint64[n], digests of what held-out texts must not share.
        bounds: int64[n + 1]; text i has features[bounds[i]:bounds[i + 1]].
        features: uint32, the column over all blocks in the upper 20 bits, the count in the lower 12.
    """

    common: frozenset[str]
    teachers: U32
    ranks: U64
    groups: U64
    bounds: I64
    features: U32

    def __len__(self) -> int:
        """Return the number of texts."""
        return int(self.teachers.size)

    def matrices(self) -> list[Matrix]:
        """Return one sparse count matrix per block, as `features.blocks` does."""
        import scipy.sparse as sp

        counts = (self.features & np.uint32((1 << _COUNT_BITS) - 1)).astype(np.float32)
        columns = (self.features >> np.uint32(_COUNT_BITS)).astype(np.int32)
        whole = sp.csr_matrix((counts, columns, self.bounds), shape=(len(self), _COLUMNS))
        return [whole[:, k << HASH_BITS : (k + 1) << HASH_BITS] for k in range(len(BLOCKS))]

    def header(self) -> dict[str, Any]:
        """Return what to write beside the arrays."""
        return {"features": FEATURES, "common": sorted(self.common)}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays to write."""
        return {
            "style_teachers": self.teachers,
            "style_ranks": self.ranks,
            "style_groups": self.groups,
            "style_bounds": self.bounds,
            "style_features": self.features,
        }

    @classmethod
    def from_arrays(cls, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> StyleSample:
        """Take what `header` and `arrays` gave.

        Raises:
            FingerprintError: the features are others than this version's.
            KeyError, TypeError, ValueError: the parts do not fit together.
        """
        if header["features"] != FEATURES:
            raise FingerprintError(
                f"the index keeps style features {header['features']}, not {FEATURES}",
                fix="build it again --with-style",
            )
        kinds = ("uint32", "uint64", "uint64", "int64", "uint32")
        names = ("teachers", "ranks", "groups", "bounds", "features")
        parts = [arrays[f"style_{name}"] for name in names]
        sample = cls(frozenset(map(str, header["common"])), *parts)
        rows, bounds = len(sample), sample.bounds
        sound = all(
            part.ndim == 1 and part.dtype.name == kind for part, kind in zip(parts, kinds, strict=True)
        )
        sound = sound and sample.ranks.size == sample.groups.size == rows and bounds.size == rows + 1
        if not sound or bounds[0] != 0 or bounds[-1] != sample.features.size or (np.diff(bounds) < 0).any():
            raise ValueError("style")
        return sample


def _digest(value: str) -> int:
    return int.from_bytes(hashlib.blake2b(value.encode(), digest_size=8).digest(), "little")


class StyleSampler:
    """Draw up to `MOST` texts of each teacher while an index is built, then keep their features.

    The draw takes the ids whose digests are least: it depends neither on the order of the texts nor on how
    they are spread over several additions.
    """

    def __init__(self, kept: tuple[StyleSample, Sequence[str]] | None = None, most: int = MOST) -> None:
        """Start empty, or with a sample and the names of its index's teachers."""
        self._kept, self._most = kept[0] if kept else None, most
        self._drawn: dict[str, list[tuple[int, int, int, str | int]]] = {}
        self._offered = 0
        if kept:
            sample, names = kept
            rows = zip(sample.teachers.tolist(), sample.ranks.tolist(), sample.groups.tolist(), strict=True)
            for row, (teacher, rank, group) in enumerate(rows):
                self._draw(names[teacher], rank, group, row)

    def _draw(self, teacher: str, rank: int, group: int, source: str | int) -> None:
        heap = self._drawn.setdefault(teacher, [])
        self._offered += 1
        entry = (-rank, -self._offered, group, source)
        if len(heap) < self._most:
            heapq.heappush(heap, entry)
        elif entry > heap[0]:
            heapq.heapreplace(heap, entry)

    def add(
        self,
        texts: Sequence[str | None],
        teachers: Sequence[str | None],
        ids: Sequence[str],
        groups: Sequence[str | None],
    ) -> None:
        """Offer texts; those without text or teacher are left out, one without group stands for itself."""
        for text, teacher, name, group in zip(texts, teachers, ids, groups, strict=True):
            if text and text.strip() and teacher:
                self._draw(teacher, _digest(name), _digest(group or f"\0{name}"), text)

    def remove(self, teachers: Collection[str], ids: Collection[str]) -> None:
        """Take texts out of the draw; no others take their place."""
        ranks = {-_digest(name) for name in ids}
        self._drawn = {
            teacher: [entry for entry in heap if entry[0] not in ranks]
            for teacher, heap in self._drawn.items()
            if teacher not in teachers
        }
        for heap in self._drawn.values():
            heapq.heapify(heap)

    def finish(self, teachers: Sequence[str]) -> StyleSample:
        """Return the features of the texts drawn; `teachers` are the index's, in order."""
        entries = [
            (number, -rank, group, source)
            for number, name in enumerate(teachers)
            for rank, _, group, source in sorted(self._drawn.get(name, []), reverse=True)
        ]
        texts = [source for *_, source in entries if isinstance(source, str)]
        common = self._kept.common if self._kept else common_words(texts)
        fresh = _packed(texts, common)
        parts = [next(fresh) if isinstance(source, str) else self._features(source) for *_, source in entries]
        bounds, features = _pruned(parts)
        numbers, ranks, groups = ([entry[k] for entry in entries] for k in range(3))
        return StyleSample(
            common,
            np.array(numbers, np.uint32),
            np.array(ranks, np.uint64),
            np.array(groups, np.uint64),
            bounds,
            features,
        )

    def _features(self, row: int) -> U32:
        sample = self._kept
        if sample is None:
            return np.zeros(0, np.uint32)
        return sample.features[sample.bounds[row] : sample.bounds[row + 1]]


def _packed(texts: Sequence[str], common: frozenset[str]) -> Iterator[U32]:
    """Yield the features of one text after the other."""
    import scipy.sparse as sp

    for start in range(0, len(texts), _BATCH):
        whole = sp.hstack(blocks(texts[start : start + _BATCH], common)).tocsr()
        counts = np.minimum(whole.data, (1 << _COUNT_BITS) - 1).astype(np.uint32)
        packed = whole.indices.astype(np.uint32) << np.uint32(_COUNT_BITS) | counts
        for row in range(whole.shape[0]):
            yield np.sort(packed[whole.indptr[row] : whole.indptr[row + 1]])


def _pruned(parts: list[U32]) -> tuple[I64, U32]:
    """Join the features of all texts, but those that only one text has: training leaves them out anyway."""
    lengths = np.array([part.size for part in parts], np.int64)
    features = np.concatenate([np.zeros(0, np.uint32), *parts])
    columns = features >> np.uint32(_COUNT_BITS)
    keep = np.bincount(columns, minlength=_COLUMNS)[columns] > 1
    left = np.concatenate([np.zeros(1, np.int64), np.cumsum(keep, dtype=np.int64)])
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    return left[bounds], features[keep]
