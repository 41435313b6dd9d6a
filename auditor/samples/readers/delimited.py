"""CSV and TSV: the first line names the columns, every cell is a string.

Lines above it that begin with `#` and are laid out otherwise are comments: what they say is told of all rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from auditor.digest import split_digests
from auditor.errors import UnreadableInputError
from auditor.row_kernels.worth import pays
from auditor.samples.readers.chunk import CHUNK_ROWS, MAX_ROW_BYTES, Chunk, ChunkBuilder
from auditor.samples.readers.csv_comments import stand_apart, top_of, unclear
from auditor.samples.readers.json_lines import line_blocks, too_long
from auditor.samples.readers.runs import ColumnBlock, Outline, Row

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditor.row_kernels.cell_rows import CellRows, CellText

_LONGEST_NAME, _WORDS = 80, 8
"""A first line with a longer cell, or one of so many words, is a row."""
_TOGETHER, _FEW, _ALONE = 4096, 16, 256
"""Rows that the kernel reads at once; how many do not pay; and how many are read alone where it read none."""
_NAMES = "add a line with the names of the columns as the first line"


def read_delimited(
    stream: BinaryIO, delimiter: str | None = None, chunk_rows: int = CHUNK_ROWS, outlined: bool = False
) -> Iterator[Chunk]:
    """Yield the rows of a CSV (RFC 4180) or TSV file.

    Args:
        delimiter: None takes the comma, or what the header has more of: semicolon or tab.
        outlined: note the schemas of rows and where their values stand.

    Raises:
        UnreadableInputError: no header, or two columns of one name.
    """
    csv.field_size_limit(MAX_ROW_BYTES)
    lines = _Lines(stream)
    comments, header_line = top_of(lines)
    if delimiter is None:
        delimiter = max(",;\t", key=header_line.count)
    if comments and not stand_apart(comments, header_line, delimiter):
        above, comments = [*comments, header_line], []
    else:
        above = [header_line]
    reader = csv.reader(_chain(above, lines), delimiter=delimiter, strict=True)
    about = {"comment": "\n".join(line.strip("# \r\n") for line in comments)} if comments else {}
    rows = _Rows(reader, lines, delimiter, ChunkBuilder(chunk_rows, outlined), commented=bool(comments))
    yield from (replace(chunk, about=about) if about else chunk for chunk in rows.read())


def _check_names(header: list[str], fields: list[str]) -> None:
    """Refuse a first line whose cell says in its column what the row below says there."""
    pairs = zip(header, fields, strict=False)
    if any(name.strip() and name.strip() == value.strip() for name, value in pairs):
        raise UnreadableInputError(
            "the first line repeats a value of the next, so the file has no header", fix=_NAMES
        )


class _Rows:
    """The rows of a file in their order: many by machine code, those that it leaves by the reader of CSV."""

    def __init__(
        self,
        reader: Iterator[list[str]],
        lines: _Lines,
        delimiter: str,
        builder: ChunkBuilder,
        commented: bool,
    ) -> None:
        self._reader = reader
        self._lines = lines
        self._delimiter = delimiter
        self._builder = builder
        self._header = _header(reader)
        self._begun = False
        self._commented = commented
        self._kernel: CellRows | None = None

    def read(self) -> Iterator[Chunk]:
        """Yield the rows."""
        builder, alone = self._builder, 1
        while True:
            while self._begun and (taken := self._read_many()):
                alone = 1 if taken >= _FEW else alone
                if builder.full:
                    yield builder.take()
            for _ in range(alone):
                if not self._read_one():
                    yield builder.take()
                    return
                if builder.full:
                    yield builder.take()
            alone = min(2 * alone, _ALONE)

    def _read_one(self) -> bool:
        """Read one row, which is the specification; return whether there was one, or a fault."""
        builder, line = self._builder, self._lines.number + 1
        try:
            fields = next(self._reader, None)
        except csv.Error as error:
            builder.fault(line, f"not valid CSV: {error}")
            return True
        if fault := self._lines.take_fault():
            builder.fault(line, fault)
        elif fields is None:
            return False
        elif fields:
            if not self._begun:
                _check_names(self._header, fields)
                if self._commented and len(fields) != len(self._header):
                    raise unclear()
            self._begun = True
            if len(fields) == len(self._header):
                builder.add_row(line, _row(self._header, fields), sum(map(len, fields)))
            else:
                reason = f"the row has {len(fields)} cells, the header {len(self._header)}"
                builder.fault(line, reason)
        return True

    def _read_many(self) -> int:
        """Read rows by the kernel; return how many."""
        lines, builder = self._lines, self._builder
        held = lines.held()
        if held is None:
            return 0
        if self._kernel is None:
            from auditor.row_kernels.cell_rows import CellRows

            self._kernel = CellRows(self._header, self._delimiter)
        run = self._kernel.read(held, min(_TOGETHER, builder.room), builder.schemas)
        count = len(run.digests)
        if count:
            make = partial(_made, held.text, run.places, self._header, self._delimiter)
            noted = builder.schemas is not None
            outline = Outline.of(run.notes, held.text, slice(count), escaped=False) if noted else None
            size = int((run.places[:, 1] - run.places[:, 0]).sum())
            digests = list(split_digests(run.digests.tobytes()))
            builder.add_run(
                digests, ColumnBlock(count, make, outline), size, (run.lines + lines.before + 1).tolist()
            )
        lines.pass_held()
        return count


def _made(
    text: NDArray[np.uint8],
    places: NDArray[np.int64],
    header: list[str],
    delimiter: str,
    at: int,
    count: int,
) -> list[Row]:
    """Make rows of the lines that they stand in."""
    said = text[places[at, 0] : places[at + count - 1, 1]].tobytes().decode()
    reader = csv.reader(io.StringIO(said, newline="\n"), delimiter=delimiter, strict=True)
    return [_row(header, fields) for fields in reader if fields]


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
    """The lines of a file: one by one as text, or many for the kernel.

    A line that is not UTF-8 leaves an empty one and a fault.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._blocks = line_blocks(stream, MAX_ROW_BYTES)
        self._block: bytes | str = b""
        self._at = 0
        self._held: CellText | None = None
        self._fault: str | None = None
        self.number = 0
        """Of the line that was given last, from 1."""
        self.before = 0
        """How many lines stand before the block."""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        while self._at >= len(self._block):
            self._load()
        self.number += 1
        block, at = self._block, self._at
        if isinstance(block, str):
            self._at = len(block)
            return self._faulty(block)
        end = block.index(b"\n", at) + 1
        self._at = end
        if end - at - 1 > MAX_ROW_BYTES:
            return self._faulty(too_long(MAX_ROW_BYTES))
        try:
            return block[at:end].decode("utf-8")
        except UnicodeDecodeError:
            return self._faulty("the row is not valid UTF-8")

    def held(self) -> CellText | None:
        """Return the lines that come next, where the kernel should read them."""
        while self._at >= len(self._block):
            try:
                self._load()
            except StopIteration:
                return None
        if self._held is not None and self._fault is None:
            self._held.go_to(self._at, self.number - self.before)
            return self._held
        return None

    def pass_held(self) -> None:
        """Go on behind what the kernel read."""
        assert self._held is not None
        self._at, lines = self._held.stands
        self.number = self.before + lines

    def take_fault(self) -> str | None:
        """Return and forget the fault of the lines read last."""
        fault, self._fault = self._fault, None
        return fault

    def _faulty(self, reason: str) -> str:
        self._fault = reason
        return "\n"

    def _load(self) -> None:
        """Take the next lines.

        Raises:
            StopIteration: there are no more.
        """
        _, found = next(self._blocks)
        self._block, self._at, self._held, self.before = found, 0, None, self.number
        if isinstance(found, str):
            return
        self._block = found + b"\n"
        if pays(len(found)) and len(found) <= MAX_ROW_BYTES:
            from auditor.row_kernels.cell_rows import CellText

            self._held = CellText(self._block)
