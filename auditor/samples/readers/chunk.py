"""A bounded run of rows of one file, as every format reader yields it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from auditor.digest import (
    RowError,
    digest_json,
    digest_many,
    row_digest,
    split_digests,
)
from auditor.row_kernels.worth import pays
from auditor.samples.readers.runs import JsonBlock, Outline, Row, RowList, Run

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditor.row_kernels.row_schemas import RowSchemas

MAX_ROW_BYTES = 64 << 20
"""A row that takes more text than this is not read: it is quarantined."""

Line = tuple[int, bytes | str]
"""The 1-based number of a line, and its bytes or why they cannot be read."""

CHUNK_BYTES = 16 << 20
CHUNK_ROWS = 8192
_BY_KERNEL = 4096
"""Lines digested together by the kernel, which writes one form over the other."""
_LEAF = 6
"""Bytes of a row for each of its values that a place is kept for; a row of more has no outline."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be read, without its text."""

    row: int
    line: int | None
    """1-based; None for columnar formats."""
    reason: str


@dataclass(slots=True)
class Chunk:
    """Rows in file order; the lists run in parallel, `faults` stands beside them.

    What is not asked for is not made: `rows` are read again from what their digests were made of.
    """

    numbers: list[int] = field(default_factory=list)
    """Place of each row in its file, from 0; unreadable rows take a number too."""
    lines: list[int] = field(default_factory=list)
    """1-based; empty for columnar formats."""
    digests: list[bytes] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    """What the object around the rows of a file says beside them."""
    runs: list[Run] = field(default_factory=list)
    """The rows, by runs of one kind."""
    _rows: list[Row] | None = None

    def __len__(self) -> int:
        return len(self.digests)

    def change_rows(self, change: Callable[[Row], Row]) -> None:
        """Give out each row as something else, under the digest that it has."""
        self._rows = [change(row) for row in self.rows]
        self.runs = [RowList(self._rows)]

    @property
    def rows(self) -> list[Row]:
        """Return the rows as Python values."""
        if self._rows is None:
            self._rows = [row for run in self.runs for row in run.rows()]
        return self._rows

    def head(self, count: int) -> list[Row]:
        """Return the first rows as Python values."""
        each = (run.row(place) for run in self.runs for place in range(len(run)))
        return list(islice(each, count)) if self._rows is None else self._rows[:count]

    @property
    def objects(self) -> list[Row]:
        """Return the list to which rows are added that are objects already."""
        last = self.runs[-1] if self.runs else None
        if type(last) is not RowList:
            self.runs.append(last := RowList())
        return last.held


class ChunkBuilder:
    """Parses and numbers the rows of one file and cuts them into chunks."""

    def __init__(self, chunk_rows: int = CHUNK_ROWS, outlined: bool = False) -> None:
        """Begin a file.

        Args:
            outlined: note the schemas of rows and where their values stand, for who reads them by columns.
        """
        self._limit = self._left = chunk_rows
        self._outlined = outlined
        self._schemas: RowSchemas | None = None
        self._next = 0
        self._bytes = 0
        self._chunk = Chunk()

    @property
    def full(self) -> bool:
        """Tell whether the chunk should be taken."""
        return self._left <= 0 or self._bytes >= CHUNK_BYTES

    @property
    def room(self) -> int:
        """Return how many rows the chunk still takes."""
        return max(0, self._left)

    def rows_left(self, size: int) -> int:
        """Return after how many rows of so many bytes, at least one, the chunk should be taken."""
        bytes_left = CHUNK_BYTES - self._bytes
        return max(1, min(self.room, -(-bytes_left // size) if size else self.room))

    def add_json(self, line: int | None, raw: bytes) -> None:
        """Add one row of JSON text; a malformed one becomes a fault."""
        self._bytes += len(raw)
        try:
            digest, row = digest_json(raw)
        except RowError as error:
            self.fault(line, error.message)
        else:
            self._keep(line, digest, row)

    def add_lines(self, lines: Sequence[Line]) -> None:
        """Add lines of JSON text, each row as `add_json` does, faster; blank lines are not rows."""
        kept = [(line, text) for line, text in lines if isinstance(text, str) or text.strip()]
        texts = [text for _, text in kept if isinstance(text, bytes)]
        size = sum(map(len, texts))
        if pays(size):
            self._add_by_kernel(kept)
            return
        self._bytes += size
        known = list(digest_many(texts))
        if len(known) == len(kept) and RowError not in map(type, known):
            self._keep_all([line for line, _ in kept], known)
            return
        digested = iter(known)
        for line, text in kept:
            found = RowError(text) if isinstance(text, str) else next(digested)
            if isinstance(found, RowError):
                self.fault(line, found.message)
            else:
                self._keep(line, *found)

    def _add_by_kernel(self, lines: Sequence[Line]) -> None:
        """Add lines by machine code, those between two that cannot be read together."""
        import numpy as np

        from auditor.row_kernels.text import PAD

        for whole, group in groupby(lines, lambda line: isinstance(line[1], bytes)):
            together = list(group)
            if not whole:
                for line, reason in together:
                    self.fault(line, str(reason))
                continue
            texts = [text for _, text in together if isinstance(text, bytes)]
            ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
            starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
            self.add_block(b"".join([*texts, bytes(PAD)]), starts, ends, [line for line, _ in together])

    def add_block(
        self, text: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64], lines: Sequence[int]
    ) -> None:
        """Add the lines of a text, as `add_lines` does, by machine code.

        Args:
            text: with `PAD` bytes behind its last line.
            lines: their numbers.
        """
        import numpy as np

        from auditor.row_kernels.json_rows import DONE, RowDigests

        self._bytes += int((ends - starts).sum())
        held, schemas = np.frombuffer(text, np.uint8), self.schemas
        places = len(text) // _LEAF + len(starts)
        notes = None if schemas is None else schemas.notes(len(starts), places)
        digests, states = RowDigests.shared().of_rows(held, starts, ends, notes)
        found = list(split_digests(digests.tobytes()))
        left, at, exact, dropped = np.flatnonzero(states != DONE).tolist(), 0, {}, []
        for place in left:
            self._number_all(found[at:place], lines[at:place])
            at = place + 1
            raw = text[starts[place] : ends[place]]
            if not raw.strip():
                dropped.append(place)
                continue
            [one] = digest_many([raw])
            if isinstance(one, RowError):
                self.fault(lines[place], one.message)
                dropped.append(place)
            else:
                exact[place - len(dropped)] = one[1]
                self._number(lines[place], one[0])
        self._number_all(found[at:], lines[at:])
        kept = np.delete(np.arange(len(starts)), dropped) if dropped else None
        block = JsonBlock(text, *((starts, ends) if kept is None else (starts[kept], ends[kept])), exact)
        if notes is not None:
            block.outline = Outline.of(notes, held, slice(None) if kept is None else kept, escaped=True)
        if len(block):
            self._chunk.runs.append(block)

    def add_blocks(
        self, text: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64], lines: Sequence[int]
    ) -> Iterator[Chunk]:
        """Add the lines of a text as `add_block` does; yield the chunks that are full."""
        at = 0
        while at < len(starts):
            part = slice(at, at + min(_BY_KERNEL, self.room))
            self.add_block(text, starts[part], ends[part], lines[part])
            at = part.stop
            if self.full:
                yield self.take()

    @property
    def schemas(self) -> RowSchemas | None:
        """Return what numbers the schemas of the rows; None where they are not asked for."""
        if self._outlined and self._schemas is None:
            from auditor.row_kernels.row_schemas import RowSchemas

            self._schemas = RowSchemas()
        return self._schemas

    def add_run(
        self, digests: Sequence[bytes], run: Run, size: int, lines: Sequence[int] | None = None
    ) -> None:
        """Add rows whose digests are known; `size` is their weight in bytes."""
        self._bytes += size
        self._number_all(digests, lines)
        self._chunk.runs.append(run)

    def add_row(self, line: int | None, row: dict[str, Any], size: int = 0) -> None:
        """Add one row of Python values; `size` is its weight in bytes, when known."""
        self._bytes += size
        try:
            digest = row_digest(row)
        except RowError as error:
            self.fault(line, error.message)
        else:
            self._keep(line, digest, row)

    def fault(self, line: int | None, reason: str) -> None:
        """Count a row that the format reader could not cut out."""
        self._chunk.faults.append(Fault(self._next, line, reason))
        self._next += 1
        self._left -= 1

    def take(self) -> Chunk:
        """Return the rows gathered so far and begin a new chunk."""
        chunk, self._chunk, self._bytes, self._left = self._chunk, Chunk(), 0, self._limit
        return chunk

    def _keep_all(self, lines: list[int], found: Sequence[Any]) -> None:
        """Add rows by their digests and values."""
        self._chunk.objects.extend([row for _, row in found])
        self._number_all([digest for digest, _ in found], lines)

    def _keep(self, line: int | None, digest: bytes, row: dict[str, Any]) -> None:
        self._chunk.objects.append(row)
        self._number(line, digest)

    def _number_all(self, digests: Sequence[bytes], lines: Sequence[int] | None) -> None:
        chunk = self._chunk
        chunk.digests.extend(digests)
        chunk.numbers.extend(range(self._next, self._next + len(digests)))
        if lines is not None:
            chunk.lines.extend(lines)
        self._next += len(digests)
        self._left -= len(digests)

    def _number(self, line: int | None, digest: bytes) -> None:
        chunk = self._chunk
        chunk.digests.append(digest)
        chunk.numbers.append(self._next)
        if line is not None:
            chunk.lines.append(line)
        self._next += 1
        self._left -= 1
