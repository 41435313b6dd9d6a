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
_LINE_FEED = 10
_BOM = b"\xef\xbb\xbf"


def read_lines(stream: BinaryIO, chunk_rows: int = CHUNK_ROWS, outlined: bool = False) -> Iterator[Chunk]:
    """Yield the rows of JSON Lines; blank lines are not rows.

    Args:
        outlined: note the schemas of rows and where their values stand.
    """
    builder = ChunkBuilder(chunk_rows, outlined)
    for number, found in line_blocks(stream, MAX_ROW_BYTES):
        if isinstance(found, bytes) and pays(0) and len(found) <= MAX_ROW_BYTES:
            yield from _by_kernel(builder, number, found)
            continue
        block = _lines(number, found, MAX_ROW_BYTES)
        at = 0
        while at < len(block):
            part = block[at : at + min(_TOGETHER, builder.room)]
            at += len(part)
            builder.add_lines(part)
            if builder.full:
                yield builder.take()
    yield builder.take()


def _by_kernel(builder: ChunkBuilder, number: int, block: bytes) -> Iterator[Chunk]:
    """Add the lines of a block; yield the chunks that are full."""
    import numpy as np

    from auditor.row_kernels.text import PAD

    breaks = np.flatnonzero(np.frombuffer(block, np.uint8) == _LINE_FEED)
    starts = np.concatenate([np.zeros(1, np.int64), breaks + 1])
    ends = np.append(breaks, len(block))
    lines = range(number, number + len(starts))
    yield from builder.add_blocks(block + bytes(PAD), starts, ends, lines)


def split_lines(stream: BinaryIO, limit: int = MAX_ROW_BYTES) -> Iterator[Line]:
    """Yield each line's 1-based number and its bytes without the line end, or why it cannot be read.

    A line longer than `limit` is passed over; memory stays at about twice the limit.
    """
    for number, found in line_blocks(stream, limit):
        yield from _lines(number, found, limit)


def _lines(number: int, found: bytes | str, limit: int) -> list[Line]:
    """Return the lines of a block, or the one that cannot be read."""
    if isinstance(found, str):
        return [(number, found)]
    return [
        (at, line if len(line) <= limit else too_long(limit))
        for at, line in enumerate(found.split(b"\n"), number)
    ]


def line_blocks(stream: BinaryIO, limit: int) -> Iterator[tuple[int, bytes | str]]:
    """Yield whole lines with the number of the first, or why one cannot be read."""
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
        while (end := tail.find(b"\n") if skipping else tail.rfind(b"\n")) >= 0:
            whole, tail = tail[:end], tail[end + 1 :]
            yield number, too_long(limit) if skipping else whole
            number += 1 if skipping else whole.count(b"\n") + 1
            skipping = False
        if len(tail) > limit:
            tail, skipping = b"", True
    if skipping:
        yield number, too_long(limit)
    elif tail:
        yield number, tail


def too_long(limit: int) -> str:
    """Say that a row is too long."""
    return f"the row is larger than {limit >> 20} MiB"
