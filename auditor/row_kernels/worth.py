"""When to load the kernels: they cost a second to load, and some more where they were never compiled."""

from __future__ import annotations

import sys
from functools import cache

_PAYS = 96 << 20
"""So many bytes the other way take about as long as loading the kernels."""
_seen = 0


def pays(size: int) -> bool:
    """Tell whether the kernels should digest the next `size` bytes of rows; both ways give the same.

    They are used once they are loaded for something else, or once so much was read that they are worth it.
    """
    global _seen
    _seen += size
    return (_seen >= _PAYS or "numba" in sys.modules) and _can_be_loaded()


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
