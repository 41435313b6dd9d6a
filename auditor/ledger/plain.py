"""Domain facts as JSON text and back: what the tables keep and digests are made of."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from auditor.serialize import encode


def canonical(value: Any) -> bytes:
    """Return JSON with sorted keys and no spaces: RFC 8785 but for floats beyond 1e16 or below 1e-5."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def to_text(value: Any) -> str:
    """Return a fact as canonical JSON text."""
    return canonical(encode(value)).decode()


def from_text(text: str) -> Any:
    """Read a value that `to_text` wrote."""
    return orjson.loads(text)


def sha256(value: Any) -> str:
    """Return the SHA-256 of a value's canonical form, as hex."""
    return hashlib.sha256(canonical(encode(value))).hexdigest()
