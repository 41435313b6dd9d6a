"""CSV and TSV: the first line names the columns, every cell is a string.

Lines above it that begin with `#` and are laid out otherwise are comments: what they say is told of all rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from auditor.digest import split_digests
from auditor.errors import UnreadableInputError
from auditor.row_kernels.worth import pays
from auditor.samples.readers.chunk import CHUNK_ROWS, MAX_ROW_BYTES, Chunk, ChunkBuilder
from auditor.samples.readers.json_lines import split_lines
from auditor.samples.readers.runs import MadeRows

_LONGEST_NAME, _WORDS = 80, 8
"""A first line with a longer cell, or one of so many words, is a row."""
_TOGETHER = 1 << 20
"""Characters of rows that are digested together."""
_MOST_COMMENTS = 100
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
    comments, header_line = _top(lines)
    if delimiter is None:
        delimiter = max(",;\t", key=header_line.count)
    if comments and not _stand_apart(comments, header_line, delimiter):
        above, comments = [*comments, header_line], []
    else:
        above = [header_line]
    reader = csv.reader(_chain(above, lines), delimiter=delimiter, strict=True)
    header = _header(reader)
    first = True
    about = {"comment": "\n".join(line.strip("# \r\n") for line in comments)} if comments else {}
    builder = ChunkBuilder(chunk_rows)
    kept = _Kept(builder, header)
    while True:
        line = reader.line_num + 1 + len(comments)
        try:
            fields = next(reader, None)
        except csv.Error as error:
            kept.fault(line, f"not valid CSV: {error}")
            continue
        if fault := lines.take_fault():
            kept.fault(line, fault)
        elif fields is None:
            break
        elif fields:
            if first:
                _check_names(header, fields)
                if comments and len(fields) != len(header):
                    raise _unclear()
            first = False
            kept.add(line, fields)
        if builder.full:
            yield _told(builder.take(), about)
    kept.digest()
    yield _told(builder.take(), about)


def _told(chunk: Chunk, about: dict[str, str]) -> Chunk:
    return replace(chunk, about=about) if about else chunk


def _top(lines: _Lines) -> tuple[list[str], str]:
    """Return the lines at the top that begin with `#`, and the first that does not."""
    comments: list[str] = []
    line = next(lines, "")
    while line.removeprefix("\ufeff").startswith("#") and len(comments) < _MOST_COMMENTS:
        comments.append(line)
        line = next(lines, "")
    return comments, line


def _stand_apart(comments: list[str], header: str, delimiter: str) -> bool:
    """Tell whether lines are comments above a header; a single one that has as many cells may be the header.

    Raises:
        UnreadableInputError: they may be either.
    """
    cells = _cells(header, delimiter)
    if cells > 1 and all(_cells(line, delimiter) != cells for line in comments):
        return True
    if len(comments) == 1 and not comments[0].removeprefix("\ufeff").startswith("# "):
        return False
    raise _unclear()


def _cells(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def _unclear() -> UnreadableInputError:
    return UnreadableInputError(
        "lines that begin with `#` stand at the top, and whether they are comments or the header is not told",
        fix="delete the comment lines, and say in README.md what they say",
    )


def _check_names(header: list[str], fields: list[str]) -> None:
    """Refuse a first line whose cell says in its column what the row below says there."""
    pairs = zip(header, fields, strict=False)
    if any(name.strip() and name.strip() == value.strip() for name, value in pairs):
        raise UnreadableInputError(
            "the first line repeats a value of the next, so the file has no header", fix=_NAMES
        )


class _Kept:
    """Rows that wait to be digested together."""

    def __init__(self, builder: ChunkBuilder, header: list[str]) -> None:
        self._builder = builder
        self._header = header
        self._lines: list[int] = []
        self._rows: list[list[str]] = []
        self._size = 0

    def add(self, line: int, fields: list[str]) -> None:
        """Keep a row until enough are there."""
        if len(fields) != len(self._header):
            self.fault(line, f"the row has {len(fields)} cells, the header {len(self._header)}")
            return
        self._lines.append(line)
        self._rows.append(fields)
        self._size += sum(map(len, fields))
        if self._size >= _TOGETHER or len(self._rows) >= self._builder.room:
            self.digest()

    def fault(self, line: int, reason: str) -> None:
        """Count a row that cannot be read, after those before it."""
        self.digest()
        self._builder.fault(line, reason)

    def digest(self) -> None:
        """Give the rows to the builder."""
        header, rows, lines, size = self._header, self._rows, self._lines, self._size
        if rows and pays(size):
            from auditor.row_kernels.columns import digests_of_texts

            digests = list(split_digests(digests_of_texts(header, rows).tobytes()))
            made = MadeRows(len(rows), lambda: [_row(header, row) for row in rows])
            self._builder.add_run(digests, made, size, lines)
        else:
            for line, fields in zip(lines, rows, strict=True):
                self._builder.add_row(line, _row(header, fields), sum(map(len, fields)))
        self._lines, self._rows, self._size = [], [], 0


def _row(header: list[str], fields: list[str]) -> dict[str, Any]:
    return dict(zip(header, fields, strict=True))


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


def _chain(above: list[str], rest: Iterator[str]) -> Iterator[str]:
    yield from filter(None, above)
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
