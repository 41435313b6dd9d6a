"""Rows of marks: a layout reads one as it reads a row, and what it asks of the values is written down.

A mark stands for any text, or any number, but for what was asked of it. So what a layout makes of a row of
marks holds for every row of the same names and types whose texts answer those questions alike. Whatever else
is asked of a mark is refused: then the layout looks into values, and no plan holds for them.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NoReturn

Path = tuple[str | int, ...]
"""Where a value stands: the names and places from the row inwards."""
_TRIED = 3
"""So many truth values are tried both ways; each doubles the rows of marks."""


class LooksInsideError(Exception):
    """Something asks of a value what names and types do not tell."""


@dataclass(slots=True)
class Asked:
    """What was asked of the texts of a row."""

    equal: dict[Path, set[str]] = field(default_factory=dict)
    """Texts that were compared with these words; a row with one of them is another case."""
    begins: dict[Path, set[str]] = field(default_factory=dict)
    """Texts whose first character was compared with these."""
    distinct: dict[Path, None] = field(default_factory=dict)
    """Texts that were compared with each other."""

    def add(self, other: Asked) -> None:
        """Add what was asked of other marks for the same row."""
        for path, words in other.equal.items():
            self.equal.setdefault(path, set()).update(words)
        for path, signs in other.begins.items():
            self.begins.setdefault(path, set()).update(signs)
        self.distinct.update(other.distinct)


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise LooksInsideError


def _refuse_all(mark: type, but: tuple[str, ...]) -> None:
    for base in mark.__mro__[1:-1]:
        for name, value in vars(base).items():
            if callable(value) and name not in but and name not in vars(mark):
                setattr(mark, name, _refuse)


class Mark(str):
    """Any text with something in it."""

    __slots__ = ("_asked", "head", "path")
    path: Path
    _asked: Asked
    head: bool

    def __new__(cls, asked: Asked, path: Path, head: bool = False) -> Mark:
        """Make the mark of the text at a path, or of its first character."""
        mark = str.__new__(cls, "a mark")
        mark.path, mark._asked, mark.head = path, asked, head
        return mark

    def __bool__(self) -> bool:
        """Tell that there is text: which texts are empty is part of a schema."""
        return True

    def __eq__(self, other: object) -> bool:
        """Tell that it is no other text, and write down the question."""
        if isinstance(other, Mark):
            if self is not other:
                self._asked.distinct[self.path] = self._asked.distinct[other.path] = None
                if self.head or other.head:
                    raise LooksInsideError
            return self is other
        if isinstance(other, str) and other:
            asked = self._asked.begins if self.head else self._asked.equal
            asked.setdefault(self.path, set()).add(other)
        return False

    def __hash__(self) -> int:
        """Refuse: a look-up in words would not be written down."""
        raise LooksInsideError

    def __radd__(self, other: str) -> str:
        """Refuse: a text that was put together has a beginning."""
        raise LooksInsideError

    def __ne__(self, other: object) -> bool:
        """Tell that it is another text than any other."""
        return not self == other

    def __getitem__(self, key: Any) -> Mark:
        """Return the mark of the first character."""
        if key != slice(None, 1, None):
            raise LooksInsideError
        return Mark(self._asked, self.path, head=True)


class _Integer(int):
    """Any whole number."""

    __slots__ = ()


class _Real(float):
    """Any other number."""

    __slots__ = ()


_MADE = ("__new__", "__init__", "__getattribute__", "__setattr__", "__init_subclass__", "__subclasshook__")
for _kind in (Mark, _Integer, _Real):
    _refuse_all(_kind, _MADE)


def marked_rows(row: dict[str, Any], plain: Container[Path]) -> Iterator[tuple[dict[str, Any], Asked]]:
    """Yield rows of marks in the place of a row, one for each way its truth values may be.

    With each stands what was asked of it, once something has read it.

    Args:
        plain: where values stay as they are.

    Raises:
        LooksInsideError: the row has too many truth values, or values of other types.
    """
    truths = [path for path, value in scalars(row) if isinstance(value, bool) and path not in plain]
    if len(truths) > _TRIED:
        raise LooksInsideError
    for tried in product((False, True), repeat=len(truths)):
        asked = Asked()
        yield _marked(row, (), asked, plain, dict(zip(truths, tried, strict=True))), asked


def scalars(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield the values that hold no other, in reading order, with their places."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for name, inner in items:
            yield from scalars(inner, (*path, name))
    else:
        yield path, value


def _marked(value: Any, path: Path, asked: Asked, plain: Container[Path], truths: dict[Path, bool]) -> Any:
    kind = type(value)
    if kind is dict:
        return {name: _marked(item, (*path, name), asked, plain, truths) for name, item in value.items()}
    if kind is list:
        return [_marked(item, (*path, at), asked, plain, truths) for at, item in enumerate(value)]
    if value is None or value == "" or path in plain:
        return value
    if kind is str:
        return Mark(asked, path)
    if kind is bool:
        return truths[path]
    if kind is int:
        return _Integer(1)
    if kind is float:
        return _Real(1.0)
    raise LooksInsideError
