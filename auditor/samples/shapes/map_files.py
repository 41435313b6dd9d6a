"""Trainers' files as maps of columns: those that the user names, and those that lie beside the rows.

What the user names is his word. What lies beside rows is a statement: it adds learned text, and nothing else
of it is applied.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditor.errors import AuditorError, InputError, UsageError
from auditor.files import read_regular
from auditor.printable import name_of
from auditor.samples.claims.side_files import folders_of
from auditor.samples.inputs.sources import DataFile
from auditor.samples.readers.formats import named_format
from auditor.samples.shapes.map_entry import MapEntry, read_entries
from auditor.samples.shapes.trainer_columns import Columns, trainer_columns
from auditor.strict_yaml import Limits, parse

_REGISTRY = "dataset_info.json"
_LIMITS = Limits(size=1 << 20, nodes=50_000)
_MOST, _SHOWN = 32, 8
"""Files of settings of one folder that are looked into, and data sets that a message names."""


def map_from(path: Path) -> tuple[MapEntry, ...]:
    """Return what a trainer's file, which the user named, says of columns.

    Raises:
        UsageError: it cannot be read, or says nothing of columns.
    """
    if not path.is_file():
        raise UsageError("there is no such file to read a map from", where=str(path), fix="check --map-from")
    found = trainer_columns(_settings(path, UsageError))
    entries = [entry for one in found for entry in _named(one, path, alone=len(found) == 1)]
    if not entries:
        raise UsageError(
            "the file says nothing of columns",
            where=str(path),
            fix="name dataset_info.json, an axolotl, TRL or torchtune file, or give --map ROLE=PATH",
        )
    return tuple(entries)


def _named(one: Columns, path: Path, alone: bool) -> Iterator[MapEntry]:
    """Yield the lines of one data set for each file that it names; a hub's name is no file."""
    places = [path.parent / name for name in one.files]
    files = [place for place in places if place.exists() or named_format(place) is not None]
    named: list[Path | None] = [*files] or ([None] if alone else [*places])
    for file in named:
        yield from _entries(one, path.name, file)


def check_named(entries: Iterable[MapEntry], files: Sequence[DataFile]) -> None:
    """Refuse a named file that speaks of other data alone.

    Raises:
        UsageError: none of the data sets that it names is audited.
    """
    said: dict[str, list[MapEntry]] = {}
    for entry in entries:
        said.setdefault(entry.said_by, []).append(entry)
    for name, lines in said.items():
        if not any(line.is_of(file.path) for line in lines for file in files):
            listed = sorted({line.file.name for line in lines if line.file})
            raise UsageError(
                f"{name} speaks of other data: {', '.join(map(name_of, listed[:_SHOWN]))}",
                fix="name the file that lists the audited data, or give --map ROLE=PATH",
            )


def found_beside(file: DataFile) -> tuple[MapEntry, ...]:
    """Return what trainers' files beside a file's rows say of its columns."""
    return tuple(
        entry
        for path in map_paths(file)
        for one in _columns(path)
        if any(_same(path.parent / name, file.path) for name in one.files)
        for entry in _entries(one, path.name, None)
    )


def map_paths(file: DataFile) -> list[Path]:
    """Return the files beside a file's rows that may be a trainer's settings."""
    found = []
    for folder, at in folders_of(file):
        if at != "../":
            names = [name for name in _names(folder) if name.lower().endswith((".yaml", ".yml"))][:_MOST]
            found += [folder / name for name in (_REGISTRY, *names) if (folder / name).is_file()]
    return found


def _columns(path: Path) -> list[Columns]:
    try:
        return trainer_columns(_settings(path, InputError))
    except AuditorError:
        return []  # whatever else it is, it is no trainer's file


def _settings(path: Path, error: type[AuditorError]) -> dict[str, Any]:
    try:
        data = read_regular(path, _LIMITS.size + 1)
    except OSError as fault:
        raise error(f"cannot be read: {fault.strerror}", where=str(path), fix="check the file") from None
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


def _entries(one: Columns, said_by: str, file: Path | None) -> Iterator[MapEntry]:
    for entry in read_entries([f"{role}={path}" for role, path in one.lines], said_by):
        yield replace(entry, file=file, optional=True)


def _same(one: Path, other: Path) -> bool:
    try:
        return os.path.realpath(one) == os.path.realpath(other)
    except (OSError, ValueError):
        return False


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
