"""Attributes of traced calls, however they are written: as an object, as keys with values, or by place.

Exporters write `{"key": k, "value": {"stringValue": v}}`, and lists as names: `completion.0.role`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_PLACE = re.compile(r"(.+?)\.(\d{1,4})(?:\.(.+))?")
_SCALARS = ("stringValue", "intValue", "doubleValue", "boolValue", "bytesValue")
_DEEPEST = 12


def key_values(value: Any, depth: int = 0) -> dict[str, Any] | None:
    """Return what a list of keys with typed values says; None for any other value."""
    if not isinstance(value, list) or not value or depth > _DEEPEST:
        return None
    found: dict[str, Any] = {}
    for one in value:
        if not isinstance(one, dict) or one.keys() != {"key", "value"} or not isinstance(one["value"], dict):
            return None
        typed = one["value"]
        if len(typed) != 1 or not str(next(iter(typed))).endswith("Value"):
            return None
        found[str(one["key"])] = _plain(typed, depth)
    return found


def _plain(typed: dict[str, Any], depth: int) -> Any:
    ((kind, value),) = typed.items() or (("", None),)
    if kind == "arrayValue" and isinstance(value, dict):
        items = value.get("values")
        return [
            _plain(one, depth + 1) if isinstance(one, dict) and len(one) == 1 else one
            for one in (items if isinstance(items, list) else ())
        ]
    if kind == "kvlistValue" and isinstance(value, dict):
        return key_values(value.get("values"), depth + 1) or {}
    return value


def has_places(names: Iterable[Any]) -> bool:
    """Tell whether a name holds the place of an item: `completion.0.role`."""
    return any(isinstance(name, str) and ".0" in name for name in names)


def by_place(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with its lists instead of names that hold places; other members stay as they are."""
    found: dict[str, Any] = {}
    lists: dict[str, dict[int, dict[str, Any]]] = {}
    for name, inner in value.items():
        match = _PLACE.fullmatch(name) if isinstance(name, str) else None
        if match is None or match[1] in value:
            found[name] = inner
            continue
        stem, place, rest = match[1], int(match[2]), match[3] or ""
        if stem not in lists:
            found[stem] = lists.setdefault(stem, {})
        lists[stem].setdefault(place, {})[rest] = inner
    for stem, items in lists.items():
        found[stem] = [_item(items[place]) for place in sorted(items)]
    return found


def _item(members: dict[str, Any]) -> Any:
    if members.keys() == {""}:
        return members[""]
    nested: dict[str, Any] = {}
    for name, inner in by_place(members).items():
        first, _, rest = name.partition(".")
        if rest and isinstance(nested.setdefault(first, {}), dict):
            nested[first][rest] = inner
        else:
            nested[name] = inner
    return nested
