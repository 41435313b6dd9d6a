"""Rows of one file to texts and claims: decided once for each schema, then the same for all rows of it.

A schema is the names and types of a row's members, of its turns too, who speaks in them, and which texts are
empty. A plan holds for it where a layout asks no more of a row (`shapes/marks.py`); any other row is read by
itself, which is the specification of all plans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from auditor.domain.sample import PartRole
from auditor.samples.batch import Form
from auditor.samples.claims.columns import facts_of, looked_at
from auditor.samples.parts import UNKNOWN_ROLE, Part, named_slots
from auditor.samples.shapes.column_map import Kind, TakeParts, is_plain_turns
from auditor.samples.shapes.layouts import RECORD
from auditor.samples.shapes.marks import Asked, Mark, Path, marked_rows

Row = dict[str, Any]
PLANS, _SCHEMAS = 1024, 1024
"""Of one file; rows of further ones are read by themselves."""
_TURNS, _NAME = 64, 40
"""A row with more turns, or a speaker of a longer name, is read by itself."""
_MEMBERS = 256
TRIED_AFTER = 2
"""Rows of a schema that are read by themselves before a plan is made: many files have few rows of each."""
_SCALARS = frozenset((str, int, float, bool, type(None)))


@dataclass(slots=True, eq=False)
class RowPlan:
    """What becomes of the rows of one schema."""

    layout: str
    form: Form
    slots: tuple[str, ...]
    """The named slots of teacher text."""
    take: Callable[[Row], Iterable[str]]
    """Takes the texts of the parts out of a row."""
    holds: Callable[[Row], bool] | None
    """Asks of a row what the layout asks; None for nothing."""
    said: Callable[[Row], Any] | None
    """Takes the values out that claims are made of; None where each row is asked for itself."""
    walked: bool
    """A member holds more than plain turns, so that each row of it is searched for prose."""
    paths: tuple[Path, ...]
    """Where the texts of the parts stand."""
    asked: Asked
    """What `holds` asks."""
    looked_at: tuple[Path, ...] | None
    """Where the values stand that `said` takes out."""
    numbers: dict[Any, int] = field(default_factory=dict)
    """Numbers of claim sets by what `said` takes out."""
    kind: Kind | None = None
    """What the map of columns knows of such rows, once it looked through enough of them."""

    def parts(self, texts: Iterable[str]) -> list[Part]:
        """Return a row's parts, by their texts."""
        return [Part(*form, text) for form, text in zip(self.form, texts, strict=True)]


@dataclass(slots=True)
class _Schema:
    """Names and types of rows, and the plans by what else belongs to a schema."""

    nested: tuple[str, ...]
    plans: dict[Any, RowPlan | int] = field(default_factory=dict)
    """A plan; or how many rows were read without one, -1 where there can be none."""


class RowPlans:
    """The plans for the rows of one file."""

    def __init__(self, take_parts: TakeParts) -> None:
        self._take_parts = take_parts
        self._schemas: dict[tuple[Any, ...], _Schema | None] = {}
        self._count = 0

    def plan(self, row: Row) -> RowPlan | None:
        """Return the plan for a row; None for a row to be read by itself."""
        values = row.values()
        key = (*row, *map(type, values))
        schema = self._schemas.get(key)
        if schema is None:
            if key in self._schemas or len(self._schemas) >= _SCHEMAS:
                return None
            schema = self._schemas[key] = _schema(row)
            if schema is None:
                return None
        inner: Any = None
        try:
            if schema.nested:
                inner = tuple([_inner(row[name]) for name in schema.nested])
            if "" in values:
                inner = (inner, *map(_is_empty, values))
            plan = schema.plans.get(inner)
        except (TypeError, AttributeError):  # an item is no object, or a speaker no text
            return None
        if type(plan) is not RowPlan:
            return self._new(schema, inner, plan, row)
        return plan if plan.holds is None or plan.holds(row) else None

    def _new(self, schema: _Schema, inner: Any, tried: Any, row: Row) -> RowPlan | None:
        """Count a row without a plan; make one when enough of them were seen."""
        if tried == -1 or (tried is None and self._count >= PLANS):
            return None
        if tried is None:
            if any(not _is_plannable(row[name]) for name in schema.nested):
                return None
            self._count += 1
        seen = (tried or 0) + 1
        plan = make_plan(row, self._take_parts) if seen > TRIED_AFTER else None
        schema.plans[inner] = plan or (-1 if seen > TRIED_AFTER else seen)
        return plan if plan and (plan.holds is None or plan.holds(row)) else None


def make_plan(row: Row, take_parts: TakeParts) -> RowPlan | None:
    """Return the plan for rows like one; None where the layout looks into values."""
    speakers = set(_speakers(row))
    asked = Asked()
    found: set[tuple[str, tuple[tuple[PartRole, str, Path], ...]]] = set()
    try:
        for marks, questions in marked_rows(row, speakers):
            taken = take_parts(marks)
            if taken is None or taken[0].name == RECORD:
                return None
            texts = [part.text for part in taken[1]]
            marked = [text for text in texts if isinstance(text, Mark) and not text.head]
            if len(marked) < len(texts) or any(isinstance(part.slot, Mark) for part in taken[1]):
                return None  # made of several texts, or of a piece of one
            places = ((*part[:2], mark.path) for part, mark in zip(taken[1], marked, strict=True))
            found.add((taken[0].name, tuple(places)))
            asked.add(questions)
    except Exception:  # whatever a layout cannot do with a mark, it has looked inside
        return None
    if len(found) > 1:
        return None  # a truth value decides
    ((layout, parts),) = found
    if any(slot == UNKNOWN_ROLE for _, slot, _ in parts):
        return None  # how long the text is says whether a claim may speak of it
    form = tuple((role, slot) for role, slot, _ in parts)
    paths, said = tuple(path for _, _, path in parts), _said(row, speakers, asked)
    return RowPlan(
        layout,
        form,
        named_slots([Part(role, slot, "") for role, slot in form]),
        _taker(row, list(paths)),
        _holder(asked),
        None if said is None else _sayer(row, said),
        any(not is_plain_turns(value) for value in row.values() if isinstance(value, list | dict)),
        paths,
        asked,
        None if said is None else tuple(said),
    )


def _schema(row: Row) -> _Schema | None:
    if len(row) > _MEMBERS or not {*map(type, row.values())} <= {*_SCALARS, list, dict}:
        return None
    return _Schema(tuple(name for name, value in row.items() if type(value) in (list, dict)))


def _inner(value: Any) -> Any:
    """Return what belongs to a schema within a member: names, types, who speaks, and which texts are empty.

    Raises:
        TypeError, AttributeError: there is more in it than turns or texts.
    """
    if type(value) is dict:
        return (*value, *map(type, value.values()), *map(_is_empty, value.values()))
    if not value or type(value[0]) is str:
        return (*map(type, value), *map(_is_empty, value))
    found: list[Any] = []
    empty = False
    for turn in value:
        values = turn.values()
        found += turn
        found += map(type, values)
        found.append(turn["role"] if "role" in turn else turn.get("from"))
        empty = empty or "" in values
    if empty:
        found += [item == "" for turn in value for item in turn.values()]
    return tuple(found)


def _is_empty(value: object) -> bool:
    return value == ""


def _is_plannable(value: Any) -> bool:
    """Tell whether a list or object is no larger or deeper than a schema may be."""
    objects = [one for one in ([value] if type(value) is dict else value) if type(one) is dict]
    if len(value) > _TURNS or any(len(one) > _TURNS for one in objects):
        return False
    if type(value) is list and objects and len(objects) < len(value):
        return False
    inner = [item for one in objects for item in one.values()] if objects else value
    speakers = (one.get("role", one.get("from")) for one in objects)
    return {*map(type, inner)} <= _SCALARS and all(
        type(one) is not str or len(one) <= _NAME for one in speakers
    )


def _speakers(row: Row) -> Iterator[Path]:
    """Yield where turns say who speaks: the names are part of a schema."""
    for name, value in row.items():
        for place, turn in enumerate(value if type(value) is list else ()):
            if type(turn) is dict:
                yield name, place, "role" if "role" in turn else "from"


def _at(row: Row, path: Path) -> Any:
    """Return the value at a path."""
    value: Any = row
    for name in path:
        value = value[name]
    return value


def _taker(row: Row, paths: list[Path]) -> Callable[[Row], Iterable[str]]:
    """Return what takes the values at paths out of rows."""
    if all(len(path) == 1 for path in paths) and len(paths) > 1:
        return itemgetter(*(name for (name,) in paths))
    if paths and len(paths[0]) == 3:
        name, _, member = paths[0]
        if paths == [(name, place, member) for place in range(len(row[str(name)]))]:
            item = itemgetter(member)
            return lambda row: map(item, row[name])  # type: ignore[index]
    return lambda row: [_at(row, path) for path in paths]


def _holder(asked: Asked) -> Callable[[Row], bool] | None:
    """Return what asks of a row what the layout asks of its texts."""
    if not (asked.equal or asked.begins or asked.distinct):
        return None
    distinct = list(asked.distinct)
    if not asked.equal and not distinct and all(len(path) == 1 for path in asked.begins):
        # Cells that might hold JSON: the only question of most layouts.
        begins = [(path[0], tuple(signs)) for path, signs in asked.begins.items()]

        def opens(row: Row) -> bool:
            for name, signs in begins:  # noqa: SIM110 - in the hot loop
                if row[name].startswith(signs):  # type: ignore[index]
                    return False
            return True

        return opens

    def holds(row: Row) -> bool:
        texts = [_at(row, path) for path in distinct]
        return (
            len({*texts}) == len(texts)
            and not any(_at(row, path)[:1] in signs for path, signs in asked.begins.items())
            and not any(_at(row, path) in words for path, words in asked.equal.items())
        )

    return holds


def _said(row: Row, speakers: set[Path], asked: Asked) -> list[Path] | None:
    """Return where the values stand that claims are made of; None where they are made of more.

    What is asked of other texts meanwhile is added to `asked`.
    """
    said = list(looked_at(row))
    if any(type(_at(row, path)) is float for path in said):
        return None  # equal numbers may be written differently
    facts, more = facts_of(row), Asked()
    try:
        for marks, questions in marked_rows(row, {*speakers, *said}):
            if facts_of(marks) != facts:
                return None
            more.add(questions)
    except Exception:
        return None
    asked.add(more)
    return said


def _sayer(row: Row, said: list[Path]) -> Callable[[Row], Any]:
    """Return what takes the values at paths out of rows, as one that can be looked up."""
    if not said:
        return lambda row: None
    if len(said) == 1 and len(said[0]) == 1:
        return itemgetter(said[0][0])
    take = _taker(row, said)
    return take if isinstance(take, itemgetter) else lambda row: tuple(take(row))
