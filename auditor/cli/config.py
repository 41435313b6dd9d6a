"""Settings from `auditor.yaml`, and where each value came from: flag > environment > file > default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from auditor.errors import UsageError

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
    "map": list,
    "waivers": str,
}


def read_config(path: Path = FILE) -> dict[str, Any]:
    """Return the settings of `path`; none where the file is absent.

    Raises:
        UsageError: no YAML, an unknown key, or a value of the wrong type.
    """
    if not path.is_file():
        return {}
    import yaml

    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise UsageError("the settings are no YAML", where=place, fix="see `auditor init`") from error
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
