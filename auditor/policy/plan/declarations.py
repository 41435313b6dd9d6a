"""Facts that a person stands for: `fact: {value, by, on, evidence}` in a plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from auditor.domain.plan import Declaration

_KEYS = frozenset({"value", "by", "on", "evidence"})


class BadDeclaration(ValueError):
    """Report a declaration that cannot be read; `key` is the fact."""

    def __init__(self, message: str, key: str) -> None:
        """Keep what is wrong and of which fact."""
        super().__init__(message)
        self.message = message
        self.key = key


def unwrapped(facts: Mapping[object, Any]) -> tuple[dict[object, Any], dict[str, Declaration]]:
    """Part facts into plain values and who declared them, when and on what evidence.

    Raises:
        BadDeclaration: a member is not text, or `on` is not a date.
    """
    values: dict[object, Any] = {}
    declared: dict[str, Declaration] = {}
    for key, value in facts.items():
        # YAML 1.1 reads a bare `on` as true.
        told = (
            {"on" if name is True else name: item for name, item in value.items()}
            if isinstance(value, Mapping)
            else {}
        )
        if "value" not in told or set(told) - _KEYS:
            values[key] = value
            continue
        values[key] = told["value"]
        declared[str(key)] = _declaration(str(key), told)
    return values, declared


def _declaration(key: str, told: Mapping[object, Any]) -> Declaration:
    given: dict[str, str] = {}
    for name in ("by", "on", "evidence"):
        value = told.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int | float | date | None):
            raise BadDeclaration(f"`{name}` of the fact `{key}` must be text", key)
        given[name] = "" if value is None else str(value).strip()
    try:
        if given["on"]:
            date.fromisoformat(given["on"])
    except ValueError:
        raise BadDeclaration(f"`on` of the fact `{key}` is not a date (YYYY-MM-DD)", key) from None
    return Declaration(**given)
