"""Recognize a file's shape from its first rows, and say how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.domain.sample import Shape
from auditor.samples.claims.cells import opened_cell
from auditor.samples.claims.generation_records import read_record
from auditor.samples.parts import Part
from auditor.samples.shapes.layouts import ANY_TEXT, LAYOUTS, RECORD, Layout, texts
from auditor.samples.shapes.told import with_others

SAMPLE_ROWS = 200
_SEARCHED = 8
"""Words; a shorter text is too short to be searched anyway."""


@dataclass(frozen=True, slots=True)
class ShapeGuess:
    """The layouts of a file in the order of trial, each with the share of rows that it fits."""

    ranked: tuple[tuple[Layout, float], ...]

    @property
    def best(self) -> Layout:
        """Return the layout that fits most of the looked-at rows; of equal ones the one tried first."""
        return max(self.ranked, key=lambda one: one[1])[0]

    @property
    def shape(self) -> Shape:
        """Return the best shape."""
        return self.best.shape

    @property
    def score(self) -> float:
        """Return the share of rows that the best layout fits, 0 to 1."""
        return max(score for _, score in self.ranked)

    @property
    def runner_up(self) -> tuple[Shape, float] | None:
        """Return the next shape and its share; None when no other shape fits any row."""
        others = (
            (layout.shape, score) for layout, score in self.ranked if layout.shape is not self.shape and score
        )
        return next(others, None)

    def fit(self, row: dict[str, Any]) -> tuple[Layout, list[Part]] | None:
        """Return the first layout that fits a row, with the row's parts; None when none does."""
        for view in _views(row):
            for layout, _ in self.ranked:
                parts = layout.extract(view)
                if parts is not None:
                    return layout, parts if layout.last or layout.name == RECORD else with_others(view, parts)
        return None


def guess_shape(rows: Sequence[dict[str, Any]], shape: Shape | None = None) -> ShapeGuess:
    """Rank the layouts by how many of the first rows they fit.

    Args:
        shape: the user's word; layouts of other shapes are left out.
    """
    layouts = [layout for layout in LAYOUTS if shape is None or layout.shape is shape]
    looked = rows[:SAMPLE_ROWS]
    counts = [sum(_fits(layout, row) for row in looked) for layout in layouts]
    ranked = sorted(
        range(len(layouts)), key=lambda place: (not counts[place], layouts[place].last, -counts[place], place)
    )
    share = max(len(looked), 1)
    fits = tuple((layouts[place], counts[place] / share) for place in ranked)
    if shape is not None or any(counts):
        return ShapeGuess(fits)
    return ShapeGuess(((ANY_TEXT, 0.0),))


def _fits(layout: Layout, row: dict[str, Any]) -> bool:
    return any(layout.extract(view) is not None for view in _views(row))


def _views(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the row as it is, then with its columns in lower case, where that is another row."""
    yield row
    if not all(map(str.islower, row)):
        lowered = {name.lower(): value for name, value in row.items()}
        yield {**lowered, **row}


def left_out(guess: ShapeGuess, rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Return the columns with text of some length that no part of the first rows holds, sorted."""
    names = set()
    for row in rows[:SAMPLE_ROWS]:
        fit = guess.fit(row)
        taken = _Taken([part.text for part in fit[1]] if fit else [])
        for name, value in row.items():
            searched = (text for text in _opened(value) if _is_searched(text))
            if name not in names and any(not taken.holds(text) for text in searched):
                names.add(name)
    return tuple(sorted(names))


class _Taken:
    """The texts of a row's parts, asked for texts that mostly come in the same order."""

    def __init__(self, parts: list[str]) -> None:
        self._whole, self._joined, self._after = frozenset(parts), "\n".join(parts), 0

    def holds(self, text: str) -> bool:
        """Tell whether a part is or holds this text."""
        if text in self._whole:
            return True
        place = self._joined.find(text, self._after)
        if place < 0:
            place = self._joined.find(text, 0, self._after + len(text))
        self._after = max(place, 0) or self._after
        return place >= 0


def _opened(value: Any) -> Iterator[str]:
    """Yield the texts of a value, of a cell that holds JSON those within it."""
    for text in texts(value):
        inner = opened_cell(text)
        yield from [text] if inner is None else texts(inner)


def _is_searched(text: str) -> bool:
    return len(text[:4096].split()) >= _SEARCHED


_NAMED, _LONGEST = 4, 40
"""Empty columns that a message names, and the characters of such a name."""


def why_not(row: dict[str, Any]) -> str:
    """Say why no layout fits a row, without its text."""
    record = read_record(row)
    if record is not None and record.error:
        return record.error
    if not row:
        return "the row is empty"
    if any(isinstance(row.get(name), list) for name in ("messages", "conversations", "conversation")):
        return "a turn has no text, or a role that is not known"
    empty = [f"`{name[:_LONGEST]}`" for name, value in row.items() if value is None or value == ""][:_NAMED]
    said = f"; nothing stands in {', '.join(empty)}" if empty else ""
    return f"no known shape fits the row's columns and types{said}"
