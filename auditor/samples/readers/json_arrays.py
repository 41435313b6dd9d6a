"""JSON arrays and objects that follow one another, cut into rows without loading the file.

The cutting is our own, by brackets alone: a streaming JSON parser stops at the first fault of a file, and
here one bad row must not hide the next. Each row is then parsed by itself, as a line of JSON Lines is.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, BinaryIO

from auditor.row_kernels.worth import pays
from auditor.samples.readers.chunk import CHUNK_ROWS, MAX_ROW_BYTES, Chunk, ChunkBuilder
from auditor.samples.readers.compression import TruncatedError
from auditor.samples.readers.json_tables import rows_of
from auditor.samples.readers.json_wrapped import NEXT_BRACKET, Unopened, outline

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BLOCK = 1 << 20
_TOGETHER = 1 << 20
"""Bytes of rows that are digested together."""
_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n,"
_LINE_FEED = 10
_DEEPEST = 100_000
"""Brackets open at once; what is deeper is not data, and counting on would take hours."""

Piece = tuple[int, bytes | str]


@dataclass(frozen=True, slots=True)
class Block:
    """Elements that were found together."""

    text: bytes
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    lines: list[int]


Opener = Callable[[], AbstractContextManager[BinaryIO]]


def read_array(stream: BinaryIO, chunk_rows: int = CHUNK_ROWS, outlined: bool = False) -> Iterator[Chunk]:
    """Yield the rows of one JSON array of objects, with the line where each begins.

    Args:
        outlined: note the schemas of rows and where their values stand.
    """
    return _read(_Splitter(stream, wrapped=True, together=True), chunk_rows, outlined)


def read_objects(open_: Opener, chunk_rows: int = CHUNK_ROWS, outlined: bool = False) -> Iterator[Chunk]:
    """Yield the rows of objects that follow one another.

    A single object that wraps a list of rows (`{"data": [...]}`) is opened. It is read twice, once for what
    stands around its rows and once for them: what stands behind the last row counts for the first one too,
    and the rows between are too many to be kept.

    Args:
        open_: opens the file's bytes from their start.
        outlined: note the schemas of rows and where their values stand.
    """
    with open_() as stream:
        found = outline(stream)
    with open_() as stream:
        if found is None:
            yield from _objects(_Splitter(stream, wrapped=False), chunk_rows, outlined)
        elif isinstance(found, Unopened):
            builder = ChunkBuilder(chunk_rows)
            builder.fault(found.line, found.reason)
            yield builder.take()
        else:
            _skip(stream, found.start)
            rows = _Splitter(stream, wrapped=True, line=found.line, inner=True, together=True)
            for chunk in _read(rows, chunk_rows, outlined):
                yield replace(chunk, about=found.about)


def _objects(splitter: _Splitter, chunk_rows: int, outlined: bool) -> Iterator[Chunk]:
    """Yield the objects of a file; a single one may be a whole table."""
    rest = iter(splitter)
    head = list(islice(rest, 2))
    only = head[0][1] if len(head) == 1 and isinstance(head[0], tuple) else None
    table = rows_of(only) if isinstance(only, bytes) else None
    splitter.together = True
    if table is None:
        yield from _read(chain(head, rest), chunk_rows, outlined)
        return
    builder = ChunkBuilder(chunk_rows)
    for row in table:
        builder.add_row(None, row)
        if builder.full:
            yield builder.take()
    yield builder.take()


def _skip(stream: BinaryIO, left: int) -> None:
    while left > 0 and (block := stream.read(min(left, _BLOCK))):
        left -= len(block)


def _read(pieces: Iterable[Piece | Block], chunk_rows: int, outlined: bool) -> Iterator[Chunk]:
    builder = ChunkBuilder(chunk_rows, outlined)
    together: list[Piece] = []
    size = 0
    for piece in pieces:
        if isinstance(piece, Block):
            builder.add_lines(together)
            together, size = [], 0
            if builder.full:
                yield builder.take()
            yield from builder.add_blocks(piece.text, piece.starts, piece.ends, piece.lines)
            continue
        together.append(piece)
        size += len(piece[1])
        if size >= _TOGETHER or len(together) == builder.room:
            builder.add_lines(together)
            together, size = [], 0
            if builder.full:
                yield builder.take()
    builder.add_lines(together)
    yield builder.take()


class _Splitter:
    """Yields (line, text of one element) or (line, why it cannot be read), in bounded memory."""

    def __init__(
        self,
        stream: BinaryIO,
        wrapped: bool,
        limit: int = MAX_ROW_BYTES,
        line: int = 1,
        inner: bool = False,
        together: bool = False,
    ) -> None:
        """Start to split.

        Args:
            wrapped: the elements are those of the first list.
            line: of the stream's first byte.
            inner: what follows the list is none of ours.
            together: elements may come in blocks.
        """
        self._stream = stream
        self._wrapped = wrapped
        self._limit = limit
        self._inner = inner
        self.together = together
        self._buffer = b""
        self._at = 0
        """Where the scan goes on."""
        self._start: int | None = None
        """Where the element under way begins; -1 when its beginning was dropped."""
        self._depth = 0
        self._start_line = line
        self._mark, self._mark_line = 0, line
        """A place in the buffer and its line; lines are counted on from there."""

    def __iter__(self) -> Iterator[Piece | Block]:
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
                if closed and self._inner:
                    return
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

    def _elements(self) -> Generator[Piece | Block, None, bool]:
        """Yield the elements that end in the buffer; return whether the array ended."""
        if self.together and pays(0) and (self._start is None or self._start >= 0):
            yield from self._by_kernel()
        while match := NEXT_BRACKET.match(self._buffer, self._at):
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

    def _by_kernel(self) -> Iterator[Piece | Block]:
        """Yield the elements that machine code finds; what stops it is looked at by whoever goes on."""
        import numpy as np

        from auditor.row_kernels.json_elements import find_elements
        from auditor.row_kernels.text import PAD

        text = self._buffer + bytes(PAD)
        starts, ends, (at, depth, start) = find_elements(text, self._at, self._depth, self._start or 0)
        breaks = np.flatnonzero(np.frombuffer(self._buffer, np.uint8)[self._mark :] == _LINE_FEED)
        lines = (self._mark_line + np.searchsorted(breaks + self._mark, starts)).tolist()
        if len(starts) and int((ends - starts).max()) <= self._limit:
            yield Block(text, starts, ends, lines)
        else:
            for line, begin, end in zip(lines, starts.tolist(), ends.tolist(), strict=True):
                self._start, self._start_line = begin, line
                yield self._element(end)
        self._at, self._depth, self._start = at, depth, start if depth else None
        if depth:
            self._start_line = self._line_at(start)

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
