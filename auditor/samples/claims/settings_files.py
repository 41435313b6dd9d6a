"""What settings beside the rows say of them: licenses, and which models a pipeline called to make them.

They are statements of whoever made the data, never settings of this program. A model there is inferred; what
trains or serves a student says nothing of the rows.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, KeysView
from functools import lru_cache
from pathlib import Path
from typing import Any

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.domain.origin import FILE_METADATA, OF_SETUP
from auditor.errors import InputError
from auditor.samples.claims.card_prose import SENTENCES, TITLES, sentence_claims, sets_in
from auditor.samples.claims.column_names import plain_name
from auditor.samples.claims.known_names import Models
from auditor.samples.claims.license_values import inferred_licenses
from auditor.samples.claims.metadata_files import table_members
from auditor.samples.claims.named_texts import LICENSE_KEY, Said, members, named_models, texts_in
from auditor.samples.claims.values import values
from auditor.samples.inputs.boxed import read_side
from auditor.samples.inputs.cards import decoded
from auditor.samples.inputs.folders import is_side_file
from auditor.samples.readers.stored import Stored
from auditor.strict_yaml import Limits, parse

_SUFFIXES = (".yaml", ".yml", ".toml", ".cff", ".ini", ".cfg", ".lock", ".dvc")
_MAKEFILES = ("Makefile", "makefile", "GNUmakefile")
_NOT_OF_DATA = re.compile(
    r"(?i)(pyproject|cargo|mkdocs|environment|docker-compose.*|compose|pdm|pipfile|pixi|gemfile|flake|yarn|bun|deno|mix|podfile|codecov|_config|dependabot|conda.*|"
    r"tslint.*|setup|tox|pytest|mypy|flake8|poetry|uv|netlify|auditor|pnpm.*|action|dataset_infos?|dataset_dict|state|tokenizer.*|results.*|"
    r"package(-lock)?|composer|[jt]sconfig.*|renovate|turbo|lerna|vercel|"
    r".*results)\.\w+"
)
"""Settings of code and of tools, and what other readers read."""
_LIMITS = Limits(size=4 << 20, nodes=200_000)
_MOST = 4096
"""Lines that are looked at."""
_A_FILE = re.compile(r"(?i)(see )?(the )?(\./)?licen[cs]e([-_.]\w+)*(\.(md|txt))?( file)?")
_OTHERS = re.compile(r"model|llm|code|software|tool|depend|package|student|feature|column|schema|field")
"""Holders whose license is that of something else than the data."""
_OWN = frozenset(
    (
        *("student_base", "intended_use", "student_release_license", "student_name", "trainer_teachers"),
        "competes_with_teacher_provider",
    )
)
"""Members of a plan; a file with two of them is one."""
_OWN_FILES = (("pack", "include"), ("pack", "rules"), ("student", "out"))
"""Members that packs and settings of the reference training step have together."""
_NAMED = frozenset(("name", "id", "spdx", "title", "url", "license", "@id"))
_LINE = re.compile(
    r"(?m)^[ \t]*(?:-[ \t]+)?[\"']?([A-Za-z_][\w.-]{0,60})[\"']?[ \t]*[:=][ \t]*[\"']?([^\s#\"'][^#\"'\n]*)"
)


def settings_files(folder: Path) -> list[Path]:
    """Return the files of settings in a folder that may speak of the rows."""
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    return [path for path in paths if _is_settings(path)]


def settings_licenses(path: Path, at: str = "") -> Iterator[Claim]:
    """Yield the licenses that settings state for the data, and what sentences in them bar or name.

    Args:
        at: the folder as `where` names it.
    """
    held = _held(path)
    if held is None or (isinstance(held, dict) and held.get("type") == "software"):
        return
    where = at + path.name
    for place, name, value in members(held):
        plain = plain_name(name)
        if LICENSE_KEY.fullmatch(plain) and not _OTHERS.search(place.lower()):
            for text in _license_texts(value):
                yield Claim(ClaimKind.LICENSE, text, Basis.SIDE_FILE, f"{where}:{place}{name}")
        elif _speaks(name) and isinstance(value, str) and " " in value:
            yield from sentence_claims(value, f"{where}:{place}{name}")
    if isinstance(held, dict):
        for claim in inferred_licenses({str(name): value for name, value in held.items()}):
            if not _OTHERS.search(claim.where.lower()):
                yield Claim(claim.kind, claim.value, claim.basis, f"{where}:{claim.where}")


def sets_in_settings(path: Path) -> list[str]:
    """Return what may be the names of sets that sentences in settings say the data was taken from."""
    texts = (
        value for _, name, value in members(_held(path) or {}) if _speaks(name) and isinstance(value, str)
    )
    return [name for text in texts for name in sets_in(text)]


def _speaks(name: str) -> bool:
    return plain_name(name) in SENTENCES or plain_name(name) in TITLES


def settings_texts(path: Path, at: str = "") -> list[Said]:
    """Return the texts that may name a model, a set or a service which made the rows."""
    held = _held(path)
    return [] if held is None else texts_in(held, at + path.name)


def table_texts(stored: Stored) -> list[Said]:
    """Return the texts in a table's own metadata that may name a model, a set or a service."""
    return texts_in(table_members(stored), FILE_METADATA)


def settings_models(path: Path, models: Models, at: str = "") -> Iterator[Claim]:
    """Yield the models, known sets and services that settings name, as inferred claims with what they did."""
    yield from named_models(settings_texts(path, at), models, OF_SETUP)


def _is_settings(path: Path) -> bool:
    suffix = path.suffix.lower()
    if path.name.startswith(".") or _NOT_OF_DATA.fullmatch(path.name):
        return False
    if path.name in _MAKEFILES:
        return path.is_file()
    return (suffix in _SUFFIXES or (suffix == ".json" and is_side_file(path))) and path.is_file()


def _held(path: Path) -> Any:
    """Return what settings hold; of such that break their form the lines that set something."""
    try:
        facts = path.stat()
    except OSError:
        return None
    held = _read(path, facts.st_mtime_ns, facts.st_size)
    return None if isinstance(held, dict) and _is_own(held.keys()) else held


def _is_own(names: KeysView[Any]) -> bool:
    """Tell whether a file is a plan, waivers, a pack or the like: this program is told by it, not of rows."""
    if names == {"waivers"} or len(_OWN & names) > 1:
        return True
    return any(names >= set(own) for own in _OWN_FILES)


@lru_cache(64)
def _read(path: Path, _changed: int, size: int) -> Any:
    try:
        raw = read_side(path, _LIMITS.size + 1) if size <= _LIMITS.size else b""
    except OSError:
        return None
    text = decoded(raw) or ""
    if path.name in _MAKEFILES:
        return {"lines": text.splitlines()[:_MOST]}
    try:
        if path.suffix.lower() == ".json":
            return json.loads(text) if text.strip() else None
        if path.suffix.lower() == ".toml":
            return tomllib.loads(text)
        return parse(text, path.name, InputError, limits=_LIMITS, empty=True).data
    except (InputError, ValueError, RecursionError):
        return {"lines": [{match[1]: match[2].strip()} for match in _LINE.finditer(text)][:_MOST]}


def _license_texts(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        named = isinstance(one, dict) and not _NAMED.isdisjoint(one)
        if named or (isinstance(one, str) and not _A_FILE.fullmatch(one.strip())):
            yield from values(ClaimKind.LICENSE, one)
