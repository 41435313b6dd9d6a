"""When to load the kernels: they cost a second to load, and ten more where they were never compiled."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.jit.making import Making

_PAYS = 96 << 20
"""So many bytes the other way take about as long as loading the kernels."""
_ROOM = "auditor.row_kernels"
_MODULES = ("json_rows", "json_elements", "column_rows", "cell_rows", "row_texts", "row_questions", "tree")
_seen = 0
_making: Making | None = None


def pays(size: int) -> bool:
    """Tell whether the kernels should digest the next `size` bytes of rows; both ways give the same.

    They are used once they are loaded, once numba is loaded for something else where they are kept, or once
    so much was read that they are worth it. Where they must be compiled first that is done beside the other
    way.
    """
    global _seen
    _seen += size
    if f"{_ROOM}.json_rows" in sys.modules:
        return _can_be_loaded()
    if _seen < _PAYS:
        return "numba" in sys.modules and _can_be_loaded() and _are_kept()
    return _can_be_loaded() and (_are_kept() or _is_made())


def expect(size: int) -> None:
    """Tell that at least so many bytes of rows are to come: where that pays, kernels read all of them."""
    global _seen
    if size >= _PAYS:
        _seen = max(_seen, _PAYS)


@cache
def _can_be_loaded() -> bool:
    """Tell whether the kernels run as machine code here; as plain Python they would be slow."""
    from auditor.jit.compile import COMPILED

    return COMPILED


@cache
def _are_kept() -> bool:
    """Tell whether they were compiled before."""
    from auditor.jit.choice import kept

    return all(map(kept, _MODULES))


def _is_made() -> bool:
    """Tell whether they are compiled by now, or must be in this process; begin it where nobody has."""
    global _making
    if _making is None:
        from auditor.jit.making import Making

        _making = Making([f"{_ROOM}.{name}" for name in _MODULES])
    return _making.ended()
