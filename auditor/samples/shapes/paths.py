"""Where texts stand in a row: `messages[].content`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.domain.permit import shown_column


def leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
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


def at_path(row: Mapping[str, Any], path: str) -> list[str]:
    """Return the texts of a row at a path, and below it."""
    below = (f"{path}.", f"{path}[")
    return [
        text
        for name, value in row.items()
        if path == name or path.startswith((f"{name}.", f"{name}["))
        for where, text in leaves(name, value)
        if where == path or where.startswith(below)
    ]


def fresh(value: Any, depth: int = 0) -> Any:
    """Copy a row so that every text in it is an object of its own."""
    if isinstance(value, str):
        return f"{value}\0" if len(value) < 2 else (value + "\0")[:-1]
    if depth > 64:
        return value
    if isinstance(value, dict):
        return {name: fresh(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list):
        return [fresh(item, depth + 1) for item in value]
    return value
