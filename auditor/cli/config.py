"""Settings from `auditor.yaml`, and where each value came from: flag > environment > file > default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from auditor.errors import UsageError
from auditor.strict_yaml import read

FILE = Path("auditor.yaml")
KEYS = {
    "data": list,
    "plan": str,
    "policy": str,
    "index": list,
    "ledger": str,
    "out": str,
    "knowledge": str,
    "shape": str,
    "waivers": str,
}


def read_config(path: Path = FILE) -> dict[str, Any]:
    """Return the settings of `path`; none where the file is absent.

    Raises:
        UsageError: no YAML, an unknown key, or a value of the wrong type.
    """
    if not path.is_file():
        return {}
    loaded = read(path, UsageError, empty=True).data
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise UsageError("the settings must be a mapping", where=str(path), fix="see `auditor init`")
    for key, value in loaded.items():
        kind = KEYS.get(key)
        if kind is None:
            raise UsageError(f"unknown setting `{key}`", where=str(path), fix=f"known: {', '.join(KEYS)}")
        if value is not None and not isinstance(value, kind):
            raise UsageError(f"`{key}` must be a {_word(kind)}", where=str(path), fix="see `auditor init`")
        for item in value if isinstance(value, list) else [value or ""]:
            if not isinstance(item, str) or "\0" in item:
                raise UsageError(f"`{key}` holds {item!r}", where=str(path), fix="give names as text")
    return {key: value for key, value in loaded.items() if value is not None}


def _word(kind: type) -> str:
    return "list" if kind is list else "string"
