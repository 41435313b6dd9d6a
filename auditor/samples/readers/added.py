"""Formats that other installed packages read.

The entry point's name is the files' suffix without its dot, and its object a function that takes a path and
yields the rows as JSON values, in the file's order. For a row that it cannot read it yields why, as a string.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from auditor import plugins
from auditor.errors import UnreadableInputError
from auditor.samples.readers.chunk import CHUNK_ROWS, Chunk, ChunkBuilder

_REASON = 200
"""Characters kept of a reason."""


def added_reader(path: Path) -> EntryPoint | None:
    """Return the reader that another package adds for a file's suffix."""
    return plugins.added(plugins.Family.READERS).get(path.suffix.lower().removeprefix("."))


def read_added(path: Path, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Yield the rows of a file as the reader for its suffix gives them.

    Raises:
        UnreadableInputError: the reader fails on the file.
        EnvironmentFault: the reader cannot be loaded.
    """
    point = added_reader(path)
    if point is None:
        raise UnreadableInputError("no installed package reads files of this suffix")
    builder = ChunkBuilder(chunk_rows)
    for row in _rows(point, path):
        if isinstance(row, str):
            builder.fault(None, row[:_REASON])
        elif not isinstance(row, dict):
            builder.fault(None, f"the reader gave {type(row).__name__}, not an object")
        else:
            _add(builder, row)
        if builder.full:
            yield builder.take()
    yield builder.take()


def _rows(point: EntryPoint, path: Path) -> Iterator[Any]:
    read = plugins.load(point)
    try:
        yield from read(path)
    except Exception as error:
        raise UnreadableInputError(
            f"the reader of {plugins.package(point)} failed with {type(error).__name__}"
        ) from error


def _add(builder: ChunkBuilder, row: dict[Any, Any]) -> None:
    """Add a row by way of its JSON text, so that it is held to what every other row is."""
    try:
        raw = json.dumps(row).encode()
    except (TypeError, ValueError, RecursionError):
        builder.fault(None, "a value has no form in JSON")
    else:
        builder.add_json(None, raw)
