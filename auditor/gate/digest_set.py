"""A set of row digests that takes no more memory than the digests do."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from auditor.digest import split_digests

_BUCKETS = 1 << 16


class DigestSet(AbstractSet[bytes]):
    """Row digests, 32 bytes each, looked up by their first two bytes and then by halves."""

    def __init__(self, run: bytes | bytearray) -> None:
        """Take digests end to end and sorted; equal ones count once."""
        import numpy as np

        rows = np.frombuffer(run, "S32")
        fresh = np.ones(len(rows), bool)
        fresh[1:] = rows[1:] != rows[:-1]
        self._run = run if fresh.all() else rows[fresh].tobytes()
        heads = np.frombuffer(self._run, ">u2")[::16]
        self._starts = np.searchsorted(heads, np.arange(_BUCKETS + 1)).tolist()

    def __len__(self) -> int:
        return len(self._run) // 32

    def __iter__(self) -> Iterator[bytes]:
        return split_digests(self._run)

    def __contains__(self, digest: object) -> bool:
        if not isinstance(digest, bytes) or len(digest) != 32:
            return False
        bucket = digest[0] << 8 | digest[1]
        low, high = self._starts[bucket], self._starts[bucket + 1]
        place = bisect_left(range(len(self)), digest, low, high, key=self._at)
        return bool(place < high and self._at(place) == digest)

    def __le__(self, other: AbstractSet[object]) -> bool:
        same = isinstance(other, DigestSet) and other._run == self._run
        return same or super().__le__(other)

    def _at(self, place: int) -> bytes:
        return bytes(self._run[32 * place : 32 * place + 32])

    @classmethod
    def _from_iterable(cls, digests: Iterable[bytes]) -> frozenset[bytes]:  # type: ignore[override]
        return frozenset(digests)
