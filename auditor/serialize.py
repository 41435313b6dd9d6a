"""Frozen dataclasses to JSON values, and back by their annotations; nothing is guessed.

What is written as JSON goes through `encode`, what is read back into objects through `decode`, which names
the place of a fault. The bytes are another matter: `auditor.canonical` has the form that digests are of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from pathlib import PurePath
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from auditor.errors import InputError

_AS_THEY_ARE = frozenset({str, int, float, bool})
_EMPTY: tuple[object, ...] = (None, "", [], {})


def encode(value: Any, *, sort_keys: bool = False, empties: bool = True) -> Any:
    """Return JSON values, of these and nothing else:

    - texts, numbers, truth values and None as they are, an enum's member by its value;
    - a dataclass as an object of its fields, in their order;
    - a mapping as an object, its keys as text and in its own order;
    - a tuple or a list as an array, a set as a sorted one;
    - a date or a moment in ISO 8601, a path as text.

    Args:
        sort_keys: write the keys of mappings sorted; fields stay in their order.
        empties: also write fields that hold None, an empty text or nothing; False leaves them out.

    Raises:
        TypeError: of anything else; bytes too, for which the caller chooses the writing.
    """
    if value is None or type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, Enum):
        return value.value
    names = _field_names(value.__class__)
    if names:
        members = (
            (name, encode(getattr(value, name), sort_keys=sort_keys, empties=empties)) for name in names
        )
        return {name: one for name, one in members if empties or one not in _EMPTY}
    if isinstance(value, Mapping):
        items = sorted(value.items()) if sort_keys else value.items()
        return {str(key): encode(one, sort_keys=sort_keys, empties=empties) for key, one in items}
    if isinstance(value, set | frozenset):
        return sorted(encode(one, sort_keys=sort_keys, empties=empties) for one in value)
    if isinstance(value, tuple | list):
        return [encode(one, sort_keys=sort_keys, empties=empties) for one in value]
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, PurePath):
        return str(value)
    raise TypeError(f"a value of type {type(value).__name__} has no form in JSON")


def decode(kind: Any, value: Any, where: str = "$") -> Any:
    """Build `kind` from JSON values, as `encode` makes them.

    Members that `kind` does not have are passed over, so that newer files can be read; one that is missing
    takes its default.

    Args:
        where: the place of the value, for errors: `$.findings[2].rule`.

    Raises:
        InputError: a value does not fit, or a member without a default is missing.
    """
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _decode_union(get_args(kind), value, where)
    if origin in (tuple, frozenset):
        if not isinstance(value, list):
            raise _misfit("a list", where)
        inner = get_args(kind)[0]
        return origin(decode(inner, item, f"{where}[{place}]") for place, item in enumerate(value))
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, dict):
            raise _misfit("an object", where)
        inner = get_args(kind)[1]
        return MappingProxyType({key: decode(inner, item, f"{where}.{key}") for key, item in value.items()})
    if is_dataclass(kind):
        return _decode_dataclass(kind, value, where)
    return _decode_plain(kind, value, where)


def _decode_union(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and NoneType in kinds:
        return None
    rest = [kind for kind in kinds if kind is not NoneType]
    if len(rest) == 1:
        return decode(rest[0], value, where)
    for kind in rest:
        try:
            return decode(kind, value, where)
        except InputError:
            continue
    raise _misfit("another type", where)


def _decode_dataclass(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise _misfit("an object", where)
    hints = _hints(kind)
    given = {}
    for field in fields(kind):
        if field.name in value:
            given[field.name] = decode(hints[field.name], value[field.name], f"{where}.{field.name}")
        elif field.default is MISSING and field.default_factory is MISSING:
            raise InputError(
                f"the member `{field.name}` is missing",
                where=where,
                fix="give the folder that an audit wrote",
            )
    return kind(**given)


def _decode_plain(kind: Any, value: Any, where: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(value)
        except ValueError:
            raise _misfit("one of " + ", ".join(str(item.value) for item in kind), where) from None
    plain = getattr(kind, "__supertype__", kind)
    if plain is float and type(value) is int:
        return float(value)
    if type(value) is not plain:
        raise _misfit(f"of type {plain.__name__}", where)
    return value


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _misfit(expected: str, where: str) -> InputError:
    return InputError(f"this should be {expected}", where=where, fix="give the folder that an audit wrote")
