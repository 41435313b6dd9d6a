"""JSON arrays and objects that follow one another, cut into rows without loading the file.

The cutting is our own, by brackets alone: a streaming JSON parser stops at the first fault of a file, and
here one bad row must not hide the next. Each row is then parsed by itself, as a line of JSON Lines is.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, BinaryIO

from auditor.row_kernels.worth import pays
from auditor.samples.readers.chunk import CHUNK_ROWS, MAX_ROW_BYTES, Chunk, ChunkBuilder, Line
from auditor.samples.readers.compression import TruncatedError
from auditor.samples.readers.json_tables import Row, rows_of
from auditor.samples.readers.json_wrapped import NEXT_BRACKET, Unopened, Wrapped, next_block, outline

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TOGETHER = 1 << 20
"""Bytes of rows that are digested together."""
_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n,"
_LINE_FEED = 10
_DEEPEST = 100_000
"""Brackets open at once; what is deeper is not data, and counting on would take hours."""


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


def array_lines(stream: BinaryIO) -> Iterator[Line]:
    """Yield the text of each row of a JSON array with the line where it begins, or why it cannot be read."""
    return _alone(_Splitter(stream, wrapped=True))


@dataclass(frozen=True, slots=True)
class Objects:
    """What a file of objects holds: the text of each row, or a table's rows."""

    elements: Iterator[Line | Block]
    table: list[Row] | None = None
    about: dict[str, Any] = field(default_factory=dict)
    """What an object around the rows says beside them."""
    count: int = 0
    """Rows, where they were counted."""

    @property
    def lines(self) -> Iterator[Line]:
        """Yield the text of each row, where the file was not opened to be read together."""
        return _alone(self.elements)


def read_objects(open_: Opener, chunk_rows: int = CHUNK_ROWS, outlined: bool = False) -> Iterator[Chunk]:
    """Yield the rows of objects that follow one another.

    A single object that wraps a list of rows (`{"data": [...]}`) is opened.

    Args:
        open_: opens the file's bytes from their start.
        outlined: note the schemas of rows and where their values stand.

    Raises:
        UnreadableInputError: there is no room to set the rows of such a list aside.
    """
    with opened_objects(open_, together=True) as found:
        if found.table is not None:
            yield from _table(found.table, chunk_rows)
        else:
            for chunk in _read(found.elements, chunk_rows, outlined):
                yield replace(chunk, about=found.about, of_rows=found.count)


@contextmanager
def opened_objects(open_: Opener, together: bool = False) -> Iterator[Objects]:
    """Open a file of objects; see `read_objects`.

    Args:
        together: elements may come in blocks.
    """
    with open_() as stream:
        found = outline(stream)
    if isinstance(found, Wrapped):
        with closing(found.rows):
            rows = found.rows.rows()
            elements = _in_blocks(rows) if together and pays(0) else rows
            yield Objects(elements, about=found.about, count=len(found.rows))
    elif isinstance(found, Unopened):
        yield Objects(iter([(found.line, found.reason)]))
    else:
        with open_() as stream:
            splitter = _Splitter(stream, wrapped=False)
            rest = iter(splitter)
            head = list(islice(rest, 2))
            only = head[0][1] if len(head) == 1 and isinstance(head[0], tuple) else None
            splitter.together = together
            yield Objects(chain(head, rest), rows_of(only) if isinstance(only, bytes) else None)


def _alone(elements: Iterable[Line | Block]) -> Iterator[Line]:
    for element in elements:
        assert not isinstance(element, Block)
        yield element


def _in_blocks(lines: Iterator[Line]) -> Iterator[Line | Block]:
    """Put texts that follow one another together."""
    kept: list[tuple[int, bytes]] = []
    size = 0
    for number, text in lines:
        if isinstance(text, bytes):
            kept.append((number, text))
            size += len(text)
        if kept and (isinstance(text, str) or size >= _TOGETHER):
            yield _block(kept)
            kept, size = [], 0
        if isinstance(text, str):
            yield number, text
    if kept:
        yield _block(kept)


def _block(lines: list[tuple[int, bytes]]) -> Block:
    import numpy as np

    from auditor.row_kernels.text import PAD

    ends = np.cumsum([len(text) + 1 for _, text in lines]) - 1
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1] + 1])
    text = b"\n".join([*(text for _, text in lines), bytes(PAD)])
    return Block(text, starts, ends, [number for number, _ in lines])


def _table(rows: list[Row], chunk_rows: int) -> Iterator[Chunk]:
    builder = ChunkBuilder(chunk_rows)
    for row in rows:
        builder.add_row(None, row)
        if builder.full:
            yield builder.take()
    yield builder.take()


def _read(pieces: Iterable[Line | Block], chunk_rows: int, outlined: bool) -> Iterator[Chunk]:
    builder = ChunkBuilder(chunk_rows, outlined)
    together: list[Line] = []
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
        together: bool = False,
    ) -> None:
        """Start to split.

        Args:
            wrapped: the elements are those of the first list.
            together: elements may come in blocks.
        """
        self._stream = stream
        self._wrapped = wrapped
        self._limit = limit
        self.together = together
        self._buffer = b""
        self._at = 0
        """Where the scan goes on."""
        self._start: int | None = None
        """Where the element under way begins; -1 when its beginning was dropped."""
        self._depth = 0
        self._start_line = 1
        self._mark, self._mark_line = 0, 1
        """A place in the buffer and its line; lines are counted on from there."""

    def __iter__(self) -> Iterator[Line | Block]:
        closed = not self._wrapped
        opened = not self._wrapped
        while True:
            try:
                block = self._stream.read(next_block(len(self._buffer)))
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

    def _elements(self) -> Generator[Line | Block, None, bool]:
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

    def _by_kernel(self) -> Iterator[Line | Block]:
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

    def _element(self, end: int) -> Line:
        start = self._start or 0
        if start < 0 or end - start > self._limit:
            return self._start_line, f"the row is larger than {self._limit >> 20} MiB"
        return self._start_line, self._buffer[start:end]

    def _between(self, start: int, end: int) -> Iterator[Line]:
        for part in self._buffer[start:end].split(b","):
            if part.strip(_BLANK):
                yield self._line_at(start), "a row is an object, this is something else"

    def _trim(self) -> Line | None:
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

    def _end(self, closed: bool) -> Iterator[Line]:
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
