"""Import a library as if another were not installed: some load large ones that they need for few things."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class _Hides:
    """Says of some modules that they are not installed."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = frozenset(names)

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Refuse the modules; of all others the next finder is asked.

        Raises:
            ModuleNotFoundError: it is one of them.
        """
        if name in self._names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@contextmanager
def hidden(*names: str) -> Iterator[None]:
    """Let imports of some modules fail meanwhile, whether they are loaded or not."""
    known = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    hides = _Hides(names)
    sys.meta_path.insert(0, hides)
    try:
        yield
    finally:
        sys.meta_path.remove(hides)
        sys.modules.update(known)
