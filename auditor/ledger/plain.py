"""Domain facts as plain JSON values and back as text: what the tables keep and digests are made of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any

import orjson

from auditor.canonical import encode


def plain(value: Any) -> Any:
    """Turn dataclasses, enums, mappings and collections into JSON values; sets come sorted."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    names = _field_names(value.__class__)
    if names:
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def to_text(value: Any) -> str:
    """Return a fact as JSON text with sorted keys, as the tables keep it: null members stay."""
    return orjson.dumps(plain(value), option=orjson.OPT_SORT_KEYS).decode()


def from_text(text: str) -> Any:
    """Read a value that `to_text` wrote."""
    return orjson.loads(text)


def sha256(value: Any) -> str:
    """Return the SHA-256 of a value's canonical form, as hex."""
    return hashlib.sha256(encode(plain(value))).hexdigest()
