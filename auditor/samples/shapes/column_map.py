"""The map of columns: which text of the rows was judged as what, and which prose was not judged at all.

What a column is follows from the parts that a layout takes out of it. Rows of one layout with the same
columns and types are alike: the first of them are looked through, the others are only counted, and of their
columns only those that no part comes from are measured for prose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from auditor.domain.claim import ClaimKind
from auditor.domain.permit import shown_column
from auditor.samples.claims.cells import opened_cell
from auditor.samples.claims.column_names import claim_kind
from auditor.samples.parts import Part
from auditor.samples.shapes.layouts import Layout
from auditor.samples.shapes.marks import Path, scalars
from auditor.samples.shapes.paths import fresh, leaves
from auditor.samples.shapes.prose import is_prose
from auditor.samples.shapes.text_roles import CLAIM, IGNORED, SYSTEM, UNJUDGED, TextRoles

_TOOLS = ("tools", "functions")
"""Definitions that chat templates write into the system message."""
_SPEAKER = ("[].role", "[].from")
_LOOKED, _KINDS, _PATHS = 8, 4096, 10_000
_ASKED = 256
"""Texts at one place of a row that are compared with its parts, so that a giant row costs no square."""
_MEASURED = 38
"""Characters; a text that is no longer is no prose."""
_SURE = 1000
"""Cells of prose from which on a column is flagged whatever its share, so that order does not count."""
_SHARE = 0.01
_EXAMPLES = 5
_LARGEST_JSON = 1 << 20
_BLANK = re.compile(r"\s")
_BEYOND = "further columns"

TakeParts = Callable[[dict[str, Any]], tuple[Layout, list[Part]] | None]
"""Returns the layout that fits a row and the row's parts; None where none does."""
Example = tuple[str, int, int | None]
"""File, row and line."""


@dataclass(frozen=True, slots=True)
class Prose:
    """A column with prose that no part of its rows holds."""

    path: str
    cells: int
    """So many, or `_SURE` for as many or more."""
    examples: tuple[Example, ...]


@dataclass(slots=True)
class Kind:
    """Rows of one layout with the same columns and types."""

    rows: int = 0
    texts: dict[str, None] = field(default_factory=dict)
    """Columns of text that no part comes from."""
    nested: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


@dataclass(slots=True)
class ColumnMap:
    """Gathers the map over all rows of a source."""

    ignored: tuple[str, ...] = ()
    """Paths that the user says nobody trains on."""
    _roles: dict[str, set[str]] = field(default_factory=dict)
    _kinds: dict[tuple[Any, ...], Kind] = field(default_factory=dict)
    _prose: Counter[str] = field(default_factory=Counter)
    _cells: Counter[str] = field(default_factory=Counter)
    _examples: dict[str, list[Example]] = field(default_factory=dict)
    _done: set[str] = field(default_factory=set)

    def add(
        self, row: dict[str, Any], parts: list[Part], layout: str, take_parts: TakeParts, at: Example
    ) -> Kind | None:
        """Count one row; return its kind once enough rows of the kind were looked through.

        Args:
            take_parts: took the row's parts out.
        """
        key = (layout, *row, *map(type, row.values()))
        kind = self._kinds.get(key)
        kept = True
        if kind is None:
            nested = tuple(name for name, value in row.items() if isinstance(value, list | dict))
            filled = tuple(name for name, value in row.items() if value is not None)
            kind = Kind(nested=nested, filled=filled)
            if kept := len(self._kinds) < _KINDS:
                self._kinds[key] = kind
            else:
                self._cells.update(filled)
        kind.rows += 1
        if kind.rows <= _LOOKED:
            self._learn(row, kind, take_parts)
        self.measure(row, kind, parts, at)
        return kind if kept and kind.rows >= _LOOKED else None

    def has_long(self, row: dict[str, Any], kind: Kind) -> bool:
        """Tell whether a text of a row that no part comes from is long enough to be measured."""
        for name in kind.texts:  # noqa: SIM110 - in the hot loop
            if len(row[name]) > _MEASURED and name not in self._done:
                return True
        return False

    def measured(self, row: dict[str, Any], kind: Kind) -> tuple[list[str], dict[str, list[Path]]]:
        """Return what is looked through for prose in rows like one, until `version` changes.

        Returns:
            columns of text; and by their names for a reader, those within other columns with the places of
            their texts in the row. Cells of these that hold no prose are counted (`count_cells`).
        """
        nested: dict[str, list[Path]] = {}
        for name in kind.nested:
            if not is_plain_turns(row[name]):
                texts = {
                    f"{at}": path for at, (path, one) in enumerate(scalars(row[name])) if type(one) is str
                }
                places = {path: at for at, path in texts.items()}
                copy = _replaced(row[name], (), places)
                for path, at in leaves(shown_column(name), copy):
                    nested.setdefault(path, []).append((name, *texts[at]))
        names = [name for name in kind.texts if name not in self._done]
        return names, {path: places for path, places in nested.items() if path not in self._done}

    @property
    def version(self) -> int:
        """Return another number whenever fewer columns are measured."""
        return len(self._done)

    def count_cells(self, paths: Iterable[str], rows: int) -> None:
        """Count the cells of rows that hold no prose in columns within others."""
        paths = [*paths]
        # Near the bound it counts which row comes first.
        step = rows if len(self._cells) + len(paths) < _PATHS else 1
        for _ in range(0, rows, max(step, 1)):
            for path in paths:
                self._cells[path if len(self._cells) < _PATHS else _BEYOND] += step

    def measure(self, row: dict[str, Any], kind: Kind, parts: list[Part], at: Example) -> None:
        """Look for prose in what no part of a row comes from."""
        for name in kind.texts:
            if len(value := row[name]) > _MEASURED and name not in self._done:
                self._measure(name, value, parts, at)
        for name in kind.nested:
            if not is_plain_turns(row[name]):
                self._walk(name, row[name], parts, at)

    def _learn(self, row: dict[str, Any], kind: Kind, take_parts: TakeParts) -> None:
        """Find out which texts of a row became parts: by a copy of it in which no two are the same object."""
        copy = fresh(row)
        taken = take_parts(copy)
        parts = taken[1] if taken else []
        found = TextRoles.of(copy, parts)
        asked: Counter[str] = Counter()
        for name, value in copy.items():
            for path, text in leaves(shown_column(name), value):
                if found.is_opened(text):
                    for within, held in leaves(path, opened_cell(text)):
                        if not within.endswith(_SPEAKER):
                            self._note(within, found.made_role(held) or _other_role(within, name))
                    if isinstance(value, str) and self._counts(path, name):
                        kind.texts[name] = None
                    continue
                role = found.roles.get(id(text))
                if role is None and isinstance(value, list | dict):
                    asked[path] += 1
                    if asked[path] > _ASKED:
                        continue  # the texts before it at the same place tell what stands there
                    role = found.made_role(text)
                    if role is None and len(text) > 8 and text in found.joined:
                        continue
                if not path.endswith(_SPEAKER):
                    self._note(path, role or _other_role(path, name))
                if role is None and isinstance(value, str) and self._counts(path, name):
                    kind.texts[name] = None

    def _note(self, path: str, role: str) -> None:
        if path not in self._roles and len(self._roles) >= _PATHS:
            path = _BEYOND
        self._roles.setdefault(path, set()).add(role)

    def _counts(self, path: str, name: str) -> bool:
        """Tell whether prose at a path weighs: not in the text of a license, nor in tools' definitions."""
        last = path.rpartition(".")[2].removesuffix("[]")
        return name not in _TOOLS and claim_kind(last) is not ClaimKind.LICENSE and not self._is_ignored(path)

    def _is_ignored(self, path: str) -> bool:
        return any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in self.ignored)

    def _measure(self, name: str, value: str, parts: list[Part], at: Example) -> None:
        if _is_part(value, parts) or (value.isascii() and not _BLANK.search(value)):
            return
        if value.startswith(("{", "[")) and len(value) <= _LARGEST_JSON:
            found = opened_cell(value)
            if found is not None:
                self._walk(name, found, parts, at)
                return
        if is_prose([value]) and not _is_judged(value, parts):
            self._count(shown_column(name), at)

    def _walk(self, name: str, value: Any, parts: list[Part], at: Example) -> None:
        cells: dict[str, list[str]] = {}
        for path, text in _opened(shown_column(name), value):
            cells.setdefault(path, []).append(text)
        for path, texts in cells.items():
            if path in self._done:
                continue
            self._cells[path if len(self._cells) < _PATHS else _BEYOND] += 1
            if is_prose(texts) and self._counts(path, name):
                left = [text for text in texts if not _is_judged(text, parts)]
                if left and is_prose(left):
                    self._count(path, at)
                    self._note(path, UNJUDGED)

    def _count(self, path: str, at: Example) -> None:
        path = path if path in self._prose or len(self._prose) < _PATHS else _BEYOND
        self._prose[path] += 1
        kept = self._examples.setdefault(path, [])
        if len(kept) < _EXAMPLES:
            kept.append(at)
        if self._prose[path] >= _SURE:
            self._done.add(path)

    def columns(self) -> dict[str, tuple[str, ...]]:
        """Return the columns by role, sorted; one that was judged somewhere is not called unjudged."""
        found: dict[str, set[str]] = {}
        for path, roles in self._roles.items():
            known = roles - {UNJUDGED} or roles
            for role in known:
                ignored = role == UNJUDGED and self._is_ignored(path)
                found.setdefault(IGNORED if ignored else role, set()).add(path)
        found.setdefault(IGNORED, set()).update(self.ignored)
        return {role: tuple(sorted(paths)) for role, paths in sorted(found.items()) if paths}

    def unjudged_prose(self) -> list[Prose]:
        """Return the columns with prose that was not judged in a hundredth of their cells, or 1,000."""
        cells = Counter(self._cells)
        for kind in self._kinds.values():
            cells.update({shown_column(name): kind.rows for name in kind.filled if name not in kind.nested})
        return [
            Prose(path, count, tuple(self._examples[path]))
            for path, count in sorted(self._prose.items())
            if count >= _SURE or count >= _SHARE * cells[path]
        ]


def _opened(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the texts of a value with their paths, of a cell that holds JSON those within it."""
    for at, text in leaves(path, value):
        inner = opened_cell(text) if len(text) <= _LARGEST_JSON else None
        yield from [(at, text)] if inner is None else leaves(at, inner)


def _replaced(value: Any, path: Path, places: dict[Path, str]) -> Any:
    """Return a value with a name of its own in the place of each text."""
    if isinstance(value, dict):
        return {name: _replaced(item, (*path, name), places) for name, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, (*path, at), places) for at, item in enumerate(value)]
    return places.get(path, value)


def _other_role(path: str, name: str) -> str:
    if name in _TOOLS:
        return SYSTEM
    return CLAIM if claim_kind(path.rpartition(".")[2].removesuffix("[]")) is not None else UNJUDGED


def _is_judged(text: str, parts: list[Part]) -> bool:
    return any(text in part.text for part in parts)


def _is_part(text: str, parts: list[Part]) -> bool:
    for part in parts:  # noqa: SIM110 - in the hot loop
        if text == part.text:
            return True
    return False


def is_plain_turns(value: Any) -> bool:
    """Tell whether a value is a list of turns with nothing but who speaks and what."""
    if type(value) is not list:
        return False
    for turn in value:
        if type(turn) is not dict or len(turn) != 2:
            return False
        text = turn.get("content", turn.get("value"))
        if type(text) is not str and text is not None:
            return False
    return True
