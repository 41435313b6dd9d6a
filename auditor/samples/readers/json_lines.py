"""JSON Lines: one row a line; a bad line never hides the next one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from auditor.row_kernels.worth import pays
from auditor.samples.readers.chunk import CHUNK_ROWS, MAX_ROW_BYTES, Chunk, ChunkBuilder, Line
from auditor.samples.readers.compression import TruncatedError

_BLOCK = 1 << 20
_TOGETHER = 64
"""Lines digested together; the forms of more would not stay in the processor's cache."""
_BY_KERNEL = 4096
"""Lines digested together by the kernel, which writes one form over the other."""
_BOM = b"\xef\xbb\xbf"


def read_lines(stream: BinaryIO, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Yield the rows of JSON Lines; blank lines are not rows."""
    builder = ChunkBuilder(chunk_rows)
    for block in _blocks(stream, MAX_ROW_BYTES):
        at = 0
        while at < len(block):
            together = _BY_KERNEL if pays(0) else _TOGETHER
            part = block[at : at + min(together, builder.room)]
            at += len(part)
            builder.add_lines(part)
            if builder.full:
                yield builder.take()
    yield builder.take()


def split_lines(stream: BinaryIO, limit: int = MAX_ROW_BYTES) -> Iterator[Line]:
    """Yield each line's 1-based number and its bytes without the line end, or why it cannot be read.

    A line longer than `limit` is passed over; memory stays at about twice the limit.
    """
    for block in _blocks(stream, limit):
        yield from block


def _blocks(stream: BinaryIO, limit: int) -> Iterator[list[Line]]:
    """Yield the lines that end in one block of the stream."""
    number, tail, skipping = 1, b"", False
    while True:
        try:
            block = stream.read(max(_BLOCK, len(tail)))
        except (TruncatedError, OSError) as error:
            yield [(number, f"{error}; the rest of the file is lost")]
            return
        if not block:
            break
        tail += block
        if number == 1 and not skipping:
            tail = tail.removeprefix(_BOM)
        *lines, tail = tail.split(b"\n")
        found: list[Line] = []
        found.extend(
            (at, line if len(line) <= limit else _too_long(limit)) for at, line in enumerate(lines, number)
        )
        if found and skipping:
            found[0], skipping = (number, _too_long(limit)), False
        number += len(lines)
        yield found
        if len(tail) > limit:
            tail, skipping = b"", True
    if skipping:
        yield [(number, _too_long(limit))]
    elif tail:
        yield [(number, tail)]


def _too_long(limit: int) -> str:
    return f"the row is larger than {limit >> 20} MiB"
