"""JSON arrays and concatenated objects, cut into rows without loading the file."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from auditor.canonical import RowError, parse_row
from auditor.samples.chunk import CHUNK_ROWS, MAX_ROW_BYTES, Chunk, ChunkBuilder
from auditor.samples.compression import TruncatedError

_BLOCK = 1 << 20
_BOM = b"\xef\xbb\xbf"
# Up to the next bracket outside of strings; fails inside a string that has not ended yet.
_NEXT = re.compile(rb'(?:[^"\[\]{}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+([\[\]{}])', re.DOTALL)
_WRAPPERS = frozenset(
    {"data", "rows", "examples", "records", "samples", "items", "train", "validation", "test"}
)
_BLANK = b" \t\r\n,"
_DEEPEST = 100_000
"""Brackets open at once; what is deeper is no data, and counting on would take hours."""

Piece = tuple[int, bytes | str]


def read_array(stream: BinaryIO, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Yield the rows of one JSON array of objects, with the line where each begins."""
    return _read(_Splitter(stream, wrapped=True), chunk_rows)


def read_objects(stream: BinaryIO, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Yield the rows of objects that follow one another.

    A single object that wraps a list of rows (`{"data": [...]}`) is opened.
    """
    pieces = iter(_Splitter(stream, wrapped=False))
    first, second = next(pieces, None), next(pieces, None)
    opened = _opened(first[1]) if first and second is None else None
    if opened is None:
        head = [piece for piece in (first, second) if piece is not None]
        yield from _read(_chain(head, pieces), chunk_rows)
        return
    rows, about = opened
    builder = ChunkBuilder(chunk_rows)
    for row in rows:
        builder.add_row(None, row)
    yield replace(builder.take(), about=about)


def _chain(head: list[Piece], rest: Iterator[Piece]) -> Iterator[Piece]:
    yield from head
    yield from rest


def _opened(raw: bytes | str) -> tuple[list[dict[str, Any]], dict[str, Any]] | None:
    """Return the rows that an object wraps, and what else it says."""
    if isinstance(raw, str):
        return None
    try:
        whole = parse_row(raw)
    except RowError:
        return None
    names = [name for name, value in whole.items() if name in _WRAPPERS and isinstance(value, list)]
    if len(names) != 1:
        return None
    rows = whole.pop(names[0])
    return (rows, whole) if all(isinstance(row, dict) for row in rows) else None


def _read(pieces: Iterator[Piece] | _Splitter, chunk_rows: int) -> Iterator[Chunk]:
    builder = ChunkBuilder(chunk_rows)
    for line, piece in pieces:
        if isinstance(piece, str):
            builder.fault(line, piece)
        else:
            builder.add_json(line, piece)
        if builder.full:
            yield builder.take()
    yield builder.take()


class _Splitter:
    """Yields (line, text of one element) or (line, why it cannot be read), in bounded memory."""

    def __init__(self, stream: BinaryIO, wrapped: bool, limit: int = MAX_ROW_BYTES) -> None:
        self._stream = stream
        self._wrapped = wrapped
        self._limit = limit
        self._buffer = b""
        self._at = 0
        """Where the scan goes on."""
        self._start: int | None = None
        """Where the element under way begins; -1 when its beginning was dropped."""
        self._depth = 0
        self._start_line = 1
        self._mark, self._mark_line = 0, 1
        """A place in the buffer and its line; lines are counted on from there."""

    def __iter__(self) -> Iterator[Piece]:
        closed = not self._wrapped
        opened = not self._wrapped
        while True:
            try:
                block = self._stream.read(max(_BLOCK, len(self._buffer)))
            except (TruncatedError, OSError) as error:
                yield self._line_at(self._at), f"{error}; the rest of the file is lost"
                return
            first = self._mark_line == 1 and self._start is None and not self._buffer
            self._buffer += block.removeprefix(_BOM) if first else block
            if not opened and (place := self._buffer.find(b"[")) >= 0:
                opened, self._at = True, place + 1
            if opened and not closed:
                closed = yield from self._elements()
            elif not self._wrapped:
                yield from self._elements()
            if not block:
                break
            if self._depth > _DEEPEST:
                yield self._start_line, "nested far too deep; the rest of the file was not read"
                return
            if overlong := self._trim():
                yield overlong
                return
        yield from self._end(closed)

    def _elements(self) -> Generator[Piece, None, bool]:
        """Yield the elements that end in the buffer; return whether the array ended."""
        while match := _NEXT.match(self._buffer, self._at):
            place = match.end() - 1
            if self._buffer[place] in b"[{":
                if self._depth == 0:
                    yield from self._between(self._at, place)
                    self._start, self._start_line = place, self._line_at(place)
                self._depth += 1
                self._at = place + 1
                continue
            if self._depth == 0:
                yield from self._between(self._at, place)
                self._at = place + 1
                if self._wrapped:
                    return True
                yield self._line_at(place), "a bracket closes nothing"
                continue
            self._depth -= 1
            self._at = place + 1
            if self._depth == 0:
                yield self._element(place + 1)
                self._start = None
        return False

    def _element(self, end: int) -> Piece:
        start = self._start or 0
        if start < 0 or end - start > self._limit:
            return self._start_line, f"the row is larger than {self._limit >> 20} MiB"
        return self._start_line, self._buffer[start:end]

    def _between(self, start: int, end: int) -> Iterator[Piece]:
        for part in self._buffer[start:end].split(b","):
            if part.strip(_BLANK):
                yield self._line_at(start), "a row is an object, this is something else"

    def _trim(self) -> Piece | None:
        """Drop what is done with; return why reading must stop, if it must."""
        if len(self._buffer) - self._at > self._limit:
            return self._line_at(self._at), (
                f"the row is larger than {self._limit >> 20} MiB; the rest of the file was not read"
            )
        if self._start is not None and self._at - self._start > self._limit:
            self._start = -1
        keep = self._at if self._start is None or self._start < 0 else self._start
        self._mark_line, self._mark = self._line_at(keep), 0
        self._buffer = self._buffer[keep:]
        self._at -= keep
        if self._start is not None and self._start >= 0:
            self._start = 0
        return None

    def _end(self, closed: bool) -> Iterator[Piece]:
        rest = self._buffer[self._at :].strip(_BLANK)
        if self._depth or not closed:
            yield self._line_at(self._at), "the file ends inside a row or array: it is truncated"
        elif rest:
            yield self._line_at(self._at), "there is text after the end of the rows"

    def _line_at(self, place: int) -> int:
        if place > self._mark:
            self._mark_line += self._buffer.count(b"\n", self._mark, place)
            self._mark = place
        return self._mark_line
