"""Registered works in the rows: which, in how many rows, and how much of each; for the fair-use sheet alone.

A work is a text that an index holds under the label `work:TITLE`. Its share is of the characters that the
index holds of it, each counted once however many rows repeat it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.domain.report.fair_use import SheetWork
from auditor.domain.sample import WORK
from auditor.engine.search import RowMatches

if TYPE_CHECKING:
    from auditor.fingerprint.search.reference_index import ReferenceIndex

_Stretches = list[tuple[int, int]]


def title_of(label: str) -> str | None:
    """Return the title that an index label registers; None where it registers no work."""
    known = label[: len(WORK)].casefold() == WORK and len(label) > len(WORK)
    return label[len(WORK) :].strip() if known else None


@dataclass(slots=True)
class WorkCount:
    """Rows by title, and the stretches of each reference that some row repeats."""

    rows: dict[str, int] = field(default_factory=dict)
    total: int = 0
    """Rows that repeat any work."""
    _stretches: dict[tuple[str, str, str], _Stretches] = field(default_factory=dict)

    def add(self, matches: RowMatches, rows: int) -> NDArray[np.bool_]:
        """Count one batch of `rows` rows and tell which of them repeat a work."""
        found = np.zeros(rows, bool)
        if not any(map(title_of, _labels(matches.hits))):
            return found
        titles: dict[int, set[str]] = {}
        names = ("row", "index", "teacher", "teachers", "reference_id")
        columns = [matches.hits.column(name).to_pylist() for name in names]
        spans = matches.hits.column("spans")
        for place, (row, index, teacher, labels, reference) in enumerate(zip(*columns, strict=True)):
            named = {title for label in labels or (teacher,) if (title := title_of(label))}
            if named:
                titles.setdefault(row, set()).update(named)
            if title := title_of(teacher):
                key = (index, title, reference or "")
                copied = [
                    (one["reference_start"], one["reference_end"]) for one in spans[place].as_py() or ()
                ]
                self._stretches[key] = _joined([*self._stretches.get(key, []), *copied])
        for row, of_row in titles.items():
            found[row] = True
            for title in of_row:
                self.rows[title] = self.rows.get(title, 0) + 1
        self.total += int(found.sum())
        return found

    def facts(self, indexes: tuple[tuple[str, ReferenceIndex], ...]) -> tuple[SheetWork, ...]:
        """Return each work met, the most rows first."""
        lengths = {name: work_lengths(index) for name, index in indexes}
        ordered = sorted(self.rows.items(), key=lambda item: (-item[1], item[0]))
        return tuple(SheetWork(title, rows, self._share(title, lengths)) for title, rows in ordered)

    def _share(self, title: str, lengths: dict[str, dict[str, int]]) -> float | None:
        """Return the part of a work that the rows repeat; of several indexes, the largest."""
        copied: dict[str, int] = {}
        for (index, named, _), stretches in self._stretches.items():
            if named == title:
                copied[index] = copied.get(index, 0) + sum(end - start for start, end in stretches)
        shares = [
            min(1.0, count / lengths[index][title])
            for index, count in copied.items()
            if lengths.get(index, {}).get(title)
        ]
        return max(shares, default=None)


def _labels(hits: pa.Table) -> set[str]:
    """Return every label that a hit names."""
    best, tied = hits.column("teacher").unique(), pc.list_flatten(hits.column("teachers")).unique()
    return {*best.to_pylist(), *tied.to_pylist()}


def work_lengths(index: ReferenceIndex) -> dict[str, int]:
    """Return the characters that an index holds of each work, by title."""
    grams = index.ngrams
    filled = np.flatnonzero(np.diff(grams.bounds))
    last = grams.bounds[filled + 1] - 1
    ends = grams.starts[last].astype(np.int64) + grams.sizes[last]
    sums = np.bincount(grams.teachers[filled], weights=ends, minlength=len(index.teachers))
    found: dict[str, int] = {}
    for label, length in zip(index.teachers, sums.tolist(), strict=True):
        title = title_of(label)
        if title:
            found[title] = found.get(title, 0) + int(length)
    return found


def _joined(stretches: _Stretches) -> _Stretches:
    """Join stretches that overlap or touch."""
    joined: _Stretches = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
