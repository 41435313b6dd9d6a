"""Whether a file with a side file's name holds rows, and which texts in it somebody could learn."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.samples.inputs.boxed import read_side
from auditor.samples.inputs.row_signs import ROW_KEYS, words

_LARGEST = 64 << 20
_WORDS = 4
"""A text of so many words in a list is one that a trainer could learn."""
_LONG = 32
"""So many words outside a list are more than a name or a value."""
_DEEPEST = 64
_TEMPLATE = re.compile(r"\{\{ ?[\w. ]{1,60}\}\}")
"""A place that a pipeline fills in: such a text is what a model was asked, never a row."""
_LARGEST_NOTE = 1 << 14
_CROISSANT = {"distribution", "creator", "publisher", "author", "citation", "citeAs"}
_DATA = {"data", "cr:data", "examples", "cr:examples"}
_NOTES = {
    "description", "citation", "license", "homepage", "citeAs", "chat_template", "pretty_env_info",
    "doc_to_text", "doc_to_target", "doc_to_choice", "process_docs", "process_results", "@context",
}  # fmt: skip
"""Members that describe; longer than a page of code they do not."""


def holds_rows(path: Path, size: int) -> bool:
    """Tell whether a file holds rows: a list, lines, a row at any depth, or texts in lists and maps."""
    if size > _LARGEST:
        return True
    try:
        value = json.loads(read_side(path))
    except (OSError, ValueError, RecursionError):
        return True
    if not isinstance(value, dict):
        return bool(value) or value is False or value == 0
    if not ROW_KEYS.isdisjoint(value):
        return True
    described = {"@context", "@type"} <= value.keys()
    return any(_has_rows(item, key, (described and key in _CROISSANT), 0) for key, item in value.items()) or (
        _is_rows_map(value)
    )


def learnable(path: Path) -> list[str]:
    """Return the texts of a file that somebody could learn, sorted; all of it where it is not JSON.

    Raises:
        OSError: it cannot be opened.
    """
    try:
        return sorted(text for text in _texts(json.loads(read_side(path))) if words(text) >= _WORDS)
    except (ValueError, RecursionError):
        return [read_side(path).decode("utf-8", "replace")]


def _has_rows(value: Any, key: str, excused: bool, depth: int, listed: bool = False) -> bool:
    """Tell whether rows stand in a member; `listed` says that it stands in some list."""
    if depth > _DEEPEST:
        return True
    if isinstance(value, str):
        if _TEMPLATE.search(value):
            return False
        if excused or key in _NOTES:
            return len(value) > _LARGEST_NOTE
        return words(value) >= (_WORDS if listed else _LONG)
    if isinstance(value, list):
        return _is_table(value) or any(_has_rows(item, key, excused, depth + 1, True) for item in value)
    if not isinstance(value, dict):
        return False
    if (listed and not excused and _is_row(value)) or _is_rows_map(value):
        return True
    described = excused or key == "recordSet"
    return any(
        _has_rows(item, inner, described and inner not in _DATA, depth + 1, listed or excused)
        for inner, item in value.items()
    )


def _is_row(value: dict[str, Any]) -> bool:
    """Tell whether an object in a list has a row's member, with a text or list of them."""
    return any(
        isinstance(value[key], str | list) and value[key] and not _TEMPLATE.search(str(value[key]))
        for key in ROW_KEYS & value.keys()
    )


def _is_rows_map(value: dict[str, Any]) -> bool:
    """Tell whether an object is a column: numbers to texts, many texts under names, or a row's text."""
    texts = [key for key, item in value.items() if isinstance(item, str) and words(item) >= _WORDS]
    if any(key in ROW_KEYS for key in texts):
        return True
    if any(
        isinstance(value[key], list) and value[key] and _is_text(value[key][0])
        for key in ROW_KEYS & value.keys()
    ):
        return True
    return any(key.isdecimal() for key in texts) or sum(key not in _NOTES for key in texts) >= 8


def _is_text(value: Any) -> bool:
    return isinstance(value, str | dict | list)


def _is_table(value: list[Any]) -> bool:
    """Tell whether a list of lists spells texts out, word by word."""
    inner = [text for item in value if isinstance(item, list) for text in item if isinstance(text, str)]
    return len(set(inner)) >= _WORDS


def _texts(value: Any) -> Iterator[str]:
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left += [*one.values(), *one.keys()]
        elif isinstance(one, list):
            left += one
        elif isinstance(one, str):
            yield one
