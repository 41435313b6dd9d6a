"""Cells that hold JSON, or a list as Python writes it, as flat formats keep what is nested."""

from __future__ import annotations

import ast
from typing import Any

import orjson

MAX_CELL = 4 << 20
"""Characters of a cell that is opened."""


def opened_cell(text: str) -> Any:
    """Return the list or object that a cell holds as JSON, or as Python writes it; None for other text."""
    if text[:1] not in ("{", "[") or text[-1:] not in ("}", "]") or len(text) > MAX_CELL:
        return None
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        try:
            found = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    return found if isinstance(found, dict | list) else None
