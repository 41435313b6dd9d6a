"""Read one entry of a knowledge file field by field, refusing whatever the schema does not know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from auditor.errors import KnowledgeError

E = TypeVar("E", bound=StrEnum)
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

_HEX = re.compile(r"[0-9a-f]+")


class Fields:
    """The fields of one mapping; each is taken once, and `done` refuses what is left.

    Args:
        value: what the file holds in this place; anything but a mapping is refused.
        where: the place, e.g. `terms.yaml:12 (MIT)`.

    Raises:
        KnowledgeError: in every method, where the field breaks the schema.
    """

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise KnowledgeError(f"expected a mapping, found {_kind(value)}", where=where)
        self._left: dict[Any, Any] = dict(value)
        self.where = where

    def fault(self, message: str, fix: str | None = None) -> KnowledgeError:
        """Return an error that names this entry."""
        return KnowledgeError(message, where=self.where, fix=fix)

    def has(self, name: str) -> bool:
        """Tell whether the field is there and not null."""
        return self._left.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        """Take a string; without `default` it must be there and not be empty."""
        value = self._left.pop(name, None)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.fault(f"`{name}` must be text, found {_kind(value)}")
        return value

    def date(self, name: str) -> str | None:
        """Take an ISO date or a prefix of one (`2025`, `2025-03`); None where it is not there."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise self.fault(f"`{name}` must be a date as in '2025-03-31', found {value!r}", "quote the date")
        return value

    def count(self, name: str, default: int | None = None) -> int:
        """Take a whole number that is not negative; without `default` it must be there."""
        value = self._left.pop(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.fault(f"`{name}` must be a whole number, found {_kind(value)}")
        return value

    def hex(self, name: str, *lengths: int) -> str:
        """Take hex digits in one of the lengths; empty where they are not there."""
        value = self.text(name, "")
        if value and (len(value) not in lengths or not _HEX.fullmatch(value)):
            known = " or ".join(map(str, lengths))
            raise self.fault(f"`{name}` must be {known} hex digits in lower case, found {value[:70]!r}")
        return value

    def truth(self, name: str, default: bool | None = None) -> bool:
        """Take a truth value; without `default` it must be there."""
        value = self._left.pop(name, default)
        if not isinstance(value, bool):
            raise self.fault(f"`{name}` must be true or false, found {_kind(value)}")
        return value

    def maybe(self, name: str) -> bool | None:
        """Take true, false or `unknown` (None)."""
        if self._left.get(name) == "unknown":
            self._left.pop(name)
            return None
        return self.truth(name)

    def choice(self, name: str, values: type[E], default: E | None = None) -> E:
        """Take one value of a closed set; without `default` it must be there."""
        value = self._left.pop(name, default)
        if value is None:
            raise self.fault(f"`{name}` is missing", f"give one of: {', '.join(values)}")
        return self._member(name, value, values)

    def choices(self, name: str, values: type[E]) -> frozenset[E]:
        """Take a list of values of a closed set."""
        return frozenset(self._member(name, one, values) for one in self.texts(name))

    def _member(self, name: str, value: Any, values: type[E]) -> E:
        try:
            return values(value)
        except ValueError:
            fix = f"give one of: {', '.join(values)}"
            raise self.fault(f"`{name}` has the unknown value {value!r}", fix) from None

    def texts(self, name: str) -> tuple[str, ...]:
        """Take a list of strings; empty where it is not there."""
        value = self._left.pop(name, None)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise self.fault(f"`{name}` must be a list of texts")
        return tuple(value)

    def entries(self, name: str) -> list[Fields]:
        """Take a list of mappings; empty where it is not there."""
        value = self._left.pop(name, None)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.fault(f"`{name}` must be a list, found {_kind(value)}")
        return [Fields(one, f"{self.where} {name}[{number}]") for number, one in enumerate(value)]

    def part(self, name: str) -> Fields:
        """Take a mapping; empty where it is not there."""
        value = self._left.pop(name, None)
        return Fields({} if value is None else value, f"{self.where} {name}")

    def words(self, name: str) -> Mapping[str, str]:
        """Take a mapping of texts to texts; empty where it is not there."""
        value = self._left.pop(name, None) or {}
        flat = isinstance(value, dict) and all(isinstance(x, str) for pair in value.items() for x in pair)
        if not flat:
            raise self.fault(f"`{name}` must map texts to texts")
        return dict(value)

    def names(self) -> tuple[str, ...]:
        """Return the fields not taken yet."""
        return tuple(self._left)

    def done(self) -> None:
        """Refuse fields that nobody took."""
        if self._left:
            unknown = ", ".join(f"`{name}`" for name in self._left)
            raise self.fault(f"unknown field {unknown}", "remove it, or check its spelling")


def _kind(value: object) -> str:
    names = {type(None): "nothing", dict: "a mapping", list: "a list", str: "text", bool: "a truth value"}
    return names.get(type(value), type(value).__name__)
