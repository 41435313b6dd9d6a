"""The map of columns: which text of the rows was judged as what, and which prose was not judged at all.

What a column is follows from the parts that a layout takes out of it. Rows of one layout with the same
columns and types are alike: the first of them are looked through, the others are only counted, and of their
columns only those that no part comes from are measured for prose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.domain.claim import ClaimKind
from auditor.domain.permit import shown_column
from auditor.domain.sample import PartRole
from auditor.samples.claims.columns import claim_kind
from auditor.samples.parts import Part
from auditor.samples.shapes.conversation import UNKNOWN_ROLE, opened_cell
from auditor.samples.shapes.layouts import Layout
from auditor.samples.shapes.prose import is_prose

LEARNED, PROMPT, SYSTEM, TOOL = "learned", "prompt", "system", "tool"
CLAIM, UNJUDGED, IGNORED = "claim", "unjudged", "ignored"
_ROLES = {
    PartRole.TEACHER: LEARNED,
    PartRole.PROMPT: PROMPT,
    PartRole.SYSTEM: SYSTEM,
    PartRole.TOOL: TOOL,
}
_TOOLS = ("tools", "functions")
"""Definitions that chat templates write into the system message."""
_SPEAKER = ("[].role", "[].from")
_LOOKED, _KINDS, _PATHS = 8, 4096, 10_000
_SURE = 1000
"""Cells of prose from which on a column is flagged whatever its share, so that order does not count."""
_SHARE = 0.01
_EXAMPLES = 5
_LARGEST_JSON = 1 << 20
_LONG, _WORDS = 80, 8
"""Characters and words from which on a text without a role is taken for learned text."""
_BLANK = re.compile(r"\s")
_BEYOND = "further columns"

Fit = Callable[[dict[str, Any]], tuple[Layout, list[Part]] | None]
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
class _Kind:
    """Rows of one layout with the same columns and types."""

    rows: int = 0
    texts: dict[str, None] = field(default_factory=dict)
    """Columns of text that no part comes from."""
    nested: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """Where the parts of a row come from: texts of the row as they stand, or made of such."""

    roles: dict[int, str]
    """By the identity of the text."""
    made: tuple[Part, ...]
    """Parts that are no text of the row: out of an opened cell, or joined."""
    joined: str

    @staticmethod
    def of(row: dict[str, Any], parts: list[Part]) -> _Found:
        """Compare the texts of a row, each an object of its own, with its parts."""
        texts = {id(text) for name, value in row.items() for _, text in _leaves(name, value)}
        roles = {id(part.text): _role(part) for part in parts}
        made = tuple(part for part in parts if id(part.text) not in texts)
        return _Found(roles, made, "\n".join(part.text for part in parts))

    def is_opened(self, text: str) -> bool:
        """Tell whether a text is a cell that parts were taken out of."""
        if not self.made or id(text) in self.roles or text[:1] not in ("{", "["):
            return False
        inner = opened_cell(text)
        return inner is not None and any(self.made_role(held) for _, held in _leaves("", inner))

    def made_role(self, text: str) -> str | None:
        """Return the role of the made part that a text is, or is some lines of."""
        for part in self.made:
            if text and (text == part.text or f"\n{text}\n" in f"\n{part.text}\n"):
                return _role(part)
        return None


@dataclass(slots=True)
class ColumnMap:
    """Gathers the map over all rows of a source."""

    ignored: tuple[str, ...] = ()
    """Paths that the user says nobody trains on."""
    _roles: dict[str, set[str]] = field(default_factory=dict)
    _kinds: dict[tuple[Any, ...], _Kind] = field(default_factory=dict)
    _prose: Counter[str] = field(default_factory=Counter)
    _cells: Counter[str] = field(default_factory=Counter)
    _examples: dict[str, list[Example]] = field(default_factory=dict)
    _done: set[str] = field(default_factory=set)

    def add(self, row: dict[str, Any], parts: list[Part], layout: str, fit: Fit, at: Example) -> None:
        """Count one row.

        Args:
            fit: takes a row's parts out, as they were.
        """
        key = (layout, *row, *map(type, row.values()))
        kind = self._kinds.get(key)
        if kind is None:
            nested = tuple(name for name, value in row.items() if isinstance(value, list | dict))
            filled = tuple(name for name, value in row.items() if value is not None)
            kind = _Kind(nested=nested, filled=filled)
            if len(self._kinds) < _KINDS:
                self._kinds[key] = kind
            else:
                self._cells.update(filled)
        kind.rows += 1
        if kind.rows <= _LOOKED:
            self._learn(row, kind, fit)
        for name in kind.texts:
            if len(value := row[name]) > 38 and name not in self._done:
                self._measure(name, value, parts, at)
        for name in kind.nested:
            if not _is_plain_turns(row[name]):
                self._walk(name, row[name], parts, at)

    def _learn(self, row: dict[str, Any], kind: _Kind, fit: Fit) -> None:
        """Find out which texts of a row became parts: by a copy of it in which no two are the same object."""
        copy = _fresh(row)
        fitted = fit(copy)
        parts = fitted[1] if fitted else []
        found = _Found.of(copy, parts)
        for name, value in copy.items():
            for path, text in _leaves(shown_column(name), value):
                if found.is_opened(text):
                    for within, held in _leaves(path, opened_cell(text)):
                        if not within.endswith(_SPEAKER):
                            self._note(within, found.made_role(held) or _other_role(within, name))
                    if isinstance(value, str) and self._counts(path, name):
                        kind.texts[name] = None
                    continue
                role = found.roles.get(id(text))
                if role is None and isinstance(value, list | dict):
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
        for path, text in _leaves(shown_column(name), value):
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


def at_path(row: Mapping[str, Any], path: str) -> list[str]:
    """Return the texts of a row at a path, and below it."""
    below = (f"{path}.", f"{path}[")
    return [
        text
        for name, value in row.items()
        if path == name or path.startswith((f"{name}.", f"{name}["))
        for where, text in _leaves(name, value)
        if where == path or where.startswith(below)
    ]


def _role(part: Part) -> str:
    """Return what a part is called; a short text that nothing says the role of is an id or a setting."""
    short = len(part.text) <= _LONG and len(part.text.split()) < _WORDS
    return CLAIM if part.slot == UNKNOWN_ROLE and short else _ROLES[part.role]


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


def _is_plain_turns(value: Any) -> bool:
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


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the texts of a value with their paths: `messages[].content`."""
    left = [(path, value)]
    while left:
        path, value = left.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict):
            left += [(f"{path}.{shown_column(str(name))}", item) for name, item in reversed(value.items())]
        elif isinstance(value, list):
            inner = path if path.endswith("[]") else f"{path}[]"
            left += [(inner, item) for item in reversed(value)]


def _fresh(value: Any, depth: int = 0) -> Any:
    """Copy a row so that every text in it is an object of its own."""
    if isinstance(value, str):
        return f"{value}\0" if len(value) < 2 else (value + "\0")[:-1]
    if depth > 64:
        return value
    if isinstance(value, dict):
        return {name: _fresh(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list):
        return [_fresh(item, depth + 1) for item in value]
    return value
