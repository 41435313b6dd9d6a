"""Programs: a plan written down for the kernels that go through rows by their outline.

A path of the plan becomes the place of a value among those of a row; see `row_kernels/row_questions.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from auditor.row_kernels.columns import key_order
from auditor.row_kernels.row_questions import EXACT, NAME, NUMBER, SECTIONS
from auditor.samples.claims.silence import looked_into
from auditor.samples.planned.row_plans import Row, RowPlan
from auditor.samples.shapes.column_map import ColumnMap
from auditor.samples.shapes.marks import Path, scalars


@dataclass(frozen=True, slots=True)
class Named:
    """A value that may say nothing."""

    path: Path
    place: int
    """Its place among the row's values."""
    context: int
    """The column that it says nothing in, as a number."""


@dataclass(slots=True, eq=False)
class Program:
    """What to ask and to take of the rows of one schema."""

    plan: RowPlan
    example: Row
    order: dict[Path, int]
    """The place of each value among those of a row."""
    values: list[int]
    """The code of the values that claims are made of; empty where each row is asked for itself."""
    names: list[Named | None]
    """Of each of these values, whether it may say nothing."""
    cells: tuple[str, ...] = ()
    """Columns within others, each a cell to be counted."""
    measured: int = 0
    """Rows whose cells were counted already."""


def _sorted(value: Any) -> Any:
    """Return a value whose objects have their members in the order of canonical JSON."""
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value, key=key_order)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


class Programs:
    """Writes programs, and the words in them."""

    def __init__(self) -> None:
        self._words = bytearray()
        self._contexts: dict[Any, int] = {}

    @property
    def words(self) -> bytes:
        """Return the words that programs point into."""
        return bytes(self._words)

    def make(self, plan: RowPlan, row: Row, schema: int, in_order: bool) -> Program:
        """Return the program for a plan.

        Args:
            row: one of its schema.
            in_order: values are noted as they stand in the row; else in the order of canonical JSON.
        """
        ordered = [*scalars(row if in_order else _sorted(row))]
        order = {path: place for place, (path, _) in enumerate(ordered)}
        if plan.looked_at is None:
            return Program(plan, row, order, [], [])
        code: list[int] = []
        names: list[Named | None] = []
        judged, said = dict(looked_into(row)), set(plan.looked_at)
        for place, (path, value) in enumerate(ordered):
            if (
                value is None
                or value == ""
                or isinstance(value, float)
                or not (path in said or path in judged)
            ):
                continue
            alone = path not in said and judged[path]
            if type(value) is str and alone:
                context = self._contexts.setdefault(
                    path if len(path) == 1 else (schema, path), len(self._contexts)
                )
                names.append(Named(path, place, context))
                code += (place, NAME, context)
            else:
                names.append(None)
                code += (place, NUMBER if type(value) is int and alone else EXACT, 0)
        return Program(plan, row, order, code, names)

    def write(self, program: Program, columns: ColumnMap | None) -> list[int]:
        """Return the code of a program, as long as the map of columns measures the same of them."""
        plan, order = program.plan, program.order
        asked = plan.asked
        questions = [(path, 0, word) for path, words in asked.equal.items() for word in sorted(words)]
        questions += [
            (path, 1, sign)
            for path, signs in asked.begins.items()
            for sign in sorted(signs)
            if len(sign) == 1
        ]
        cells: list[list[int]] = []
        program.cells = ()
        if columns is not None and plan.kind is not None:
            texts, nested = columns.measured(program.example, plan.kind)
            cells = [[order[name,]] for name in texts]
            cells += [[order[path] for path in paths] for paths in nested.values()]
            program.cells = tuple(nested)
        sections = [
            [order[path] for path in plan.paths],
            [order[path] for path in asked.distinct],
            [part for path, begins, word in questions for part in (order[path], begins, *self._word(word))],
            [part for places in cells for part in (len(places), *places)],
            program.values,
        ]
        sizes = (1, 1, 4, None, 3)
        head: list[int] = []
        code: list[int] = []
        for section, size in zip(sections, sizes, strict=True):
            head.append(SECTIONS + len(code))
            code += [len(cells) if size is None else len(section) // size, *section]
        if plan.looked_at is None:
            code[head[-1] - SECTIONS] = -1
        return head + code

    def _word(self, word: str) -> tuple[int, int]:
        raw = word.encode("utf-8", "surrogatepass")
        at = self._words.find(raw)
        if at < 0:
            at = len(self._words)
            self._words += raw
        return at, at + len(raw)
