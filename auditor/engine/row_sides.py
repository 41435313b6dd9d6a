"""Which side of a split each audited row goes to: a number a row, looked up by file and row number."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

ABSENT, REMOVED, KEPT, UNJUDGED = 0, 1, 2, 3
"""A row is not known, goes, stays, or was not judged and goes too."""
_ID = re.compile(r".*#[0-9]{1,18}", re.DOTALL)
Sides = NDArray[np.int8]


class RowSides:
    """The sides of rows by their ids, `file#row`; of one that is added twice the last word counts."""

    def __init__(self) -> None:
        self._added: dict[str, list[tuple[NDArray[np.int64], Sides]]] = {}

    def add(self, ids: pa.StringArray, stays: pa.BooleanArray) -> None:
        """Add judged rows, with whether they stay.

        Raises:
            pa.ArrowInvalid: an id is none.
        """
        stay = np.asarray(stays.fill_null(False).to_numpy(zero_copy_only=False), bool)
        self._add(ids, np.where(stay, KEPT, REMOVED).astype(np.int8))

    def add_unjudged(self, ids: Sequence[str]) -> None:
        """Add rows that the audit could not read or judge."""
        known = [id for id in ids if _ID.fullmatch(id)]
        self._add(pa.array(known, pa.string()), np.full(len(known), UNJUDGED, np.int8))

    def of(self, file: str, numbers: Sequence[int] | NDArray[np.int64]) -> Sides:
        """Return the side of each of these rows of a file."""
        asked = np.asarray(numbers, np.int64)
        known, sides = self._of_file(file)
        if not len(known):
            return np.full(len(asked), ABSENT, np.int8)
        places = np.maximum(np.searchsorted(known, asked, "right") - 1, 0)
        found: Sides = np.where(known[places] == asked, sides[places], np.int8(ABSENT))
        return found

    def _add(self, ids: pa.StringArray, sides: Sides) -> None:
        if not len(ids):
            return
        parts = pc.split_pattern(ids, "#", max_splits=1, reverse=True)
        if pc.any(pc.not_equal(pc.list_value_length(parts), 2).fill_null(True)).as_py():
            raise pa.ArrowInvalid("a row's id is not of the form file#row")
        files = pc.list_element(parts, 0).dictionary_encode()
        numbers = pc.list_element(parts, 1).cast(pa.int64()).to_numpy()
        places = files.indices.to_numpy()
        for place, file in enumerate(files.dictionary.to_pylist()):
            here = places == place
            self._added.setdefault(file, []).append((numbers[here], sides[here]))

    def _of_file(self, file: str) -> tuple[NDArray[np.int64], Sides]:
        """Return the numbers known of a file, in order, and their sides; equal ones in the order added."""
        added = self._added.get(file, [])
        if len(added) != 1 or np.any(np.diff(added[0][0]) < 0):
            numbers = np.concatenate([np.empty(0, np.int64), *(part for part, _ in added)])
            sides = np.concatenate([np.empty(0, np.int8), *(part for _, part in added)])
            order = np.argsort(numbers, kind="stable")
            self._added[file] = [(numbers[order], sides[order])]
        return self._added[file][0]
