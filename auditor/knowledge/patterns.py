"""Regular expressions of the catalog: many of them asked at once, the first that matches wins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from auditor.errors import KnowledgeError

T = TypeVar("T")
_APART = re.compile(r"\\\d|\(\?[(P]|^\(\?[aiLmsux]")
"""A group by its number or name, or flags: a pattern that cannot be joined with others."""


@lru_cache(maxsize=4096)
def compiled(pattern: str, where: str = "") -> re.Pattern[str]:
    """Compile a pattern of the catalog, case-insensitive.

    Raises:
        KnowledgeError: it is not a regular expression.
    """
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise KnowledgeError(f"not a regular expression: {pattern!r}: {error}", where=where or None) from None


class FirstOf(Generic[T]):
    """Patterns in order as one expression, so that a name is matched once, not once for each of them."""

    def __init__(self, patterns: Sequence[tuple[str, str, T]]) -> None:
        """Join `patterns`: each with where it stands, for messages, and what it leads to."""
        self._held = [held for _, _, held in patterns]
        self._apart: list[tuple[re.Pattern[str], T]] | None = None
        if any(_APART.search(pattern) for pattern, _, _ in patterns):
            self._apart = [(compiled(pattern, where), held) for pattern, where, held in patterns]
            return
        joined = "|".join(f"(?P<_{at}>{pattern})" for at, (pattern, _, _) in enumerate(patterns))
        try:
            self._joined = re.compile(joined or "(?!)", re.IGNORECASE)
        except re.error:
            for pattern, where, _ in patterns:
                compiled(pattern, where)
            raise

    def __bool__(self) -> bool:
        return bool(self._held)

    def first(self, name: str) -> T | None:
        """Return what belongs to the first pattern that matches all of `name`."""
        if self._apart is not None:
            return next((held for one, held in self._apart if one.fullmatch(name)), None)
        found = self._joined.fullmatch(name)
        return None if found is None or found.lastgroup is None else self._held[int(found.lastgroup[1:])]

    def prefix(self, name: str) -> tuple[T, int] | None:
        """Return what belongs to the first pattern that matches the beginning of `name`, and its end."""
        if self._apart is not None:
            begun = ((held, one.match(name)) for one, held in self._apart)
            return next(((held, found.end()) for held, found in begun if found), None)
        found = self._joined.match(name)
        if found is None or found.lastgroup is None:
            return None
        return self._held[int(found.lastgroup[1:])], found.end()
