"""Whether the paths that the user named are there: one that no row has is a mistake, and is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from auditor.domain.permit import shown_column
from auditor.domain.role import ROLE_SLOTS
from auditor.errors import UsageError
from auditor.samples.claims.cells import opened_cell
from auditor.samples.parts import PROMPT_SLOT
from auditor.samples.shapes.map_entry import ColumnRole, MapEntry
from auditor.samples.shapes.paths import values_at

_LOOKED, _KEPT, _CELL = 200, 2000, 1 << 16
"""Rows whose paths are kept for a message, how many paths, and characters of a cell opened for it."""
_SHOWN = 3


class MappedPaths:
    """Sees whether the mapped paths stand in any row, and what stands there instead."""

    def __init__(self, entries: Iterable[MapEntry] = ()) -> None:
        self._entries = tuple(entries)
        self._left = {entry.path: entry for entry in self._entries}
        self._known: dict[str, None] = {}
        self._looked = 0

    def look(self, rows: Sequence[dict[str, Any]]) -> None:
        """Look for the paths that no row had so far."""
        if not self._left:
            return
        for row in rows:
            if self._looked < _LOOKED:
                self._looked += 1
                for path in _paths(row):
                    if len(self._known) < _KEPT:
                        self._known[path] = None
            for path in [one for one in self._left if values_at(row, one)]:
                self._see(self._left.pop(path))
            if not self._left:
                return

    def _see(self, entry: MapEntry) -> None:
        """Look for no further columns of a trainer's file once what it calls learned is there."""
        if entry.optional and entry.role is ColumnRole.LEARNED:
            by = entry.said_by
            self._left = {
                path: one for path, one in self._left.items() if not one.optional or one.said_by != by
            }

    def refuse(self, slots: Iterable[str]) -> None:
        """Refuse a path that no row has, and a slot that no row has.

        Args:
            slots: those of the rows' answers.

        Raises:
            UsageError: there is one.
        """
        learned = {entry.said_by for entry in self._entries if entry.role is ColumnRole.LEARNED}
        for path, entry in self._left.items():
            if entry.optional and (entry.role is not ColumnRole.LEARNED or entry.said_by not in learned):
                continue
            raise UsageError(
                f"no row has `{path}`, which {entry.said_by} names (`{entry}`)",
                fix=_did_you_mean(path, self._known, "`--show-map` prints the columns"),
            )
        spoken = [one for one in self._entries if one.slot and one.role is not ColumnRole.LEARNED]
        if not spoken:
            return
        known = dict.fromkeys((*slots, *(one.slot for one in self._entries if one not in spoken)))
        roles = {*ROLE_SLOTS.values(), PROMPT_SLOT}
        for entry in spoken:
            if entry.slot not in known and entry.slot not in roles:
                other = "no row has several answers: leave the `@` out" if not known else ""
                raise UsageError(
                    f"no row has an answer `{entry.slot}`, of which {entry.said_by} speaks (`{entry}`)",
                    fix=other or _did_you_mean(entry.slot, known, f"answers are {', '.join(known)}"),
                )


def _did_you_mean(asked: str, known: Iterable[str], otherwise: str) -> str:
    listed = list(known)
    last = asked.rpartition(".")[2].lower()
    same = [one for one in listed if one.rpartition(".")[2].lower() == last]
    close = get_close_matches(asked, listed, n=_SHOWN, cutoff=0.6)
    lasts = {one.rpartition(".")[2]: one for one in reversed(listed)}
    close += [lasts[one] for one in get_close_matches(last, lasts, n=_SHOWN, cutoff=0.75)]
    meant = list(dict.fromkeys((*same, *close)))[:_SHOWN]
    return f"did you mean {' or '.join(f'`{one}`' for one in meant)}?" if meant else otherwise


def _paths(row: dict[str, Any]) -> Iterator[str]:
    """Yield the paths of a row, of its objects and lists too."""
    left: list[tuple[str, Any]] = [("", row)]
    while left:
        path, value = left.pop()
        if path:
            yield path
        if isinstance(value, str) and len(value) <= _CELL:
            value = opened_cell(value)
        if isinstance(value, dict):
            head = f"{path}." if path else ""
            left += [(f"{head}{shown_column(str(name))}", item) for name, item in reversed(value.items())]
        elif isinstance(value, list):
            inner = path if path.endswith("[]") else f"{path}[]"
            left += [(inner, item) for item in value[:8] if isinstance(item, dict | list)]
