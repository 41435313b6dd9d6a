"""Folders of data: which files in them hold rows, behind links too, and which are side files."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

from auditor.errors import UnreadableInputError
from auditor.files import read_regular
from auditor.samples.inputs.documents import named_side_file
from auditor.samples.inputs.own_answers import is_permit_file
from auditor.samples.inputs.side_rows import holds_rows
from auditor.samples.readers.formats import named_archive, named_format

_EITHER = re.compile(
    r"(?i)(dataset|meta|pipeline|provenance|recipe|params|args|settings|run|about|curator|.*[-_]config|config[-_].*|"
    r"generation|set[-_]?up|ro-crate-metadata|datacite|codemeta|\.?zenodo|citation|manifest|package(-lock)?|composer|"
    r"(.*[-_.])?(card|meta|stats|statistics)|[jt]sconfig(\.\w+)?|renovate|turbo|lerna|vercel)\.json"
)
"""Names of files that may speak of the data or hold it: what stands in them tells."""
_LARGEST_SETTINGS = 1 << 20
AUDIT_FILES = ("report.json", "samples.parquet", "unreadable.jsonl")
"""What an audit writes that looks like data."""
_LARGEST_REPORT = 64 << 20


def walk(root: Path) -> Iterator[tuple[Path, list[Path]]]:
    """Yield each folder under one with what lies in it, sorted; of hidden ones nothing.

    Links are followed out of the folder, once each; what they lead to inside of it is met there. A folder
    that cannot be opened is passed over.
    """
    left, met = [root], {os.path.realpath(root)}
    while left:
        folder = left.pop()
        try:
            paths = [folder / name for name in sorted(os.listdir(folder))]
        except PermissionError:
            continue
        yield folder, paths
        inner = [path for path in paths if os.path.isdir(path) and not path.name.startswith(".")]
        left += reversed([path for path in inner if not path.is_symlink() or _leads_out(path, root, met)])


def data_files(root: Path) -> list[Path]:
    """Return the data files under a folder, and the folders in it that cannot be opened or lead back."""
    found: list[Path] = []
    for _, paths in walk(root):
        shown = [path for path in paths if not path.name.startswith(".")]
        found += [path for path in shown if (_is_shut(path) if os.path.isdir(path) else is_data(path))]
    return found


def _is_shut(folder: Path) -> bool:
    try:
        os.scandir(folder).close()
    except PermissionError:
        return True
    return _leads_back(folder)


def is_audit(folder: Path) -> bool:
    """Tell whether a folder is what an audit left; its answers are not rows."""
    report = folder / "report.json"
    try:
        if not (folder / "samples.parquet").is_file() or report.stat().st_size > _LARGEST_REPORT:
            return False
        return str(read_json(report).get("schema")).startswith("auditor.report/")
    except (OSError, UnreadableInputError, RecursionError):
        return False


def is_side_file(path: PurePath) -> bool:
    """Tell whether a file of JSON speaks of the data rather than holding it: by name, or by content."""
    if named_side_file(path.name):
        return True
    if _EITHER.fullmatch(path.name) is None or not isinstance(path, Path) or not path.is_file():
        return False
    size = path.stat().st_size
    return size <= _LARGEST_SETTINGS and not holds_rows(path, size)


def is_named_data(path: Path) -> bool:
    """Tell whether a file's name stands for rows, or for an archive that may hold some."""
    return named_format(path) is not None or named_archive(path)


def is_data(path: Path) -> bool:
    """Tell by its name whether a file holds rows; what an audit or `attest` wrote holds none."""
    if not is_named_data(path) or is_side_file(path) or is_permit_file(path):
        return False
    return path.name not in AUDIT_FILES or not is_audit(path.parent)


def _leads_back(path: Path) -> bool:
    """Tell whether a path is a link to a folder that it lies in."""
    return path.is_symlink() and Path(os.path.realpath(path.parent)).is_relative_to(os.path.realpath(path))


def _leads_out(link: Path, root: Path, met: set[str]) -> bool:
    """Tell whether a link leads to a folder that is not walked otherwise."""
    real = os.path.realpath(link)
    parts = Path(os.path.relpath(real, os.path.realpath(root))).parts
    inside = not any(part.startswith(".") for part in parts)
    known = inside or _leads_back(link) or real in met
    met.add(real)
    return not known


def read_json(path: Path) -> dict[str, Any]:
    """Return the object that a small file of JSON holds.

    Raises:
        UnreadableInputError: it holds none.
    """
    try:
        value = json.loads(read_regular(path))
    except (OSError, ValueError) as error:
        raise UnreadableInputError(
            "the file is not valid JSON", where=str(path), fix="save the dataset again"
        ) from error
    if not isinstance(value, dict):
        raise UnreadableInputError("the file holds no object", where=str(path), fix="save the dataset again")
    return value
