"""License files beside the rows, and what they state: SPDX lines, a short statement, or their whole text.

Of a license that may be that of code (beside a single file, above the data, in settings of a package) only a
bar on commerce counts: it is inferred, and grants nothing.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.samples.claims.card_prose import SPDX_LINE
from auditor.samples.claims.license_words import is_nc, license_in
from auditor.samples.claims.values import values
from auditor.samples.inputs.boxed import read_side
from auditor.samples.inputs.cards import decoded
from auditor.samples.inputs.documents import LICENSE_WORD
from auditor.samples.inputs.sources import DataFile

_LIMIT = 1 << 20
_SHORT, _HEAD = 1000, 400
"""Characters of a file that may be a statement alone, and of a text that tell which license it is."""
_DATA_LICENSE = re.compile(rf"(data[-_.]{LICENSE_WORD}|{LICENSE_WORD}[-_.]data)(\.(txt|md|rst))?", re.I)
_ANY_LICENSE = re.compile(rf"{LICENSE_WORD}(\.(txt|md|rst))?", re.I)
_OF_CODE = ("pyproject.toml", "package.json", "Cargo.toml", "composer.json")
_TITLE = re.compile(rf"(?i)(the )?(data(set)? )?{LICENSE_WORD}( (information|terms|notice|of the data))?\W*")
_LABEL = re.compile(rf"(?i)^(spdx-?)?(data(set)? )?{LICENSE_WORD} ?[:=] ?")
_COPYRIGHT = re.compile(r"(?i)(copyright|\(c\)|©).{0,120}")
_OTHERS = re.compile(r"(?i)\b(code|software|scripts?|models?|weights|programs?|repository|images?)\b")
_LINK = re.compile(r"!?\[([^\]]*)\]\(\s*([^)\s]*)[^)]*\)|<(https?://[^>\s]+)>")
UNREADABLE_LICENSE = "a license file that cannot be read"


def license_files(folder: Path, at: str, of_the_data: bool) -> list[Path]:
    """Return the license files of a folder that speak of the data."""
    names = _names(folder)
    # Beside a license of the data, LICENSE speaks of the code.
    chosen = [name for name in names if _DATA_LICENSE.fullmatch(name)]
    if not chosen and of_the_data and at != "../":
        chosen = [name for name in names if _ANY_LICENSE.fullmatch(name)]
    return [folder / name for name in chosen if not (folder / name).is_dir()]


def own_license(file: DataFile) -> Path:
    """Return where the license of one file stands, after REUSE: `rows.jsonl.license`."""
    return file.path.with_name(f"{file.path.name}.license")


def license_file_claims(folder: Path, at: str, of_the_data: bool) -> Iterator[Claim]:
    """Yield what the license files of a folder state, and what those of code there bar.

    Args:
        at: the folder as `where` names it.
        of_the_data: the user named the folder, so that a `LICENSE` there is that of the data.
    """
    of_data = license_files(folder, at, of_the_data)
    for path in of_data:
        for stated in stated_licenses(path):
            yield Claim(ClaimKind.LICENSE, stated, Basis.SIDE_FILE, at + path.name)
    for path in bars_of_code(folder, of_data):
        for one in _stated_of_code(path):
            if is_nc(one[:_HEAD]):
                yield Claim(ClaimKind.LICENSE, one, Basis.INFERRED, at + path.name)


def bars_of_code(folder: Path, of_data: list[Path]) -> list[Path]:
    """Return the files of a folder whose license may be that of code, beside those of the data."""
    named = [folder / name for name in _names(folder) if _ANY_LICENSE.fullmatch(name) or name in _OF_CODE]
    return [path for path in named if path not in of_data and path.is_file()]


def stated_licenses(path: Path) -> list[str]:
    """Return a license file's SPDX lines or statements, else its whole text."""
    text = _read(path)
    if text is None:
        return [UNREADABLE_LICENSE] if path.exists() else []
    found = [one for line in SPDX_LINE.findall(text) for one in values(ClaimKind.LICENSE, line)]
    found = found or (_statements(text) if len(text) <= _SHORT else [])
    return list(dict.fromkeys(found)) or [text.strip()] * bool(text.strip())


def _statements(text: str) -> list[str]:
    """Return the licenses that a short text names in every line; none where one says something else."""
    found: list[str] = []
    plain = _LINK.sub(lambda one: f"{one[1] or ''}\n{one[2] or one[3] or ''}\n", text)
    for line in re.split(r"\n|(?<=[.!])\s+", plain):
        words = line.strip().strip("#*_`>- ").strip()
        if not words or _TITLE.fullmatch(words) or _COPYRIGHT.fullmatch(words):
            continue
        license = None if _OTHERS.search(words) else license_in(_LABEL.sub("", words), 1)
        if license is None:
            return []
        found.append(license)
    return found


def _stated_of_code(path: Path) -> list[str]:
    if path.name not in _OF_CODE:
        return stated_licenses(path)
    held = _package(path)
    held = held.get("project") or held.get("package") or held
    license = held.get("license") if isinstance(held, dict) else None
    if isinstance(license, dict):
        license = license.get("text") or license.get("type") or license.get("name")
    return list(values(ClaimKind.LICENSE, license))


def _package(path: Path) -> dict[str, Any]:
    text = _read(path) or ""
    try:
        held = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}


def _names(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir())
    except OSError:
        return []


def _read(path: Path) -> str | None:
    """Return a file's text; None where it cannot be opened, or is longer than we read."""
    try:
        data = read_side(path, _LIMIT + 1)
    except OSError:
        return None
    return decoded(data) if len(data) <= _LIMIT else None
