"""The rows of one file: their texts as a table, their claims as numbers, and the map of their columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditor.domain.claim import Claim
from auditor.samples.batch import PartTable
from auditor.samples.claims.claim_table import ClaimTable
from auditor.samples.claims.columns import Fact, facts_of
from auditor.samples.parts import Part, named_slots
from auditor.samples.planned.row_plans import RowPlan, RowPlans
from auditor.samples.readers.runs import ColumnBlock, JsonBlock, Outline, Run
from auditor.samples.shapes.column_map import ColumnMap, Example, Kind, TakeParts
from auditor.samples.shapes.layouts import RECORD
from auditor.samples.shapes.mapping import Mapping

if TYPE_CHECKING:
    from auditor.samples.planned.outlined_rows import OutlinedRows

Row = dict[str, Any]
_KEPT, _LENGTH = 1 << 16, 200
"""Claim sets kept by the values that they are made of, and the longest such value."""


@dataclass(slots=True)
class RowsRead:
    """What some rows came to; the lists run in parallel, one entry for each row that fits a layout."""

    parts: PartTable = field(default_factory=PartTable)
    places: list[int] = field(default_factory=list)
    """Places of the rows among those that were given."""
    claim_sets: list[int] = field(default_factory=list)
    unfit: list[tuple[int, Row]] = field(default_factory=list)
    """Places of rows that fit no layout, and these rows."""


@dataclass(slots=True)
class FileRows:
    """Reads the rows of one file, by plans where their schema has one."""

    take_parts: TakeParts
    mapping: Mapping | None
    claims: ClaimTable
    common: tuple[Claim, ...]
    """Claims that hold for the whole file."""
    of_kind: Callable[[str], tuple[Claim, ...]]
    columns: ColumnMap | None
    by_plan: bool = True
    _plans: RowPlans | None = None
    _outlined: OutlinedRows | None = None
    _kept: int = 0

    def __post_init__(self) -> None:
        """Make the plans."""
        if self.by_plan:
            self._plans = RowPlans(self.take_parts)

    def read(self, runs: Sequence[Run], rows: int, where: Callable[[int], Example]) -> RowsRead:
        """Read the first rows of some runs.

        Args:
            where: tells where the row at a place stands.
        """
        found = RowsRead()
        base = 0
        for run in runs:
            count = min(len(run), rows - base)
            if count <= 0:
                continue
            outline = run.outline if self._by_outline and isinstance(run, JsonBlock | ColumnBlock) else None
            if outline is None:
                self._read_rows(run.rows()[:count], base, found, where)
            else:
                self._read_outlined(run, outline, count, base, found, where)
            base += count
        return found

    @property
    def _by_outline(self) -> bool:
        """Tell whether kernels may read rows: what is said of columns is looked up in each row."""
        return self._plans is not None and self.mapping is None

    def _read_outlined(
        self,
        run: Run,
        outline: Outline,
        count: int,
        base: int,
        found: RowsRead,
        where: Callable[[int], Example],
    ) -> None:
        """Read rows by the kernels."""
        import numpy as np

        from auditor.samples.planned.outlined_rows import OutlinedRows

        if self._outlined is None:
            self._outlined = OutlinedRows(self.take_parts, self.claims, self.common, self.columns, self.alone)
        numbers, unfit = self._outlined.read(run, outline, count, lambda at: where(base + at), found.parts)
        fit = np.flatnonzero(numbers >= 0)
        found.places.extend((fit + base).tolist())
        found.claim_sets.extend(numbers[fit].tolist())
        found.unfit.extend((base + place, row) for place, row in unfit)

    def _read_rows(
        self, rows: Sequence[Row], base: int, found: RowsRead, where: Callable[[int], Example]
    ) -> None:
        """Read rows that are objects already."""
        forms: dict[RowPlan, int] = {}
        parts, claim_sets = found.parts, found.claim_sets
        plan_of = self._plans.plan if self._plans else lambda row: None
        columns = self.columns
        for place, row in enumerate(rows, base):
            plan = plan_of(row)
            if plan is None:
                taken = self.alone(row, where(place))
                if taken is None:
                    found.unfit.append((place, row))
                else:
                    found.places.append(place)
                    parts.add(taken[0])
                    claim_sets.append(taken[1])
                continue
            form = forms.get(plan)
            if form is None:
                form = forms[plan] = parts.form(plan.form)
            parts.texts.extend(plan.take(row))
            parts.forms.append(form)
            # Any column may name a model or a license, so that each row is asked for these.
            inferred = self.claims.inferred(row, plan.slots)
            number = plan.numbers.get(plan.said(row)) if plan.said and not inferred else None
            claim_sets.append(self._number(row, plan, inferred) if number is None else number)
            found.places.append(place)
            if columns is not None:
                kind = plan.kind
                if kind is None:
                    taken_parts = plan.parts(plan.take(row))
                    plan.kind = columns.add(row, taken_parts, plan.layout, self.take_parts, where(place))
                    continue
                kind.rows += 1
                if plan.walked or (kind.texts and columns.has_long(row, kind)):
                    columns.measure(row, kind, plan.parts(plan.take(row)), where(place))

    def alone(self, row: Row, at: Example) -> tuple[list[Part], int, Kind | None] | None:
        """Read one row; what plans do for many is what this does.

        Returns:
            its parts, the number of its claim set, and its kind of columns once that is known; None for a
            row that fits no layout.
        """
        fit = self.take_parts(row)
        if fit is None:
            return None
        layout, parts = fit
        slots = named_slots(parts)
        number = self.claims.number(
            row, layout.name == RECORD, self.common, slots, self.of_kind, said=self._mapped(row)
        )
        kind = None
        if self.columns is not None:
            kind = self.columns.add(row, parts, layout.name, self.take_parts, at)
        return parts, number, kind

    def _mapped(self, row: Row) -> list[Fact]:
        return [] if self.mapping is None else self.mapping.facts(row)

    def _number(self, row: Row, plan: RowPlan, inferred: tuple[Claim, ...]) -> int:
        """Return the number of a row's claim set, and keep it for rows with the same values."""
        if self.mapping is not None and self.mapping.entries:
            said = self._mapped(row)
            return self.claims.number(row, False, self.common, plan.slots, inferred=inferred, said=said)
        number = self.claims.number(row, False, self.common, plan.slots, inferred=inferred)
        if plan.said is not None and not inferred and self._kept < _KEPT:
            said = plan.said(row)
            values = said if type(said) is tuple else (said,)
            short = all(type(one) is not str or len(one) <= _LENGTH for one in values)
            if short and self.claims.is_settled(facts_of(row)):
                plan.numbers[said] = number
                self._kept += 1
        return number
