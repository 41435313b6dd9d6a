"""WebDataset: a tar whose members are parts of rows; those of one name up to its first dot are one row.

A row has a column for each part, by what follows the dot, and `__key__` for the name. Texts and JSON are
read; pictures, sounds, arrays and pickles are left out, and counted with the files that were not read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import orjson

from auditor.errors import UnreadableInputError
from auditor.files import open_regular
from auditor.samples.readers.archives.box import tar_stream
from auditor.samples.readers.archives.entry import Entry, is_shown
from auditor.samples.readers.archives.tar_stream import TarStream
from auditor.samples.readers.chunk import CHUNK_ROWS, MAX_ROW_BYTES, Chunk, ChunkBuilder
from auditor.samples.readers.compression import TruncatedError

KEY = "__key__"
_NAME = re.compile(r"((?:.*/)?[^./][^./]*)\.([^/]+)")
_TEXTS = frozenset({"txt", "text", "transcript"})
_NUMBERS = frozenset({"cls", "cls2", "index", "inx", "id"})
_JSON = frozenset({"json", "jsn"})
_NUMBER = re.compile(rb"\s*(-?(?:0|[1-9]\d{0,14}))\s*")


def part_of(name: str) -> tuple[str, str] | None:
    """Return the key and the column that a member's name stands for; None where it is no part of a row."""
    match = _NAME.fullmatch(name)
    if match is None or not is_shown(name):
        return None
    return match[1], match[2].lower()


def is_read(column: str) -> bool:
    """Tell by a column's name whether it is text or JSON, which is read."""
    return column.rpartition(".")[2] in _TEXTS | _NUMBERS | _JSON


def holds_json(column: str) -> bool:
    """Tell by a column's name whether it is JSON."""
    return column.rpartition(".")[2] in _JSON


def read_webdataset(path: Path, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Yield the rows of a tar; one with a part that cannot be read becomes a fault.

    Raises:
        UnreadableInputError: the tar cannot be opened.
    """
    builder = ChunkBuilder(chunk_rows)
    try:
        with open_regular(path) as file:
            tar = tar_stream(file)
            row = _Row("")
            for entry in tar.entries():
                part = part_of(entry.name) if not entry.why_not else None
                if part is None:
                    continue
                if part[0] != row.key:
                    row.close(builder)
                    row = _Row(part[0])
                    if builder.full:
                        yield builder.take()
                row.add(part[1], entry, tar)
            row.close(builder)
    except TruncatedError as error:
        builder.fault(None, f"{error}; the rest of the file is lost")
    except OSError as error:
        raise UnreadableInputError(f"the file cannot be read: {error.strerror or error}") from error
    yield builder.take()


class _Row:
    """A row in the making, as JSON text."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._parts: dict[str, bytes] = {}
        self._names = {KEY}
        self._size = 0
        self._fault = ""

    def add(self, column: str, entry: Entry, tar: TarStream) -> None:
        """Take in a member; what is neither text nor JSON leaves no column."""
        if column in self._names:
            self._fault = self._fault or f"two members are its part {column!r}"
        self._names.add(column)
        if not is_read(column) or self._fault:
            return
        self._size += entry.size
        if self._size > MAX_ROW_BYTES:
            self._fault = f"the row is larger than {MAX_ROW_BYTES >> 20} MiB"
            return
        try:
            self._parts[column] = _value(column, b"".join(tar.data(entry)))
        except UnicodeDecodeError:
            self._fault = f"its part {column!r} is not valid UTF-8"
        except ValueError:
            self._fault = f"its part {column!r} is not valid JSON"

    def close(self, builder: ChunkBuilder) -> None:
        """Give the row to the builder."""
        if not self.key:
            return
        if self._fault:
            builder.fault(None, self._fault)
            return
        parts = {KEY: orjson.dumps(self.key), **self._parts}
        members = (orjson.dumps(name) + b":" + value for name, value in parts.items())
        builder.add_json(None, b"{" + b",".join(members) + b"}")


def _value(column: str, raw: bytes) -> bytes:
    """Return a part as JSON text.

    Raises:
        ValueError: it is none.
    """
    ending = column.rpartition(".")[2]
    if ending in _JSON:
        # Looked at by itself, so that no part can be more than one member.
        text = raw.decode("utf-8-sig")
        try:
            json.loads(text, parse_constant=_refuse)
        except RecursionError as error:
            raise ValueError("nested too deep") from error
        return text.encode()
    if ending in _NUMBERS and (number := _NUMBER.fullmatch(raw)):
        return number[1]
    return orjson.dumps(raw.decode("utf-8-sig"))


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
