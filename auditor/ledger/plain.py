"""Domain facts as plain JSON values and back as text: what the tables keep and digests are made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import rfc8785


def plain(value: Any) -> Any:
    """Turn dataclasses, enums, mappings and collections into JSON values; sets come sorted."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 form of a JSON value."""
    return rfc8785.dumps(value)


def to_text(value: Any) -> str:
    """Return a fact as canonical JSON text."""
    return canonical(plain(value)).decode()


def from_text(text: str) -> Any:
    """Read a value that `to_text` wrote."""
    return json.loads(text)


def sha256(value: Any) -> str:
    """Return the SHA-256 of a value's canonical form, as hex."""
    return hashlib.sha256(canonical(plain(value))).hexdigest()
