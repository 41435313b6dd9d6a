"""Rows that have an outline: their texts and claims by the kernels, without an object for each row.

What the kernels are not sure of, and whatever has no plan, is read row by row (`FileRows.alone`), which is
the specification. Rows are settled in their order, so that what depends on earlier rows comes out alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from auditor.domain.claim import Claim
from auditor.row_kernels.row_questions import ALONE, ENDED, PROSE, SECTIONS, RowQuestions
from auditor.row_kernels.row_schemas import SCHEMAS
from auditor.row_kernels.row_texts import texts_of_rows
from auditor.row_kernels.silent_texts import SilentTexts
from auditor.samples.batch import Form, PartTable
from auditor.samples.claims.claim_table import ClaimTable
from auditor.samples.claims.columns import facts_of
from auditor.samples.claims.silence import BEGINNINGS
from auditor.samples.parts import Part
from auditor.samples.planned.programs import Named, Program, Programs
from auditor.samples.planned.row_plans import PLANS, TRIED_AFTER, Row, make_plan
from auditor.samples.readers.runs import Outline, Run
from auditor.samples.shapes.column_map import ColumnMap, Example, Kind, TakeParts

_KEPT = 1 << 16
"""Values, and combinations of values, that are known of one file."""
Alone = Callable[[Row, Example], tuple[list[Part], int, Kind | None] | None]
"""Reads one row: its parts, the number of its claims, its kind once that is known; None where none fits."""


@lru_cache(maxsize=2)
def _silent_texts(runs: frozenset[tuple[str, bool]]) -> SilentTexts:
    return SilentTexts(BEGINNINGS, runs)


@dataclass(slots=True)
class OutlinedRows:
    """Reads the rows of one file by their outlines."""

    take_parts: TakeParts
    claims: ClaimTable
    common: tuple[Claim, ...]
    columns: ColumnMap | None
    alone: Alone
    _questions: RowQuestions = field(init=False)
    _programs: Programs = field(default_factory=Programs)
    _by_schema: dict[int, Program | int] = field(default_factory=dict)
    """The program of a schema; or how many rows were read without one, -1 where there can be none."""
    _installed: int = 0
    _version: int = 0

    def __post_init__(self) -> None:
        """Begin to ask."""
        runs = self.claims.needed_runs()
        self._questions = RowQuestions(_KEPT, SCHEMAS, None if runs is None else _silent_texts(runs))

    def read(
        self, run: Run, outline: Outline, rows: int, where: Callable[[int], Example], parts: PartTable
    ) -> tuple[NDArray[np.int32], list[tuple[int, Row]]]:
        """Read the first rows of a run, and add their texts.

        Returns:
            the number of each row's claim set, -1 for a row that fits no layout; and those rows.
        """
        questions = self._questions
        numbers = np.full(rows, -1, np.int32)
        own: dict[int, list[Part]] = {}
        unfit: list[tuple[int, Row]] = []
        questions.start()
        while (why := questions.ask(outline, numbers)) != ENDED:
            place = questions.row
            if why == ALONE:
                row = run.row(place)
                self._settle()
                found = self.alone(row, where(place))
                own[place] = found[0] if found else []
                if found is None:
                    unfit.append((place, row))
                else:
                    numbers[place] = found[1]
                    self._learn(int(outline.schemas[place]), row, found[2], outline.escaped)
                questions.go_on(place + 1)
            elif why == PROSE:
                self._measure(run.row(place), int(outline.schemas[place]), where(place))
                questions.pass_prose()
            else:
                self._number(run, outline, place, numbers)
            if self.columns is not None and self.columns.version != self._version:
                self._renew()
        self._settle()
        self._take(outline, numbers, own, parts)
        return numbers, unfit

    def _learn(self, schema: int, row: Row, kind: Kind | None, in_order: bool) -> None:
        """Count a row without a plan; make one when enough of them were seen."""
        held = self._by_schema.get(schema, 0)
        if schema < 0 or held == -1 or self._questions.programs[schema] >= 0:
            return
        if isinstance(held, int):
            if held < TRIED_AFTER:
                self._by_schema[schema] = held + 1
                return
            plan = make_plan(row, self.take_parts) if len(self._by_schema) <= PLANS else None
            if plan is None:
                self._by_schema[schema] = -1
                return
            held = self._by_schema[schema] = self._programs.make(plan, row, schema, in_order)
        if held.plan.holds is not None and not held.plan.holds(row):
            return  # it is of another layout, whose columns are another kind
        held.plan.kind = kind
        if kind is not None or self.columns is None:
            self._install(schema, held)

    def _install(self, schema: int, program: Program) -> None:
        code = np.array(self._programs.write(program, self.columns), np.int64)
        questions = self._questions
        questions.programs[schema] = len(questions.code)
        questions.code = np.concatenate([questions.code, code])
        questions.set_words(self._programs.words)

    def _renew(self) -> None:
        """Write all programs again, since other columns are measured now."""
        self._settle()
        assert self.columns is not None
        self._version = self.columns.version
        self._questions.code = self._questions.code[:0]
        for schema, held in self._by_schema.items():
            if isinstance(held, Program) and self._questions.programs[schema] >= 0:
                self._install(schema, held)

    def _settle(self) -> None:
        """Tell the map of columns of the rows that went by since it was told."""
        counts = self._questions.counts
        for schema in np.flatnonzero(counts).tolist() if self.columns is not None else ():
            program = self._by_schema[schema]
            assert isinstance(program, Program)
            assert program.plan.kind is not None
            assert self.columns is not None
            rows = int(counts[schema])
            program.plan.kind.rows += rows
            self.columns.count_cells(program.cells, rows - program.measured)
            program.measured = 0
        counts[:] = 0

    def _measure(self, row: Row, schema: int, at: Example) -> None:
        """Look for prose in a row that may hold some where no part comes from."""
        self._settle()
        program = self._by_schema[schema]
        assert isinstance(program, Program)
        plan = program.plan
        assert self.columns is not None
        assert plan.kind is not None
        self.columns.measure(row, plan.kind, plan.parts(plan.take(row)), at)
        program.measured += 1

    def _number(self, run: Run, outline: Outline, place: int, numbers: NDArray[np.int32]) -> None:
        """Number the claim set of a row whose values were not seen together."""
        questions = self._questions
        schema = int(outline.schemas[place])
        program = self._by_schema[schema]
        assert isinstance(program, Program)
        loud = [named for entry in questions.loud if (named := program.names[entry]) is not None]
        texts = [outline.value(place, named.place) for named in loud]
        known = [self._is_silent(named, *text) for named, text in zip(loud, texts, strict=True)]
        if any(known):
            return  # the row is asked again: it may be as others are
        row, plan = run.row(place), program.plan
        inferred = self.claims.inferred(row, plan.slots)
        learned = False
        for named, (raw, _) in zip(loud, texts, strict=True):
            if not inferred or (len(named.path) == 1 and not self._says(row, named, plan.slots)):
                learned |= questions.know_silent(named.context, raw, False)
        numbers[place] = self.claims.number(row, False, self.common, plan.slots, inferred=inferred)
        if not learned and plan.looked_at is not None and self.claims.is_settled(facts_of(row)):
            questions.know(int(numbers[place]))
        questions.counts[schema] += 1
        questions.go_on(place + 1)

    def _is_silent(self, named: Named, raw: bytes, text: str) -> bool:
        """Tell whether a text says nothing whatever digits it ends in, and keep it."""
        if not self.claims.is_silent(text):
            return False
        return self._questions.know_silent(named.context, raw, whatever_digits=b"\\" not in raw)

    def _says(self, row: Row, named: Named, slots: tuple[str, ...]) -> bool:
        """Tell whether a column says something by itself, beside the names of the others."""
        name = str(named.path[0])
        return bool(self.claims.inferred({**dict.fromkeys(row), name: row[name]}, slots))

    def _take(
        self, outline: Outline, numbers: NDArray[np.int32], own: dict[int, list[Part]], parts: PartTable
    ) -> None:
        """Add the texts of rows, those that were read by themselves among them."""
        rows = len(numbers)
        schemas = outline.schemas[:rows]
        many = np.full(rows, -1, np.int64)
        for place, found in own.items():
            many[place] = len(found)
        encoded = [part.text.encode() for place in sorted(own) for part in own[place]]
        own_ends = np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)))
        planned = np.flatnonzero(many < 0)
        kinds, first = np.unique(schemas[planned], return_index=True)
        forms: list[tuple[int, int, Form]] = [
            (place, -1, tuple(part[:2] for part in found))
            for place, found in own.items()
            if numbers[place] >= 0
        ]
        for kind, at in zip(kinds.tolist(), planned[first].tolist(), strict=True):
            program = self._by_schema[kind]
            assert isinstance(program, Program)
            forms.append((at, kind, program.plan.form))
        of_schema, of_row = np.zeros(SCHEMAS, np.int64), np.full(rows, -1, np.int64)
        sizes = np.zeros(SCHEMAS, np.int64)
        for place, kind, form in sorted(forms):
            if kind < 0:
                of_row[place] = parts.form(form)
            else:
                of_schema[kind], sizes[kind] = parts.form(form), len(form)
        of_row[planned] = of_schema[schemas[planned]]
        count = int(sizes[schemas[planned]].sum()) + len(encoded)
        lists = self._questions.programs + SECTIONS
        ends, text = texts_of_rows(
            outline, rows, lists, self._questions.code, (many, own_ends, b"".join(encoded)), count
        )
        parts.add_run(of_row[numbers >= 0], ends, text)
