"""Compare two states of the knowledge, entry by entry and field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.listing import plain


class ChangeKind(StrEnum):
    """The ways in which an entry can change."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that differs; `field` and the values only where it changed."""

    kind: ChangeKind
    entry: str
    """Kind and id, e.g. `terms MIT`."""
    field: str = ""
    old: object = None
    new: object = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        row: dict[str, Any] = {"change": self.kind.value, "entry": self.entry}
        if self.kind is ChangeKind.CHANGED:
            row |= {"field": self.field, "old": self.old, "new": self.new}
        return row

    def __str__(self) -> str:
        if self.kind is ChangeKind.CHANGED:
            return f"changed  {self.entry}  {self.field}: {self.old} -> {self.new}"
        return f"{self.kind:<8} {self.entry}"


def compare(old: Knowledge, new: Knowledge) -> list[Change]:
    """Return the changes from `old` to `new`; where an entry came from does not count as one."""
    pairs: list[tuple[str, Mapping[Any, object], Mapping[Any, object]]] = [
        ("teacher", old.teachers, new.teachers),
        ("service", old.services, new.services),
        ("terms", old.terms, new.terms),
        ("license", old.licenses, new.licenses),
        ("host", old.hosts, new.hosts),
        ("ambiguous", {a.match: a for a in old.ambiguous}, {a.match: a for a in new.ambiguous}),
    ]
    pairs += [
        (f"{vocabulary} string", old.strings.get(vocabulary, {}), strings)
        for vocabulary, strings in new.strings.items()
    ]
    return [change for what, before, after in pairs for change in _entries(what, before, after)]


def _entries(what: str, old: Mapping[Any, object], new: Mapping[Any, object]) -> list[Change]:
    changes = [Change(ChangeKind.REMOVED, f"{what} {id}") for id in old if id not in new]
    for id, entry in new.items():
        if id not in old:
            changes.append(Change(ChangeKind.ADDED, f"{what} {id}"))
        else:
            changes += _fields(f"{what} {id}", "", _own(old[id]), _own(entry))
    return sorted(changes, key=lambda change: (change.entry, change.field))


def _own(entry: object) -> dict[str, Any]:
    """Return what an entry says itself; the texts over time of a service it names are the service's."""
    values: dict[str, Any] = plain(entry)
    taken = {"spans", "terms", "adds_terms"} if values.get("service") else set()
    return {name: value for name, value in values.items() if name not in taken}


def _fields(entry: str, path: str, old: object, new: object) -> list[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        changes = []
        for name in sorted({*old, *new} - {"overlay"}):
            inner = f"{path}.{name}" if path else name
            changes += _fields(entry, inner, old.get(name), new.get(name))
        return changes
    return [] if old == new else [Change(ChangeKind.CHANGED, entry, path, old, new)]
