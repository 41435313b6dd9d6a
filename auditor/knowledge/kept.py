"""Parsed knowledge files, kept from run to run by the digest of their bytes.

YAML takes ten times as long to parse as JSON. What is kept is data, never code; it lies where this user
alone can write, and names the digest of the YAML and its own. What does not fit is made anew, and a folder
that cannot be used costs time only.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from auditor.files import read_regular, write_whole
from auditor.jit.kernel_folder import CATALOG, trusted_folder

MOST_KEPT = 24
"""So many files stay; the ones used longest ago go."""
MAX_BYTES = 64 * 2**20
_HEX = 64
_READER = tuple(Path(__file__).parents[1] / name for name in ("strict_yaml.py", "yaml_events.py"))
"""What parses the files; it is not imported where nothing is to be parsed."""

Lines = dict[tuple[str, int], int]
"""1-based line of each list entry, by section and index."""


def kept(sha256: str) -> tuple[dict[str, Any], Lines] | None:
    """Return the parsed content of the YAML with that digest; None where none is kept that can be used."""
    folder = _folder()
    if folder is None:
        return None
    try:
        content = read_regular(folder / f"{sha256}.json", MAX_BYTES)
        if hashlib.sha256(content[_HEX:]).hexdigest().encode() != content[:_HEX]:
            return None
        held = json.loads(content[_HEX:])
        if held["yaml"] != sha256:
            return None
        return held["value"], {(section, index): line for section, index, line in held["lines"]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def keep(sha256: str, value: dict[str, Any], lines: Lines) -> None:
    """Keep the parsed content of the YAML with that digest; a folder that cannot be written keeps nothing."""
    folder = _folder()
    if folder is None:
        return
    held = {"yaml": sha256, "value": value, "lines": [[*place, line] for place, line in lines.items()]}
    # What is no JSON, such as an infinite number, is parsed anew each time.
    with contextlib.suppress(OSError, ValueError):
        content = json.dumps(held, allow_nan=False, separators=(",", ":")).encode()
        if json.loads(content) == held:
            digest = hashlib.sha256(content).hexdigest().encode()
            write_whole(folder / f"{sha256}.json", digest + content, mode=0o600)
            _clear(folder.glob("*.json"))


def _clear(files: Iterable[Path]) -> None:
    """Remove what was written longest ago; another run may have been quicker."""
    dated = []
    for path in files:
        with contextlib.suppress(OSError):
            dated.append((path.stat().st_mtime, path))
    for _, path in sorted(dated)[:-MOST_KEPT]:
        path.unlink(missing_ok=True)


@cache
def _folder() -> Path | None:
    """Return where parsed files of this program's reader are kept."""
    try:
        reader = hashlib.sha256(b"".join(map(read_regular, (*_READER, Path(__file__)))))
    except OSError:
        return None
    return trusted_folder(reader.hexdigest()[:16], CATALOG)
