"""Trainers' files of settings: those of a folder, and what one says of columns."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from auditor.errors import AuditorError, InputError
from auditor.files import read_regular
from auditor.samples.inputs.trainer_columns import Columns, trainer_columns
from auditor.strict_yaml import Limits, parse

_REGISTRY = "dataset_info.json"
_LIMITS = Limits(size=1 << 20, nodes=50_000)
_MOST = 32
"""Files of settings of one folder that are looked into."""


def columns_for(folder: Path, file: Path) -> list[tuple[str, Columns]]:
    """Return what trainers' files of a folder say of the columns of one file, each with the file's name."""
    state = _state(folder)
    listed = _settings_files(folder, state) if state else ()
    return [
        (name, one)
        for name in listed
        for one in _columns_of(folder / name, _state(folder / name))
        if any(_same(folder / said, file) for said in one.files)
    ]


def read_columns(path: Path, error: type[AuditorError]) -> list[Columns]:
    """Return what a trainer's file says of columns; empty where it says nothing of them.

    Raises:
        AuditorError: of the kind given, where it cannot be read or is no settings.
    """
    return trainer_columns(_settings(path, error))


@lru_cache(256)
def _settings_files(folder: Path, state: tuple[int, ...]) -> tuple[str, ...]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return ()
    found = [name for name in names if name.lower().endswith((".yaml", ".yml"))][:_MOST]
    return (*([_REGISTRY] if _REGISTRY in names else []), *found)


@lru_cache(256)
def _columns_of(path: Path, state: tuple[int, ...]) -> tuple[Columns, ...]:
    try:
        return tuple(read_columns(path, InputError))
    except AuditorError:
        return ()  # whatever else it is, it is no trainer's file


def _state(path: Path) -> tuple[int, ...]:
    """Return what changes when a file or folder does."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _settings(path: Path, error: type[AuditorError]) -> dict[str, Any]:
    try:
        data = read_regular(path, _LIMITS.size + 1)
    except OSError as fault:
        reason = fault.strerror or "it is no regular file"
        raise error(f"the file cannot be read: {reason}", where=str(path), fix="check the file") from None
    if len(data) > _LIMITS.size:
        raise error("the file is too long for settings", where=str(path), fix="name the right file")
    text = data.decode("utf-8-sig", "replace")
    found = _json(text) if path.suffix.lower() == ".json" else None
    if found is None:
        found = parse(text, path.name, error, limits=_LIMITS, empty=True).data
    if not isinstance(found, dict):
        raise error("the settings are not a mapping of keys", where=str(path), fix="name the right file")
    return found


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _same(one: Path, other: Path) -> bool:
    # A registry lists thousands of files, each of which would be asked for every file of a folder.
    try:
        return one.name == other.name and os.path.realpath(one) == os.path.realpath(other)
    except (OSError, ValueError):
        return False
