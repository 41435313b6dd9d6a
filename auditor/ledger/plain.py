"""Domain facts as JSON text and back: what the tables keep and digests are made of."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from auditor import canonical
from auditor.serialize import encode


def to_text(value: Any) -> str:
    """Return a fact as JSON text with sorted keys, as the tables keep it: null members stay."""
    return orjson.dumps(encode(value), option=orjson.OPT_SORT_KEYS).decode()


def from_text(text: str) -> Any:
    """Read a value that `to_text` wrote."""
    return orjson.loads(text)


def sha256(value: Any) -> str:
    """Return the SHA-256 of a value's canonical form, as hex."""
    return hashlib.sha256(canonical.encode(encode(value))).hexdigest()
