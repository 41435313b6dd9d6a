"""The rows of one file: their texts as a table, their claims as numbers, and the map of their columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditor.domain.claim import Claim
from auditor.samples.batch import PartTable
from auditor.samples.claims.claim_table import ClaimTable
from auditor.samples.claims.columns import Fact, facts_of
from auditor.samples.parts import named_slots
from auditor.samples.row_plans import RowPlan, RowPlans
from auditor.samples.shapes.column_map import ColumnMap, Example, TakeParts
from auditor.samples.shapes.layouts import RECORD
from auditor.samples.shapes.mapping import Mapping

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
    unfit: list[int] = field(default_factory=list)
    """Places of rows that fit no layout."""


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
    _kept: int = 0

    def __post_init__(self) -> None:
        """Make the plans."""
        if self.by_plan:
            self._plans = RowPlans(self.take_parts)

    def read(self, rows: Sequence[Row], where: Callable[[int], Example]) -> RowsRead:
        """Read rows.

        Args:
            where: tells where the row at a place stands.
        """
        found = RowsRead()
        forms: dict[RowPlan, int] = {}
        texts, form_numbers, claim_sets = found.parts.texts, found.parts.forms, found.claim_sets
        plan_of = self._plans.plan if self._plans else lambda row: None
        columns = self.columns
        for place, row in enumerate(rows):
            plan = plan_of(row)
            if plan is None:
                self._by_itself(row, place, found, where)
                continue
            form = forms.get(plan)
            if form is None:
                form = forms[plan] = found.parts.form(plan.form)
            texts.extend(plan.take(row))
            form_numbers.append(form)
            # Any column may name a model or a license, so that each row is asked for these.
            inferred = self.claims.inferred(row, plan.slots)
            number = plan.numbers.get(plan.said(row)) if plan.said and not inferred else None
            claim_sets.append(self._number(row, plan, inferred) if number is None else number)
            found.places.append(place)
            if columns is not None:
                kind = plan.kind
                if kind is None:
                    parts = plan.parts(plan.take(row))
                    plan.kind = columns.add(row, parts, plan.layout, self.take_parts, where(place))
                    continue
                kind.rows += 1
                if plan.walked or (kind.texts and columns.has_long(row, kind)):
                    columns.measure(row, kind, plan.parts(plan.take(row)), where(place))
        return found

    def _by_itself(self, row: Row, place: int, found: RowsRead, where: Callable[[int], Example]) -> None:
        """Read one row; what plans do for many is what this does."""
        fit = self.take_parts(row)
        if fit is None:
            found.unfit.append(place)
            return
        layout, parts = fit
        found.places.append(place)
        found.parts.add(parts)
        slots = named_slots(parts)
        number = self.claims.number(
            row, layout.name == RECORD, self.common, slots, self.of_kind, said=self._mapped(row)
        )
        found.claim_sets.append(number)
        if self.columns is not None:
            self.columns.add(row, parts, layout.name, self.take_parts, where(place))

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
