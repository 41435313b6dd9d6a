"""What somebody says of columns (`--map ROLE=PATH`), over what a layout guesses.

The user's word decides. What a file beside the rows says is a statement like any other there: it may add text
that is learned, and takes nothing out of what is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from auditor.domain.claim import Basis, ClaimKind
from auditor.domain.origin import OF_COLUMN_NAME, OF_FILE_NAME, OF_MAKER
from auditor.domain.sample import PartRole
from auditor.errors import UsageError
from auditor.samples.claims.cells import opened_cell
from auditor.samples.claims.column_names import meaning, plain_name
from auditor.samples.claims.columns import Fact
from auditor.samples.claims.role_names import role_slot, writes
from auditor.samples.claims.values import values
from auditor.samples.parts import PROMPT_SLOT, UNKNOWN_ROLE, Part, one, turns
from auditor.samples.shapes.layouts import ANY_TEXT, Layout, texts
from auditor.samples.shapes.map_entry import CLAIMS, OPTION, QUIET, TEXTS, ColumnRole, MapEntry, read_entries
from auditor.samples.shapes.paths import is_at, is_below, values_at, without

Row = dict[str, Any]
Fit = Callable[[Row], tuple[Layout, list[Part]] | None]


@dataclass(frozen=True, slots=True)
class Mapping:
    """What is said of columns, in the order in which it was said."""

    entries: tuple[MapEntry, ...]
    """By the user."""
    found: tuple[MapEntry, ...] = ()
    """By files beside the rows."""

    @property
    def ignored(self) -> tuple[str, ...]:
        """Return the paths that nobody trains on."""
        return tuple(sorted(entry.path for entry in self.entries if entry.role in QUIET))

    def of_file(self, path: Path, found: tuple[MapEntry, ...] = ()) -> Mapping | None:
        """Return what is said of one file; None for nothing.

        Args:
            found: what files beside it say.
        """
        kept = tuple(entry for entry in self.entries if entry.is_of(path))
        said = {entry.path for entry in kept}
        added = tuple(one for one in found if one.role is ColumnRole.LEARNED and one.path not in said)
        return Mapping(kept, added) if kept or added else None

    def take_parts(self, row: Row, fit: Fit) -> tuple[Layout, list[Part]] | None:
        """Return the layout that fits a row and the row's parts, the mapped texts in the role that was said.

        Args:
            fit: takes the parts out of a row without the columns that nobody trains on.
        """
        left = row
        for entry in self.entries:
            if entry.role in QUIET:
                left = without(left, entry.path)
        fitted = fit(left)
        parts = self._added(row, self._mapped(row, fitted[1] if fitted else []))
        if fitted is None and not parts and (left == row or fit(row) is None):
            return None
        return (fitted[0] if fitted else ANY_TEXT, parts)

    def _mapped(self, row: Row, guessed: list[Part]) -> list[Part]:
        slots = {id(part.text): part.slot for part in guessed if part.role is PartRole.TEACHER}
        mapped = [
            part
            for entry in self.entries
            if entry.role in TEXTS
            for value in values_at(row, entry.path)
            for part in _said(entry, value, slots)
        ]
        taken = {id(part.text) for part in mapped}
        left = [part for part in guessed if id(part.text) not in taken and part not in mapped]
        return left + mapped if mapped else guessed

    def _added(self, row: Row, parts: list[Part]) -> list[Part]:
        """Add what files beside the rows call learned; what was taken for something else stays that too."""
        if not self.found:
            return parts
        learned = {id(part.text) for part in parts if part.role is PartRole.TEACHER}
        added = [
            part
            for entry in self.found
            for value in values_at(row, entry.path)
            for part in _said(entry, value, {})
            if part.role is PartRole.TEACHER and id(part.text) not in learned
        ]
        return [*parts, *added] if added else parts

    def facts(self, row: Row) -> list[Fact]:
        """Return what the mapped columns say of a row."""
        return [
            (CLAIMS[entry.role][0], text, entry.path, _slot(entry))
            for entry in self.entries
            if entry.role in CLAIMS
            for found in values_at(row, entry.path)
            for value in _items(found)
            for text in values(CLAIMS[entry.role][0], value)
        ]

    def overrules(self, kind: ClaimKind, where: str, slot: str, basis: Basis) -> str | None:
        """Return the line that a claim gives way to; empty where both say the same, None for no line."""
        of_name = where.endswith(OF_COLUMN_NAME)
        place = where.removesuffix(OF_COLUMN_NAME).removesuffix(OF_MAKER).removesuffix(OF_FILE_NAME)
        for entry in self.entries:
            if entry.role in QUIET and is_below(entry.path, place):
                return str(entry)
            if entry.role in TEXTS and not of_name:
                if entry.path == place or (basis is Basis.INFERRED and is_at(entry.path, place)):
                    return str(entry)
            elif entry.role in CLAIMS and kind is not ClaimKind.ACCESS and is_at(entry.path, place):
                if CLAIMS[entry.role][0] is not kind or not _speaks_of(entry, slot):
                    return str(entry)
                return "" if basis is Basis.INFERRED else None
        return None


def read_mapping(given: Sequence[str], said_by: str = OPTION) -> Mapping | None:
    """Read `ROLE=PATH` lines; None for none.

    Raises:
        UsageError: as `read_entries`, or one column is said to be two things.
    """
    entries = read_entries(given, said_by)
    roles: dict[str, MapEntry] = {}
    for entry in entries:
        other = roles.setdefault(entry.path, entry)
        if other.role is not entry.role and not (entry.role in CLAIMS and other.role in CLAIMS):
            raise UsageError(
                f"{said_by} says two things of one column: `{other}` and `{entry}`",
                fix="leave one of them out",
            )
    return Mapping(entries) if entries else None


def _said(entry: MapEntry, value: Any, slots: dict[int, str]) -> Iterator[Part]:
    """Yield the texts of a value in a line's role; turns that are learned keep their own roles.

    Args:
        slots: the slots that a layout gave to texts, by their identity.
    """
    role = TEXTS[entry.role]
    opened = opened_cell(value) if isinstance(value, str) else value
    spoken = turns([opened] if isinstance(opened, dict) else opened, entry.slot)
    if spoken is not None and entry.role is ColumnRole.LEARNED:
        yield from (
            part._replace(slot=slots.get(id(part.text), part.slot)) if not entry.slot else part
            for part in spoken
        )
        return
    for text in (part.text for part in spoken) if spoken is not None else texts(value):
        slot = PROMPT_SLOT if role is PartRole.PROMPT else ""
        if role is PartRole.TEACHER:
            guessed = slots.get(id(text), "")
            slot = entry.slot or ("" if guessed == UNKNOWN_ROLE else guessed)
        yield from one(role, slot, text)


def _speaks_of(entry: MapEntry, slot: str) -> bool:
    """Tell whether a line means a claim with this slot, as far as it says."""
    if entry.slot:
        return slot == entry.slot
    if entry.role is ColumnRole.TEACHER:
        return not slot or writes(slot)
    return entry.role is not ColumnRole.JUDGE or slot == CLAIMS[entry.role][1]


@lru_cache(1024)
def _slot(entry: MapEntry) -> str:
    """Return the slot that a mapped claim speaks of: as it was said, else as the name of its column tells."""
    slot = entry.slot or CLAIMS[entry.role][1]
    if slot or entry.role is not ColumnRole.TEACHER:
        return slot
    name = plain_name(entry.path.rpartition(".")[2].partition("[")[0])
    said = meaning(name)
    told = said[1] if said is not None else role_slot(name)
    return told if told and writes(told) else ""


def _items(value: Any) -> Iterator[Any]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            yield from _items(item)
        else:
            yield item


def joined(said: Mapping | None, further: tuple[MapEntry, ...]) -> Mapping | None:
    """Return a map with further lines; of two about one path the first stands."""
    entries = said.entries if said else ()
    known = {entry.path for entry in entries}
    added = tuple(dict.fromkeys(entry for entry in further if entry.path not in known))
    return Mapping((*entries, *added)) if entries or added else None
