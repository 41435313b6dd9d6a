"""Rows that follow one another in a file: objects, or what objects are made of when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import orjson

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditor.row_kernels.row_schemas import Notes

Row = dict[str, Any]


class Run(Protocol):
    """Rows that follow one another."""

    def __len__(self) -> int:
        """Return how many they are."""

    def row(self, place: int) -> Row:
        """Return one as Python values."""

    def rows(self) -> Sequence[Row]:
        """Return all as Python values."""


@dataclass(slots=True)
class RowList:
    """Rows as they are."""

    held: list[Row] = field(default_factory=list)

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.held)

    def row(self, place: int) -> Row:
        """Return one as Python values."""
        return self.held[place]

    def rows(self) -> Sequence[Row]:
        """Return all as Python values."""
        return self.held


@dataclass(slots=True)
class JsonBlock:
    """Rows that stand in one text."""

    text: bytes
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    exact: dict[int, Row]
    """Rows that `orjson.loads` does not give as the exact parser does, by their places."""
    outline: Outline | None = None

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.starts)

    def row(self, place: int) -> Row:
        """Return one as Python values."""
        found = self.exact.get(place)
        if found is None:
            found = orjson.loads(self.text[self.starts[place] : self.ends[place]])
        assert found is not None
        return found

    def rows(self) -> Sequence[Row]:
        """Return all as Python values."""
        return [self.row(place) for place in range(len(self))]


@dataclass(slots=True)
class ColumnBlock:
    """Rows that stand in columns."""

    count: int
    make: Callable[[int, int], Sequence[Row]]
    """Makes rows, from a place on so many."""
    outline: Outline | None = None

    def __len__(self) -> int:
        """Return how many they are."""
        return self.count

    def row(self, place: int) -> Row:
        """Return one as Python values."""
        return self.make(place, 1)[0]

    def rows(self) -> Sequence[Row]:
        """Return all as Python values."""
        return self.make(0, self.count)


@dataclass(slots=True)
class Outline:
    """The schemas of a run's rows, and where their values stand in a text."""

    text: NDArray[np.uint8]
    schemas: NDArray[np.int32]
    """The number of each row's schema in its file, -1 for a row that must be asked for itself."""
    first: NDArray[np.int64]
    """The place of each row's first value among the leaves."""
    leaves: NDArray[np.int64]
    """Where each value begins and ends in the text; of a row those that hold no other, in reading order."""
    escaped: bool
    """The values are JSON text, and in the order of their text; else they are what they stand for, and those
    of an object in the order of canonical JSON."""

    def value(self, row: int, place: int) -> tuple[bytes, str]:
        """Return a text of a row as it is written, and what it stands for."""
        begin, end = self.leaves[self.first[row] + place].tolist()
        raw = self.text[begin:end].tobytes()
        return raw, orjson.loads(b'"%b"' % raw) if self.escaped else raw.decode()

    @staticmethod
    def of(notes: Notes, text: NDArray[np.uint8], kept: NDArray[np.int64] | slice, escaped: bool) -> Outline:
        """Return what was noted of some rows."""
        return Outline(text, notes.schemas[kept], notes.first[kept], notes.leaves, escaped)
