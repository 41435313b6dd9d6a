"""The formats of a data file, told apart by content first and name second."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Literal, assert_never

from auditor.canonical import RowError, parse_row
from auditor.errors import UnreadableInputError
from auditor.printable import line
from auditor.samples.readers.added import added_reader, read_added
from auditor.samples.readers.archives.box import contents, kind_of_bytes
from auditor.samples.readers.chunk import CHUNK_ROWS, Chunk
from auditor.samples.readers.compression import TruncatedError
from auditor.samples.readers.delimited import read_delimited
from auditor.samples.readers.json_arrays import read_array, read_objects
from auditor.samples.readers.json_lines import read_lines
from auditor.samples.readers.other_kinds import (
    refuse_broken_link,
    refuse_other,
    refuse_other_table,
    refuse_other_text,
)
from auditor.samples.readers.stored import Samples, Stored, name_of_stored, open_bytes
from auditor.samples.readers.webdataset import read_webdataset


class Format(StrEnum):
    """What a file is, under its compression."""

    JSON_LINES = "json-lines"
    JSON_ARRAY = "json-array"
    JSON_OBJECTS = "json-objects"
    CSV = "csv"
    TSV = "tsv"
    PARQUET = "parquet"
    ARROW = "arrow"
    WEBDATASET = "webdataset"
    """A tar whose members are parts of rows."""
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
_PACKED = (".gz", ".gzip", ".zst", ".zstd", ".bz2", ".xz", ".lzma")
_ARCHIVES = (".zip", ".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".tzst")
SUFFIXES = frozenset((*_NAMES, *_PACKED, *_ARCHIVES))
"""The endings of names that stand for a format, a compression or an archive."""


def named_format(path: PurePath) -> Format | None:
    """Return the format that a file's name stands for; None when it is not a data file's name."""
    suffixes = _unpacked_suffixes(path)
    known = _NAMES.get(suffixes[-1]) if suffixes else None
    return known or (Format.ADDED if isinstance(path, Path) and added_reader(path) else None)


def named_archive(path: PurePath) -> bool:
    """Tell whether a file's name stands for an archive whose members are read."""
    suffixes = _unpacked_suffixes(path)
    return bool(suffixes) and suffixes[-1] in _ARCHIVES


def _unpacked_suffixes(path: PurePath) -> list[str]:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    return suffixes


def sniff(stored: Stored) -> Format:
    """Return the format of a file, or of an archive's member.

    Raises:
        UnreadableInputError: it cannot be opened, or is none of the formats.
    """
    try:
        if isinstance(stored, Path):
            _refuse_odd(stored)
        if isinstance(stored, Samples):
            return Format.WEBDATASET
        with open_bytes(stored) as stream:
            head = stream.read(_PEEK)
    except (OSError, TruncatedError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableInputError(f"the file cannot be opened: {reason}") from error
    named = named_format(name_of_stored(stored))
    refuse_other(head, pointers_only=named is Format.ADDED)
    if named is Format.ADDED:
        return named
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    if head.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
        return Format.ARROW
    _refuse_archive(stored, head)
    if named in (Format.CSV, Format.TSV):
        refuse_other_table(head)
        # What is named TSV may be parted by commas; the reader of CSV looks for itself.
        return named if b"\t" in head.partition(b"\n")[0] else Format.CSV
    if named is not None and named.columnar:
        what = "empty" if not head else f"not {named.value}, whatever its name says"
        raise UnreadableInputError(f"the file is {what}")
    refuse_other_text(head)
    found = _json_format(head)
    if found is None and named is None:
        raise UnreadableInputError(
            "the file is none of the formats", fix="give JSONL, JSON, Parquet, Arrow, CSV or TSV"
        )
    return found or Format.JSON_LINES


def _refuse_odd(path: Path) -> None:
    """Refuse what is no regular file.

    Raises:
        UnreadableInputError: it is a folder, a pipe, or a link that leads nowhere.
    """
    if path.is_dir():
        os.listdir(path)
        raise UnreadableInputError("it is a folder inside itself, by a link", fix="remove the link")
    if not path.is_file() and path.exists():
        # A pipe gives its rows once, and could keep the program waiting for ever.
        raise UnreadableInputError("it is not a regular file", fix="write the rows to a file first")
    refuse_broken_link(path)


def _refuse_archive(stored: Stored, head: bytes) -> None:
    """Refuse an archive that stands where a file of rows should.

    Raises:
        UnreadableInputError: it is one.
    """
    kind = kind_of_bytes(head)
    if kind is None:
        return
    if not isinstance(stored, Path):
        raise UnreadableInputError(f"it is a {kind} inside an archive", fix="unpack the archive")
    try:
        found = contents(stored, kind)
    except (TruncatedError, OSError) as error:
        raise UnreadableInputError(
            str(error), fix="fetch or write it again, or unpack it and name the files in it"
        ) from error
    why = next((f": `{line(one.name)}`, {one.why_not}" for one in found.entries if one.why_not), "")
    raise UnreadableInputError(
        f"the {kind} holds no file of rows that can be read{why}",
        fix="pack JSONL, JSON, Parquet, Arrow, CSV or TSV, or unpack it and name the files in it",
    )


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
        ends, follows = _after_row(first)
        goes_on = follows or (not ends and first.rstrip().endswith((b",", b"[", b"{")))
        return Format.JSON_OBJECTS if goes_on else Format.JSON_LINES
    nested = any(isinstance(value, list) for value in row.values())
    nested = nested or (bool(row) and all(isinstance(value, dict) for value in row.values()))
    only = nested and not text[len(first) :].strip()
    return Format.JSON_OBJECTS if only else Format.JSON_LINES


def _after_row(raw: bytes) -> tuple[bool, bool]:
    """Tell whether an object ends in a line, and whether another one follows in it."""
    try:
        text = raw.decode()
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False, False
    return True, text[end:].lstrip(", \t\r").startswith("{")


def read_file(
    stored: Stored, kind: Format, chunk_rows: int = CHUNK_ROWS, outlined: bool = False
) -> Iterator[Chunk]:
    """Yield the rows of a file, or of an archive's member.

    Args:
        outlined: note the schemas of rows and where their values stand, in formats where that can be done.

    Raises:
        UnreadableInputError: the file as a whole cannot be read (further).
    """
    match kind:
        case Format.ADDED:
            assert isinstance(stored, Path)
            yield from read_added(stored, chunk_rows)
        case Format.PARQUET | Format.ARROW:
            from auditor.samples.readers.columnar import read_columnar

            yield from read_columnar(stored, chunk_rows, outlined)
        case Format.WEBDATASET:
            assert isinstance(stored, Samples)
            yield from read_webdataset(stored.archive, chunk_rows)
        case _:
            yield from _read_stream(stored, kind, chunk_rows, outlined)


def _read_stream(stored: Stored, kind: StreamFormat, chunk_rows: int, outlined: bool) -> Iterator[Chunk]:
    try:
        with open_bytes(stored) as stream:
            match kind:
                case Format.JSON_ARRAY:
                    yield from read_array(stream, chunk_rows, outlined)
                case Format.JSON_OBJECTS:
                    yield from read_objects(lambda: open_bytes(stored), chunk_rows, outlined)
                case Format.JSON_LINES:
                    yield from read_lines(stream, chunk_rows, outlined)
                case Format.CSV | Format.TSV:
                    sign = "\t" if kind is Format.TSV else None
                    yield from read_delimited(stream, sign, chunk_rows, outlined)
                case _:
                    assert_never(kind)
    except (OSError, TruncatedError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableInputError(f"the file cannot be read: {reason}") from error
