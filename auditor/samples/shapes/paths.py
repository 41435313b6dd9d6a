"""Where texts stand in a row: `messages[].content`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from auditor.domain.permit import shown_column
from auditor.samples.claims.cells import opened_cell

_ITEM = re.compile(r"\[((?:0|[1-9]\d{0,8})?|[^\[\]=]{1,200}=[^\[\]]{0,200})\]")
"""What a path says of a list: every item, one of them, or those with a member of this value."""
_NUMBER = re.compile(r"\[\d+\]")


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


def values_at(value: Any, path: str) -> list[Any]:
    """Return the values at a path of a row: `meta.model`, `turns[].text`, `turns[who=tutor].text`, `runs[0]`.

    A list is gone through where a path names its items' members; a cell that holds JSON is opened.
    """
    if not path:
        return [value]
    if isinstance(value, str):
        opened = opened_cell(value)
        return [] if opened is None else values_at(opened, path)
    if isinstance(value, Mapping):
        inner = ((item, rest) for name, item in value.items() for rest in _after(str(name), path))
        return [found for item, rest in inner for found in values_at(item, rest)]
    if isinstance(value, list):
        chosen, rest = _places(value, path)
        return [found for place in chosen for found in values_at(value[place], rest)]
    return []


def without(value: Any, path: str) -> Any:
    """Return a row without what stands at a path; what is not on the way there is shared."""
    if isinstance(value, Mapping):
        kept = {}
        for name, item in value.items():
            rests = _after(str(name), path)
            if "" not in rests:
                kept[name] = without(item, rests[0]) if rests else item
        return kept
    if isinstance(value, list):
        chosen, rest = _places(value, path)
        if not rest:
            return [item for place, item in enumerate(value) if place not in chosen]
        return [without(item, rest) if place in chosen else item for place, item in enumerate(value)]
    return value


def is_at(path: str, where: str) -> bool:
    """Tell whether a place, as claims name it, is what a path means: `models[1]` is at `models[]`."""
    plain = _NUMBER.sub("[]", where)
    return path in (where, plain) or plain == f"{path}[]"


def is_below(path: str, where: str) -> bool:
    """Tell whether a place is at a path or within what stands there."""
    plain = _NUMBER.sub("[]", where)
    return is_at(path, where) or plain.startswith((f"{path}.", f"{path}["))


@lru_cache(8192)
def _after(name: str, path: str) -> tuple[str, ...]:
    """Return what is left of a path after a member of this name; nothing where it leads elsewhere."""
    found = []
    for written in dict.fromkeys((name, shown_column(name))):
        if path == written:
            found.append("")
        elif path.startswith(f"{written}."):
            found.append(path[len(written) + 1 :])
        elif path.startswith(f"{written}["):
            found.append(path[len(written) :])
    return tuple(found)


def _places(items: list[Any], path: str) -> tuple[list[int], str]:
    """Return the places of a list that the head of a path means, and what is left of the path."""
    head = _ITEM.match(path)
    if head is None:
        return list(range(len(items))), path
    said, rest = head[1], path[head.end() :].removeprefix(".")
    key, sign, wanted = said.partition("=")
    if sign:
        return [place for place, item in enumerate(items) if _says(item, key, wanted)], rest
    if said:
        return ([int(said)] if int(said) < len(items) else []), rest
    return list(range(len(items))), rest


def _says(item: Any, key: str, wanted: str) -> bool:
    said = item.get(key) if isinstance(item, Mapping) else None
    return said == wanted if isinstance(said, str) else said is not None and str(said) == wanted


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
