"""The map of columns as it is guessed, for a person to look at before anything is audited."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from auditor.domain.claim import CLAIM_WORDS, Basis, Claim, ClaimKind
from auditor.domain.sample import Shape
from auditor.engine.model_names import ModelNames
from auditor.errors import InputError, NoRowsError
from auditor.knowledge.load import load_knowledge
from auditor.samples.claims.answered import Answered
from auditor.samples.claims.claim_table import ClaimTable
from auditor.samples.claims.profile import ValueProfile
from auditor.samples.inputs.sources import DataFile, find_files
from auditor.samples.parts import Part, named_slots
from auditor.samples.readers.formats import read_file, sniff
from auditor.samples.shapes.column_map import ColumnMap, TakeParts
from auditor.samples.shapes.layouts import RECORD, Layout
from auditor.samples.shapes.map_check import MappedPaths
from auditor.samples.shapes.mapping import Mapping
from auditor.samples.shapes.recognize import SAMPLE_ROWS, ShapeGuess, guess_shape
from auditor.samples.shapes.text_roles import CLAIM

Row = dict[str, Any]
Taken = tuple[Layout, list[Part]] | None
_NUMBER = re.compile(r"\[\d+\]")
_JUDGE = "judge"
_FEW = 8


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What a column is taken for; a role that ends in `?` is asked, not taken."""

    path: str
    role: str
    score: float
    """The share of the rows with the column in which it is taken for that, 0 to 1."""
    runner_up: str = ""
    """What it is in other rows, or would be in the next best shape."""


@dataclass(frozen=True, slots=True)
class FileGuess:
    """The guess of one file, from its first rows."""

    file: str
    rows: Sequence[Row]
    """Those that were looked at."""
    shape: ShapeGuess
    columns: tuple[ColumnGuess, ...]
    profile: ValueProfile


def guessed_map(
    data: Sequence[str],
    mapping: Mapping | None = None,
    shape: Shape | None = None,
    *,
    network: bool = False,
    knowledge: Path | None = None,
) -> list[FileGuess]:
    """Return what the columns of each file are taken for.

    Args:
        mapping: what the user says of them already.

    Raises:
        InputError: no file, or none with a row.
        UsageError: the map names a column that none of these rows has.
    """
    models = ModelNames(load_knowledge(knowledge))
    check = MappedPaths(mapping.entries if mapping else ())
    found = []
    for file in find_files(data, None, network):
        if rows := _first_rows(file):
            check.look(rows)
            said = mapping.of_file(file.path) if mapping else None
            found.append(_guess(file, rows, said, shape, models))
    if not found:
        raise NoRowsError("the input holds no row", where=", ".join(data), fix="give a file with rows")
    check.refuse(slot for one in found for slot in _slots(one))
    return found


def _first_rows(file: DataFile) -> Sequence[Row]:
    try:
        for chunk in read_file(file.path, sniff(file.path), SAMPLE_ROWS):
            if len(chunk):
                return chunk.rows[:SAMPLE_ROWS]
    except InputError:
        return ()  # the audit names it
    return ()


def _slots(guess: FileGuess) -> Iterator[str]:
    for row in guess.rows:
        if (taken := guess.shape.fit(row)) is not None:
            yield from named_slots(taken[1])


def _guess(
    file: DataFile, rows: Sequence[Row], said: Mapping | None, shape: Shape | None, models: ModelNames
) -> FileGuess:
    guess, profile = guess_shape(rows, shape), ValueProfile(models)
    take: TakeParts = guess.fit if said is None else partial(said.take_parts, fit=guess.fit)
    table = ClaimTable(profile)
    table.answered = None if said is None else Answered(said)
    roles: dict[str, Counter[str]] = {}
    for row in rows:
        for path, role in roles_of(row, take, table, said).items():
            roles.setdefault(path, Counter())[role] += 1
    others = [_in_layout(rows, one) for one, score in guess.ranked if score]
    columns = tuple(_column(path, counted, others) for path, counted in sorted(roles.items()))
    return FileGuess(file.name, rows, guess, columns, profile)


def roles_of(row: Row, take: TakeParts, table: ClaimTable, said: Mapping | None) -> dict[str, str]:
    """Return what each column of a row is taken for; of several roles all, as in turns."""
    texts = _text_roles(row, take)
    stated = _claimed(row, take, table, said)
    found = {
        path: ", ".join(sorted(roles - {CLAIM} or {stated.pop(path, CLAIM)})) for path, roles in texts.items()
    }
    return {**found, **stated}


def _text_roles(row: Row, take: TakeParts) -> dict[str, set[str]]:
    columns, taken = ColumnMap(), take(row)
    if taken is not None:
        columns.add(row, taken[1], taken[0].name, take, ("", 0, None))
    found: dict[str, set[str]] = {}
    for role, paths in columns.columns().items():
        for path in paths:
            found.setdefault(path, set()).add(role)
    return found


def _claimed(row: Row, take: TakeParts, table: ClaimTable, said: Mapping | None) -> dict[str, str]:
    taken = take(row)
    claims = _claims_of(row, taken, table, said) if taken else ()
    return {_NUMBER.sub("[]", one.where): _role(one) for one in reversed(claims) if "!" not in one.where}


def _claims_of(
    row: Row, taken: tuple[Layout, list[Part]], table: ClaimTable, said: Mapping | None
) -> tuple[Claim, ...]:
    facts = said.facts(row) if said else []
    number = table.number(row, taken[0].name == RECORD, (), named_slots(taken[1]), said=facts)
    return table.sets[number].claims


def _role(claim: Claim) -> str:
    role = CLAIM_WORDS[claim.kind]
    if claim.kind is ClaimKind.TEACHER and claim.slot == _JUDGE:
        return _JUDGE
    asked = "?" if claim.basis is Basis.INFERRED else ""
    return f"{role}{f'@{claim.slot}' if claim.slot and role == 'teacher' else ''}{asked}"


def _column(path: str, counted: Counter[str], others: Sequence[dict[str, str]]) -> ColumnGuess:
    (role, count), *further = counted.most_common()
    is_claim = role.partition("@")[0].rstrip("?") in (*CLAIM_WORDS.values(), _JUDGE)
    otherwise = [found[path] for found in others if not is_claim and found.get(path, role) != role]
    runner_up = further[0][0] if further else otherwise[0] if otherwise else ""
    return ColumnGuess(path, role, count / counted.total(), runner_up)


def _in_layout(rows: Sequence[Row], layout: Layout) -> dict[str, str]:
    """Return what the columns would be in another shape, told from a few rows."""

    def take(row: Row) -> Taken:
        parts = layout.extract(row)
        return None if parts is None else (layout, parts)

    found: dict[str, str] = {}
    for row in rows[:_FEW]:
        for path, roles in _text_roles(row, take).items():
            if CLAIM not in roles:
                found.setdefault(path, ", ".join(sorted(roles)))
    return found


def keeps_the_guess(guess: FileGuess, lines: Mapping) -> bool:
    """Tell whether a map leaves the rows that were looked at as they are taken now."""
    take = partial(lines.take_parts, fit=guess.shape.fit)
    plain, mapped = ClaimTable(guess.profile), ClaimTable(guess.profile)
    mapped.answered = Answered(lines)
    for row in guess.rows:
        before, after = guess.shape.fit(row), take(row)
        if before is None or after is None or sorted(before[1]) != sorted(after[1]):
            return False
        if _claims_of(row, before, plain, None) != _claims_of(row, after, mapped, lines):
            return False
    return True
