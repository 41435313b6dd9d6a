"""Take kernels that are kept, without what only compiling needs: a second of numba's own start."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

_NEEDED = ("_load_overload", "_guard_against_spurious_io_errors")


def kept_or_compiled(dispatcher: Any, signature: str) -> Any:
    """Give a dispatcher that keeps its kernels the one of a signature, and no other.

    Before it looks for a kept kernel, numba imports all that it can compile. A kept one is machine code that
    needs none of that; where there is none, compiling does what was left out.
    """
    cache = dispatcher._cache
    if all(hasattr(cache, name) for name in _NEEDED):
        cache.load_overload = partial(_load, cache, cache.load_overload)
    dispatcher.compile(signature)
    dispatcher.disable_compile()
    return dispatcher


def _load(cache: Any, usual: Callable[[str, Any], Any], signature: str, context: Any) -> Any:
    """Return the kept kernel, or None: what `numba.core.caching.Cache.load_overload` does after its start."""
    try:
        from numba.core.runtime import rtsys
    except ImportError:
        return usual(signature, context)
    rtsys.initialize(context)
    found = None
    with cache._guard_against_spurious_io_errors():
        found = cache._load_overload(signature, context)
    return found  # noqa: RET504 - the guard may swallow an error, and then there is none
