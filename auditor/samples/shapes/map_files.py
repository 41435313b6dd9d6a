"""Trainers' files as maps of columns: those that the user names, and those that lie beside the rows.

What the user names is his word. What lies beside rows is a statement: it adds learned text, and nothing else
of it is applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from auditor.errors import UsageError
from auditor.printable import name_of
from auditor.samples.claims.side_files import folders_of
from auditor.samples.inputs.boxed import BoxedPath
from auditor.samples.inputs.sources import DataFile
from auditor.samples.inputs.trainer_columns import Columns
from auditor.samples.inputs.trainer_files import columns_for, read_columns
from auditor.samples.readers.formats import named_format
from auditor.samples.shapes.map_entry import MapEntry, read_entries

_SHOWN = 8


def map_from(path: Path) -> tuple[MapEntry, ...]:
    """Return what a trainer's file, which the user named, says of columns.

    Raises:
        UsageError: it cannot be read, or says nothing of columns.
    """
    if not path.is_file():
        raise UsageError("there is no such file to read a map from", where=str(path), fix="check --map-from")
    found = read_columns(path, UsageError)
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
        for folder, at in folders_of(file)
        if at != "../" and not isinstance(folder, BoxedPath)
        for name, one in columns_for(folder, file.path)
        for entry in _entries(one, name, None)
    )


def _entries(one: Columns, said_by: str, file: Path | None) -> Iterator[MapEntry]:
    for entry in read_entries([f"{role}={path}" for role, path in one.lines], said_by):
        yield replace(entry, file=file, optional=True)
