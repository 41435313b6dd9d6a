"""JSON Lines: one row a line; a bad line never hides the next one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from auditor.samples.chunk import CHUNK_ROWS, MAX_ROW_BYTES, Chunk, ChunkBuilder
from auditor.samples.compression import TruncatedError

_BLOCK = 1 << 20
_BOM = b"\xef\xbb\xbf"


def read_lines(stream: BinaryIO, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Yield the rows of JSON Lines; blank lines are no rows."""
    builder = ChunkBuilder(chunk_rows)
    for number, line in split_lines(stream):
        if isinstance(line, str):
            builder.fault(number, line)
        elif line and not line.isspace():
            builder.add_json(number, line)
        if builder.full:
            yield builder.take()
    yield builder.take()


def split_lines(stream: BinaryIO, limit: int = MAX_ROW_BYTES) -> Iterator[tuple[int, bytes | str]]:
    """Yield each line's 1-based number and its bytes without the line end, or why it cannot be read.

    A line longer than `limit` is passed over; memory stays at about twice the limit.
    """
    number, tail, skipping = 1, b"", False
    while True:
        try:
            block = stream.read(max(_BLOCK, len(tail)))
        except (TruncatedError, OSError) as error:
            yield number, f"{error}; the rest of the file is lost"
            return
        if not block:
            break
        tail += block
        if number == 1 and not skipping:
            tail = tail.removeprefix(_BOM)
        *lines, tail = tail.split(b"\n")
        for line in lines:
            too_long = skipping or len(line) > limit
            yield number, _too_long(limit) if too_long else line
            number, skipping = number + 1, False
        if len(tail) > limit:
            tail, skipping = b"", True
    if skipping:
        yield number, _too_long(limit)
    elif tail:
        yield number, tail


def _too_long(limit: int) -> str:
    return f"the row is larger than {limit >> 20} MiB"
