"""The digests of rows and datasets.

A row's digest is SHA-256 over its canonical JSON (`auditor.canonical`). A dataset's digest is the root of the
RFC 6962 hash tree over the sorted row digests: it knows duplicates and does not know order or shards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from auditor.canonical import RowError, canonical, encode, parse_canonical, parse_row
from auditor.canonical_lines import parse_many
from auditor.ids import Digest, written
from auditor.row_kernels.worth import pays

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "DatasetDigest",
    "Digests",
    "InclusionProof",
    "RowError",
    "canonical",
    "dataset_digest",
    "digest_json",
    "digest_many",
    "end_to_end",
    "parse_row",
    "row_digest",
    "split_digests",
    "tree_root",
    "verify_inclusion",
]

Digests: TypeAlias = "Sequence[bytes] | NDArray[np.uint8]"
"""Row digests: 32 bytes each, or uint8[rows, 32]."""

_SUBTREE = 1 << 12
"""Leaves hashed level by level, which is quick; their tops are joined as they come, which bounds memory."""


def digest_json(raw: bytes) -> tuple[bytes, dict[str, Any]]:
    """Parse one row strictly and return its digest (32 bytes) with it.

    Raises:
        RowError: as `parse_row` does.
    """
    row, form = parse_canonical(raw)
    return hashlib.sha256(form).digest(), row


def digest_many(raws: Sequence[bytes]) -> list[tuple[bytes, dict[str, Any]] | RowError]:
    """Return of each row what `digest_json` returns, or the error it raises; faster."""
    return [
        found if isinstance(found, RowError) else (hashlib.sha256(found[1]).digest(), found[0])
        for found in parse_many(raws)
    ]


def row_digest(row: Mapping[str, Any]) -> bytes:
    """Return the digest (32 bytes) of a row given as Python values.

    Raises:
        RowError: a value has no canonical form.
    """
    return hashlib.sha256(encode(row)).digest()


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """Shows that a row digest is in a dataset: its place among the sorted digests and the audit path."""

    index: int
    size: int
    path: tuple[bytes, ...]
    """Sibling hashes from the leaf up (RFC 6962, section 2.1.1), 32 bytes each."""


class DatasetDigest:
    """Gathers row digests, 32 bytes each, and gives the dataset's digest."""

    def __init__(self) -> None:
        self._rows = bytearray()
        self._sorted = True

    def __len__(self) -> int:
        return len(self._rows) // 32

    def add(self, digest: bytes) -> None:
        """Add one row digest.

        Raises:
            ValueError: it is not 32 bytes.
        """
        if len(digest) != 32:
            raise ValueError("a row digest has 32 bytes")
        self._rows += digest
        self._sorted = False

    def extend(self, digests: Iterable[bytes]) -> None:
        """Add many row digests, given one by one.

        Raises:
            ValueError: one is not 32 bytes; none of them is added.
        """
        self.extend_run(end_to_end(digests if isinstance(digests, Sequence) else list(digests)))

    def extend_run(self, run: bytes | bytearray | memoryview) -> None:
        """Add many row digests, given end to end.

        Raises:
            ValueError: it is no whole number of digests.
        """
        if len(run) % 32:
            raise ValueError("a row digest has 32 bytes")
        self._rows += run
        self._sorted = False

    def merge(self, other: DatasetDigest) -> None:
        """Add all row digests of another shard."""
        self._rows += other._rows
        self._sorted = False

    def rows(self) -> bytes:
        """Return all row digests, sorted and end to end."""
        return bytes(self._in_order())

    def root(self) -> bytes:
        """Return the root (32 bytes) of the hash tree over the sorted row digests."""
        return tree_root(self._in_order())

    def _in_order(self) -> memoryview:
        if not self._sorted:
            import numpy as np  # a list of a million digests would take three times the memory

            np.frombuffer(self._rows, "S32").sort()
            self._sorted = True
        return memoryview(self._rows).toreadonly()

    def hexdigest(self) -> str:
        """Return the root in hexadecimal."""
        return self.root().hex()

    def digest(self) -> Digest:
        """Return the dataset's digest as it is written."""
        return written(self.root())

    def prove(self, digest: bytes) -> InclusionProof:
        """Return the proof that a row with this digest is in the dataset.

        Raises:
            KeyError: there is no such row.
        """
        rows = self.rows()
        ordered = [rows[at : at + 32] for at in range(0, len(rows), 32)]
        try:
            index = ordered.index(digest)
        except ValueError:
            raise KeyError(digest.hex()) from None
        level, place, path = _leaves(rows), index, []
        while len(level) > 1:
            sibling = place ^ 1
            if sibling < len(level):
                path.append(level[sibling])
            level, place = _next_level(level), place // 2
        return InclusionProof(index, len(ordered), tuple(path))


def tree_root(rows: bytes | bytearray | memoryview) -> bytes:
    """Return the root (32 bytes) of the hash tree over sorted row digests, given end to end."""
    peaks = list[tuple[int, bytes]]()
    last_is_whole = not len(rows) % (_SUBTREE * 32)
    tops = _tops(rows)
    for place, node in enumerate(tops, 1):
        whole, height = place < len(tops) or last_is_whole, 0
        while whole and peaks and peaks[-1][0] == height:
            height, node = height + 1, _node(peaks.pop()[1], node)
        peaks.append((height, node))
    if not peaks:
        return hashlib.sha256(b"").digest()
    _, root = peaks.pop()
    while peaks:
        root = _node(peaks.pop()[1], root)
    return root


def dataset_digest(digests: Iterable[bytes]) -> str:
    """Return the dataset's digest in hexadecimal, from its row digests in any order."""
    gathered = DatasetDigest()
    gathered.extend(digests)
    return gathered.hexdigest()


def verify_inclusion(digest: bytes, proof: InclusionProof, root: bytes) -> bool:
    """Tell whether the proof ties the row digest to the root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= proof.index < proof.size:
        return False
    place, last = proof.index, proof.size - 1
    node = _leaf(digest)
    for sibling in proof.path:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = _node(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = _node(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def _leaves(rows: bytes | bytearray | memoryview) -> list[bytes]:
    sha256 = hashlib.sha256
    return [sha256(b"\x00" + rows[at : at + 32]).digest() for at in range(0, len(rows), 32)]


def _tops(rows: bytes | bytearray | memoryview) -> list[bytes]:
    """Return the top of each subtree of the row digests."""
    if pays(0):
        from auditor.row_kernels.tree import OWN_SHA256, subtree_tops

        if OWN_SHA256 and rows:
            return subtree_tops(rows, _SUBTREE)
    width = _SUBTREE * 32
    return [_top(_leaves(rows[at : at + width])) for at in range(0, len(rows), width)]


def _top(level: list[bytes]) -> bytes:
    while len(level) > 1:
        level = _next_level(level)
    return level[0]


def _next_level(level: list[bytes]) -> list[bytes]:
    # A last node without a sibling moves up unchanged, which is the tree of RFC 6962.
    sha256 = hashlib.sha256
    pairs = zip(level[::2], level[1::2], strict=False)
    above = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return above + level[-1:] if len(level) % 2 else above


def _leaf(digest: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + digest).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def end_to_end(digests: Digests) -> bytes:
    """Return row digests, however they are given, as one string of them.

    Raises:
        ValueError: one is not 32 bytes.
    """
    if isinstance(digests, Sequence):
        if any(size != 32 for size in set(map(len, digests))):
            raise ValueError("a row digest has 32 bytes")
        return b"".join(digests)
    if digests.ndim != 2 or digests.shape[1] != 32 or digests.dtype != "u1":
        raise ValueError("a row digest has 32 bytes")
    return digests.tobytes()


def split_digests(rows: bytes | bytearray) -> Iterator[bytes]:
    """Yield the row digests of a string of them."""
    for at in range(0, len(rows), 32):
        yield bytes(rows[at : at + 32])
