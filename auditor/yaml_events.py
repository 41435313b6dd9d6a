"""Plain YAML in one pass over its events, in half the time of the way by nodes.

It says nothing of what is wrong: whatever is not plain is left to `auditor.strict_yaml`, the specification.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import yaml

Place = tuple[str | int, ...]
Marker = Callable[[int, int, str | None, str], Any]
"""Makes the mark of a value of its line, its column, its style and how it is written."""


class UnusualError(Exception):
    """Tell that a document is to be refused, or that only the way by nodes reads it."""


class EventBuilder:
    """Build one document.

    Args:
        loader: PyYAML's class that reads it.
        depth: so many levels may lie in each other.
        nodes: so many values may be in it.
        scalar: reads a scalar without quotes, or raises `UnusualError`.
    """

    def __init__(
        self, text: str, loader: type[Any], depth: int, nodes: int, mark: Marker, scalar: Callable[[str], Any]
    ) -> None:
        self._text = text
        self._depth = depth
        self._left = nodes
        self._mark = mark
        self._scalar = scalar
        self._read: dict[str, Any] = {}
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=loader))
        self.marks: dict[Place, Any] = {}
        self.keys: dict[Place, Any] = {}

    def document(self) -> Any:
        """Return the value of the only document.

        Raises:
            UnusualError: it is not plain.
            yaml.YAMLError: it is not YAML.
        """
        next(self._events)
        if not isinstance(next(self._events), yaml.DocumentStartEvent):
            raise UnusualError
        value = self._value(next(self._events), ())
        next(self._events)
        if not isinstance(next(self._events), yaml.StreamEndEvent):
            raise UnusualError
        return value

    def _value(self, event: Any, place: Place) -> Any:
        self._left -= 1
        if self._left < 0 or isinstance(event, yaml.AliasEvent) or event.anchor or event.tag is not None:
            raise UnusualError
        start, end = event.start_mark, event.end_mark
        if isinstance(event, yaml.ScalarEvent):
            raw = self._text[start.index : end.index]
            self.marks[place] = self._mark(start.line + 1, start.column + 1, event.style or None, raw)
            return self._plain(event.value) if event.implicit[0] else event.value
        if len(place) >= self._depth:
            raise UnusualError
        self.marks[place] = self._mark(start.line + 1, start.column + 1, None, "")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(place)
        result: list[Any] = []
        while not isinstance(one := next(self._events), yaml.SequenceEndEvent):
            result.append(self._value(one, (*place, len(result))))
        return result

    def _mapping(self, place: Place) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            named = isinstance(key, yaml.ScalarEvent) and not key.anchor and key.tag is None
            if not named or key.value in result or (key.implicit[0] and key.value == "<<"):
                raise UnusualError
            start, inner = key.start_mark, (*place, key.value)
            self.keys[inner] = self._mark(start.line + 1, start.column + 1, key.style or None, "")
            result[key.value] = self._value(next(self._events), inner)
        return result

    def _plain(self, text: str) -> Any:
        """Read a scalar without quotes; the same text is the same value wherever it stands."""
        if text not in self._read:
            self._read[text] = self._scalar(text)
        return self._read[text]
