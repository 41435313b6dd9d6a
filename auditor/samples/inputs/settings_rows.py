"""Whether files of settings, seals and checksums hold what their names say, or text to learn."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from auditor.errors import InputError
from auditor.samples.inputs.row_signs import (
    ROW_KEYS,
    begins_like_rows,
    is_binary,
    is_store,
    shows_rows,
    words,
)
from auditor.strict_yaml import Limits, parse

_PROSE = 8
"""Words; a shorter text is a name, a path or a value."""
_MOST_TEXTS = 20
"""Settings describe themselves in fewer texts than this."""
_LIMITS = Limits(size=1 << 20, nodes=200_000)
_SHORT_LINE = 3
_LARGEST_BINARY_SEAL = 1 << 14
_NOTES = ("-----", "untrusted comment:", "trusted comment:", "comment:", "version:", "#", ";")
_SUM = re.compile(
    r"\\?[0-9a-fA-F]{8,128}([ \t]+\*?[^ \t].{0,400})?|[A-Z0-9]+ \(.{1,400}\) = [0-9a-fA-F]{8,128}"
)
_REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+(\[[\w ,.-]*\])?\s*([<>=!~@;].*)?|-.*|#.*|\\|")
_ROW_LINE = re.compile(rf"(?m)^[\s\-?]*[\"']?({'|'.join(sorted(ROW_KEYS))})[\"']?\s*[:=]")


def is_settings(data: bytes, suffix: str) -> bool:
    """Tell whether a file of settings holds no rows: no list of objects or of prose, no lines of JSON."""
    if is_binary(data):
        return False
    text = data.decode("utf-8-sig", "replace")
    if shows_rows(text):
        return False
    value = _parsed(text, suffix)
    if value is None:
        lines = text.splitlines()
        prose = [line for line in lines if words(line) >= _PROSE and not line.lstrip().startswith(("#", ";"))]
        return len(set(_ROW_LINE.findall(text))) < 2 and len(prose) <= _MOST_TEXTS
    if isinstance(value, list):
        return not value
    if isinstance(value, str):
        return words(value) < _PROSE
    texts = [(text, inside) for text, inside in _texts(value, False) if words(text) >= _PROSE]
    return len(texts) <= _MOST_TEXTS and not any(inside for _, inside in texts) and not _has_row(value, False)


def is_seal(data: bytes) -> bool:
    """Tell whether a file is a key, certificate, signature or checksum: short lines, or few bytes."""
    if is_store(data) or (not is_binary(data) and begins_like_rows(data)):
        return False
    if is_binary(data):
        return len(data) <= _LARGEST_BINARY_SEAL
    lines = data.decode("utf-8-sig", "replace").splitlines()
    return sum(words(line) for line in lines if line.lower().startswith(_NOTES)) < 100 and all(
        words(line) <= _SHORT_LINE or line.lower().startswith(_NOTES) or _SUM.fullmatch(line.strip())
        for line in lines
    )


def is_checksums(data: bytes) -> bool:
    """Tell whether every line is a checksum with a file's name."""
    lines = data.decode("utf-8-sig", "replace").splitlines()
    return all(not line.strip() or line.startswith("#") or _SUM.fullmatch(line.strip()) for line in lines)


def is_requirements(data: bytes) -> bool:
    """Tell whether every line names a package, an option or a comment."""
    lines = data.decode("utf-8-sig", "replace").splitlines()
    return not shows_rows("\n".join(lines)) and all(_REQUIREMENT.fullmatch(line.strip()) for line in lines)


def is_dot_file(data: bytes) -> bool:
    """Tell whether a tool's hidden file holds patterns and values alone."""
    if is_binary(data):
        return data[4:8] == b"Bud1" and not is_store(data)
    if begins_like_rows(data):
        return False
    lines = [line.strip() for line in data.decode("utf-8-sig", "replace").splitlines()]
    return all(
        line.startswith(("#", "[")) or words(line) <= _SHORT_LINE or "=" in line for line in lines
    ) and not shows_rows("\n".join(lines))


def _parsed(text: str, suffix: str) -> Any:
    try:
        if suffix == ".toml":
            return tomllib.loads(text)
        if suffix in (".yaml", ".yml", ".dvc"):
            return parse(text, "settings", InputError, limits=_LIMITS, empty=True).data or {}
    except (InputError, ValueError, RecursionError):
        return None
    return None


def _texts(value: Any, inside: bool) -> Iterator[tuple[str, bool]]:
    """Yield every text, and whether it stands in some list."""
    if isinstance(value, list):
        for item in value:
            yield from _texts(item, True)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item, inside)
    elif isinstance(value, str):
        yield value, inside


def _has_row(value: Any, inside: bool) -> bool:
    if isinstance(value, list):
        return any(_has_row(item, True) for item in value)
    if not isinstance(value, dict):
        return False
    named = [key for key in value if key in ROW_KEYS and isinstance(value[key], str | list)]
    return (inside and len(named) > 1) or any(_has_row(item, inside) for item in value.values())
