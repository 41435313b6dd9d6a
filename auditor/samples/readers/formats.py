"""The formats of a data file, told apart by content first and name second."""

from __future__ import annotations

import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Literal, assert_never

from auditor.canonical import RowError, parse_row
from auditor.errors import UnreadableInputError
from auditor.samples.readers.added import added_reader, read_added
from auditor.samples.readers.chunk import CHUNK_ROWS, Chunk
from auditor.samples.readers.compression import TruncatedError, open_bytes
from auditor.samples.readers.delimited import read_delimited
from auditor.samples.readers.json_arrays import read_array, read_objects
from auditor.samples.readers.json_lines import read_lines


class Format(StrEnum):
    """What a file is, under its compression."""

    JSON_LINES = "json-lines"
    JSON_ARRAY = "json-array"
    JSON_OBJECTS = "json-objects"
    CSV = "csv"
    TSV = "tsv"
    PARQUET = "parquet"
    ARROW = "arrow"
    ADDED = "added"
    """Read by another installed package, which its suffix names."""

    @property
    def columnar(self) -> bool:
        """Tell whether pyarrow reads it."""
        return self in (Format.PARQUET, Format.ARROW)

    @property
    def flat(self) -> bool:
        """Tell whether its cells hold what is nested as text."""
        return self in (Format.CSV, Format.TSV)


StreamFormat = Literal[Format.JSON_LINES, Format.JSON_ARRAY, Format.JSON_OBJECTS, Format.CSV, Format.TSV]

_PEEK = 1 << 20
_NAMES = {
    ".jsonl": Format.JSON_LINES,
    ".ndjson": Format.JSON_LINES,
    ".json": Format.JSON_ARRAY,
    ".csv": Format.CSV,
    ".tsv": Format.TSV,
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
    ".arrow": Format.ARROW,
    ".feather": Format.ARROW,
    ".ipc": Format.ARROW,
}
_PACKED = (".gz", ".gzip", ".zst", ".zstd")


def named_format(path: Path) -> Format | None:
    """Return the format that a file's name stands for; None when it is not a data file's name."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    known = _NAMES.get(suffixes[-1]) if suffixes else None
    return known or (Format.ADDED if added_reader(path) else None)


def sniff(path: Path) -> Format:
    """Return a file's format.

    Raises:
        UnreadableInputError: it cannot be opened, or is none of the formats.
    """
    try:
        if path.is_dir():
            os.listdir(path)
            raise UnreadableInputError("it is a folder inside itself, by a link", fix="remove the link")
        if not path.is_file() and path.exists():
            # A pipe gives its rows once, and could keep the program waiting for ever.
            raise UnreadableInputError("it is not a regular file", fix="write the rows to a file first")
        with open_bytes(path) as stream:
            head = stream.read(_PEEK)
    except (OSError, TruncatedError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableInputError(f"the file cannot be opened: {reason}") from error
    if head.startswith(b"version https://git-lfs.github.com/spec/"):
        raise UnreadableInputError("it is a pointer of Git LFS, not the data", fix="run `git lfs pull`")
    named = named_format(path)
    if named is Format.ADDED:
        return named
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    if head.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
        return Format.ARROW
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableInputError("the file is UTF-16", fix="convert it to UTF-8")
    if named in (Format.CSV, Format.TSV):
        return named
    if named is not None and named.columnar:
        raise UnreadableInputError(f"the file is not {named.value}, whatever its name says")
    found = _json_format(head)
    if found is None and named is None:
        raise UnreadableInputError(
            "the file is none of the formats", fix="give JSONL, JSON, Parquet, Arrow, CSV or TSV"
        )
    return found or Format.JSON_LINES


def _json_format(head: bytes) -> Format | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"["):
        return Format.JSON_ARRAY
    if not text.startswith(b"{"):
        return None
    first, end, _ = text.partition(b"\n")
    if not end and len(head) == _PEEK:
        return Format.JSON_OBJECTS
    if first.rstrip() in (b"{", b"{["):
        return Format.JSON_OBJECTS
    try:
        row = parse_row(first)
    except RowError:
        # `{"version": 1,` or `{"data": [`: an object that goes on in the next line.
        goes_on = first.rstrip().endswith((b",", b"[", b"{")) and not _is_row(first.rstrip()[:-1])
        return Format.JSON_OBJECTS if goes_on else Format.JSON_LINES
    nested = any(isinstance(value, list) for value in row.values())
    nested = nested or (bool(row) and all(isinstance(value, dict) for value in row.values()))
    only = nested and not text[len(first) :].strip()
    return Format.JSON_OBJECTS if only else Format.JSON_LINES


def _is_row(raw: bytes) -> bool:
    try:
        parse_row(raw)
    except RowError:
        return False
    return True


def read_file(path: Path, kind: Format, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Yield the rows of a file.

    Raises:
        UnreadableInputError: the file as a whole cannot be read (further).
    """
    match kind:
        case Format.ADDED:
            yield from read_added(path, chunk_rows)
        case Format.PARQUET | Format.ARROW:
            from auditor.samples.readers.columnar import read_columnar

            yield from read_columnar(path, chunk_rows)
        case _:
            yield from _read_stream(path, kind, chunk_rows)


def _read_stream(path: Path, kind: StreamFormat, chunk_rows: int) -> Iterator[Chunk]:
    try:
        with open_bytes(path) as stream:
            match kind:
                case Format.JSON_ARRAY:
                    yield from read_array(stream, chunk_rows)
                case Format.JSON_OBJECTS:
                    yield from read_objects(lambda: open_bytes(path), chunk_rows)
                case Format.JSON_LINES:
                    yield from read_lines(stream, chunk_rows)
                case Format.CSV | Format.TSV:
                    yield from read_delimited(stream, "\t" if kind is Format.TSV else None, chunk_rows)
                case _:
                    assert_never(kind)
    except OSError as error:
        raise UnreadableInputError(f"the file cannot be read: {error.strerror or error}") from error
