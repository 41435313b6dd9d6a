"""Tables of columns as nodes over two pools, and the digests of their rows."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from auditor.canonical import MAX_DEPTH, canonical
from auditor.row_kernels.column_rows import (
    AT,
    BASE,
    CHILD,
    CHILDREN,
    HOLDS,
    KEY,
    KEY_END,
    KIND,
    MEMBERS,
    OTHERS,
    VALID,
    write_rows,
)
from auditor.row_kernels.json_rows import OWN_SHA256
from auditor.row_kernels.row_schemas import Notes, RowSchemas
from auditor.row_kernels.text import PAD

_WRITTEN = 24
"""Bytes that a number is written with, and more."""
_MOST = 512
"""Values of a row that a place is kept for; a row of many more has no schema anyway."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What was noted of the rows of columns, and the text that their values stand in."""

    notes: Notes
    text: NDArray[np.uint8]


class Columns:
    """A table of rows as nodes over two pools, as it is built; the root is an object without a key."""

    def __init__(self) -> None:
        self._nodes: list[list[int]] = []
        self._bytes: list[bytes | memoryview] = []
        self._numbers: list[NDArray[np.int64]] = []
        self._size = 0
        self._count = 0
        self._truths = 0
        self._plain = 0

    def reserve(self, nodes: int) -> int:
        """Make room for nodes that stand side by side, as children must; return the first."""
        first = len(self._nodes)
        self._nodes += [[0] * MEMBERS for _ in range(nodes)]
        for entry in self._nodes[first:]:
            entry[VALID] = -1
        return first

    def set(
        self,
        node: int,
        kind: int,
        *,
        key: str | None = None,
        valid: NDArray[np.bool_] | None = None,
        holds: int = OTHERS,
    ) -> None:
        """Say what a node is: its kind, the key it stands under, and which of its values are not null.

        Args:
            holds: what the text of a `RAW` node is.
        """
        entry = self._nodes[node]
        entry[KIND] = kind
        entry[HOLDS] = holds
        if valid is not None:
            entry[VALID] = self._add_bytes(valid.tobytes())
            self._truths += valid.size
        if key is not None:
            text = canonical(key) + b":"
            entry[KEY] = self._add_bytes(text)
            entry[KEY_END] = entry[KEY] + len(text)

    def set_text(self, node: int, offsets: NDArray[np.int64], text: bytes | memoryview) -> None:
        """Give a node of text its values: where each begins in `text`, and where the last ends."""
        self._nodes[node][AT] = self._add_numbers(offsets)
        self._nodes[node][BASE] = self._add_bytes(text)

    def set_integers(self, node: int, values: NDArray[np.int64]) -> None:
        """Give a node its integers."""
        self._nodes[node][AT] = self._add_numbers(values)
        self._plain += values.size

    def set_truths(self, node: int, values: NDArray[np.bool_]) -> None:
        """Give a node its truth values."""
        self._nodes[node][AT] = self._add_bytes(values.tobytes())
        self._truths += values.size
        self._plain += values.size

    def set_children(self, node: int, first: int, count: int) -> None:
        """Give an object its members, in the order of their keys (`key_order`), or a list its one child."""
        self._nodes[node][CHILD] = first
        self._nodes[node][CHILDREN] = count

    def set_list(self, node: int, offsets: NDArray[np.int64], child: int) -> None:
        """Give a list where each of its values begins among the child's, and where the last ends."""
        self._nodes[node][AT] = self._add_numbers(offsets)
        self.set_children(node, child, 1)

    def digests(
        self, rows: int, schemas: RowSchemas | None = None
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8], Noted | None]:
        """Return the digests of the rows (rows, 32), of each `DONE` or `LEFT` (then it has none), and notes.

        Args:
            schemas: takes the schemas of the rows; None notes nothing.
        """
        nodes = np.array(self._nodes, np.int64)
        nodes.flags.writeable = False
        values = min(self._count + self._truths, _MOST * rows)
        room = bytes(PAD if schemas is None else PAD + _WRITTEN * min(self._plain, values))
        text = np.frombuffer(bytearray().join([*self._bytes, room]), np.uint8)
        numbers = np.concatenate([*self._numbers, np.zeros(1, np.int64)])
        numbers.flags.writeable = False
        notes = Notes.none() if schemas is None else schemas.notes(rows, values)
        notes.write_from(self._size)
        digests, states = _digests(nodes, text, numbers, rows, notes)
        notes.trim()
        return digests, states, None if schemas is None else Noted(notes, text)

    def _add_bytes(self, added: bytes | memoryview) -> int:
        at = self._size
        self._bytes.append(added)
        self._size += len(added)
        return at

    def _add_numbers(self, added: NDArray[np.int64]) -> int:
        at = self._count
        self._numbers.append(added)
        self._count += added.size
        return at


def key_order(key: str) -> bytes:
    """Return what sorts keys as canonical JSON does: their UTF-16 code units (RFC 8785, section 3.2.3)."""
    return key.encode("utf-16-be", "surrogatepass")


def _digests(
    nodes: NDArray[np.int64], text: NDArray[np.uint8], numbers: NDArray[np.int64], rows: int, notes: Notes
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    out = np.empty(1 << 16, np.uint8)
    digests, states = np.zeros((rows, 32), np.uint8), np.zeros(rows, np.uint8)
    bounds, stack = np.zeros(rows + 1, np.int64), np.empty((MAX_DEPTH, 5), np.int64)
    words, tail = np.empty(8, np.uint32), np.empty(128, np.uint8)
    wanted = digests if OWN_SHA256 else np.empty((rows + 1, 32), np.uint8)
    at = 0
    while at < rows:
        first, at = at, write_rows(
            nodes, text, numbers, at, out, bounds, states, stack, words, tail, wanted, text, *notes.arrays
        )  # fmt: skip
        if not OWN_SHA256:
            forms, places = out.tobytes(), bounds[first : at + 1].tolist()
            joined = b"".join(sha256(forms[a:b]).digest() for a, b in pairwise(places))
            digests[first:at] = np.frombuffer(joined, np.uint8).reshape(-1, 32)
        if at == first:
            out = np.empty(2 * out.size, np.uint8)
    return digests, states
