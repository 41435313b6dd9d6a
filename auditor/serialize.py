"""Frozen dataclasses to JSON values and back, by their annotations; nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from auditor.errors import InputError


def encode(value: object) -> Any:
    """Return JSON values: enums by value, sets sorted, fields and mappings in their own order."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in sorted(value.items())}
    if isinstance(value, set | frozenset):
        return sorted(encode(item) for item in value)
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    return value


def decode(kind: Any, value: Any, where: str = "$") -> Any:
    """Build `kind` from JSON values.

    Raises:
        InputError: a value does not fit; unknown members are passed over, so that newer files can be read.
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
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _misfit(expected: str, where: str) -> InputError:
    return InputError(f"this should be {expected}", where=where, fix="give the folder that an audit wrote")
