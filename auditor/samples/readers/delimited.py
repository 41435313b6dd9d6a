"""CSV and TSV: the first line names the columns, every cell is a string."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from auditor.errors import UnreadableInputError
from auditor.samples.readers.chunk import CHUNK_ROWS, MAX_ROW_BYTES, Chunk, ChunkBuilder
from auditor.samples.readers.json_lines import split_lines

_LONGEST_NAME, _WORDS = 80, 8
"""A first line with a longer cell, or one of so many words, is a row."""
_NAMES = "add a line with the names of the columns as the first line"


def read_delimited(
    stream: BinaryIO, delimiter: str | None = None, chunk_rows: int = CHUNK_ROWS
) -> Iterator[Chunk]:
    """Yield the rows of a CSV (RFC 4180) or TSV file.

    Args:
        delimiter: None takes the comma, or what the header has more of: semicolon or tab.

    Raises:
        UnreadableInputError: no header, or two columns of one name.
    """
    csv.field_size_limit(MAX_ROW_BYTES)
    lines = _Lines(stream)
    header_line = next(lines, "")
    if delimiter is None:
        delimiter = max(",;\t", key=header_line.count)
    reader = csv.reader(_chain(header_line, lines), delimiter=delimiter, strict=True)
    header = _header(reader)
    first = True
    builder = ChunkBuilder(chunk_rows)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader, None)
        except csv.Error as error:
            builder.fault(line, f"not valid CSV: {error}")
            continue
        if fault := lines.take_fault():
            builder.fault(line, fault)
        elif fields is None:
            break
        elif fields:
            if first:
                _check_names(header, fields)
            first = False
            _add(builder, line, header, fields)
        if builder.full:
            yield builder.take()
    yield builder.take()


def _check_names(header: list[str], fields: list[str]) -> None:
    """Refuse a first line whose cell says in its column what the row below says there."""
    pairs = zip(header, fields, strict=False)
    if any(name.strip() and name.strip() == value.strip() for name, value in pairs):
        raise UnreadableInputError(
            "the first line repeats a value of the next, so the file has no header", fix=_NAMES
        )


def _add(builder: ChunkBuilder, line: int, header: list[str], fields: list[str]) -> None:
    if len(fields) != len(header):
        builder.fault(line, f"the row has {len(fields)} cells, the header {len(header)}")
        return
    size = sum(map(len, fields))
    builder.add_row(line, dict(zip(header, fields, strict=True)), size)


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise UnreadableInputError(f"the header is not valid CSV: {error}") from error
    if not any(header):
        raise UnreadableInputError("the file has no header", fix="name the columns in the first line")
    if len(set(header)) != len(header):
        raise UnreadableInputError("two columns have the same name", fix="rename one of them")
    if any(_is_text_of_a_row(name) for name in header):
        raise UnreadableInputError(
            "the first line holds text, not the names of columns, so the file has no header",
            fix=_NAMES,
        )
    return header


def _is_text_of_a_row(name: str) -> bool:
    """Tell whether a cell of the first line is text of a row: long, of many words, or of several lines."""
    words, said = len(name.split()), name.strip()
    ended = said.endswith(("。", "！", "？")) or (words > 2 and said.endswith((".", "!", "…")))
    return len(name) > _LONGEST_NAME or words >= _WORDS or ended or "\n" in said


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


class _Lines:
    """Decodes lines; one that is not UTF-8 leaves an empty line and a fault."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = split_lines(stream)
        self._fault: str | None = None

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        _, line = next(self._lines)
        if isinstance(line, str):
            self._fault = line
            return "\n"
        try:
            return line.decode("utf-8") + "\n"
        except UnicodeDecodeError:
            self._fault = "the row is not valid UTF-8"
            return "\n"

    def take_fault(self) -> str | None:
        """Return and forget the fault of the lines read last."""
        fault, self._fault = self._fault, None
        return fault
