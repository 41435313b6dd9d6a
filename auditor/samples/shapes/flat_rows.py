"""Rows of flat formats, whose cells hold what is nested as JSON text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.samples.claims.cells import opened_cell
from auditor.samples.claims.column_names import names_in
from auditor.samples.shapes.member_names import ANSWERS, BODIES, THOUGHTS, is_fact, plain
from auditor.samples.shapes.speakers import is_spoken

_ONE_TEXT = names_in(
    "output answer response completion text content body instruction input prompt question query problem "
    "generation solution target code tests title description context reasoning thinking summary chosen "
    "rejected generated_text expected_output reference"
)
"""Columns of one text: JSON in it is the text itself, unless it is turns or what a service wraps around."""
_HOLDERS = ANSWERS | frozenset((*BODIES, *THOUGHTS))
_DEEPEST = 6


def opened_row(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with the objects and lists that its cells hold as text; the same row where none does."""
    opened: dict[str, Any] | None = None
    for name, cell in row.items():
        if type(cell) is not str or cell[:1] not in ("{", "["):
            continue
        held = opened_cell(cell)
        if held is None or (plain(name) in _ONE_TEXT and not _holds_talk(held, 0)):
            continue
        opened = dict(row) if opened is None else opened
        opened[name] = held
    return row if opened is None else opened


def _is_known(value: Any) -> bool:
    """Tell whether a value is an object in which each member is an answer, its body, or a fact about it."""
    if not isinstance(value, dict) or _HOLDERS.isdisjoint(map(plain, value)):
        return False
    return all(
        plain(name) in _HOLDERS or is_fact(plain(name), isinstance(value[name], dict)) for name in value
    )


def _holds_talk(value: Any, depth: int) -> bool:
    """Tell whether turns, or what a service wraps around them, stand in a value."""
    if depth > _DEEPEST or not isinstance(value, dict | list):
        return False
    if isinstance(value, Mapping) or any(isinstance(one, dict) for one in value):
        if is_spoken(value) or all(_is_known(one) for one in ([value] if isinstance(value, dict) else value)):
            return True
        inner = value.values() if isinstance(value, Mapping) else value
        return any(_holds_talk(one, depth + 1) for one in inner)
    return False
