"""A bounded run of rows of one file, as every format reader yields it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from auditor.digest import RowError, digest_json, digest_many, digest_raws, row_digest
from auditor.row_kernels.worth import pays

Row = dict[str, Any]

MAX_ROW_BYTES = 64 << 20
"""A row that takes more text than this is not read: it is quarantined."""

Line = tuple[int, bytes | str]
"""The 1-based number of a line, and its bytes or why they cannot be read."""

CHUNK_BYTES = 16 << 20
CHUNK_ROWS = 8192


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be read, without its text."""

    row: int
    line: int | None
    """1-based; None for columnar formats."""
    reason: str


@dataclass(slots=True)
class _Texts:
    """Rows as JSON text that `orjson.loads` gives as the exact parser does."""

    texts: list[bytes] = field(default_factory=list)

    def __call__(self) -> list[Row]:
        return [orjson.loads(text) for text in self.texts]


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
    _runs: list[Callable[[], list[Row]] | list[Row]] = field(default_factory=list)
    """Runs of rows, or what gives them."""

    def __len__(self) -> int:
        return len(self.digests)

    def change_rows(self, change: Callable[[Row], Row]) -> None:
        """Give out each row as something else, under the digest that it has."""
        self._runs = [[change(row) for row in self.rows]]

    @property
    def rows(self) -> list[Row]:
        """Return the rows as Python values."""
        if len(self._runs) != 1 or callable(self._runs[0]):
            self._runs = [[row for run in self._runs for row in (run() if callable(run) else run)]]
        found = self._runs[0]
        assert not callable(found)
        return found

    def add_row(self, row: Row) -> None:
        """Add a row as it is."""
        if not self._runs or callable(self._runs[-1]):
            self._runs.append([])
        run = self._runs[-1]
        assert not callable(run)
        run.append(row)

    def add_text(self, text: bytes) -> None:
        """Add a row by its JSON text, which is parsed when the row is asked for."""
        if not self._runs or not isinstance(self._runs[-1], _Texts):
            self._runs.append(_Texts())
        run = self._runs[-1]
        assert isinstance(run, _Texts)
        run.texts.append(text)

    def add_run(self, rows: Callable[[], list[Row]]) -> None:
        """Add rows that are made when they are asked for."""
        self._runs.append(rows)


class ChunkBuilder:
    """Parses and numbers the rows of one file and cuts them into chunks."""

    def __init__(self, chunk_rows: int = CHUNK_ROWS) -> None:
        self._limit = chunk_rows
        self._next = 0
        self._bytes = 0
        self._chunk = Chunk()

    @property
    def full(self) -> bool:
        """Tell whether the chunk should be taken."""
        return not self.room or self._bytes >= CHUNK_BYTES

    @property
    def room(self) -> int:
        """Return how many rows the chunk still takes."""
        return max(0, self._limit - len(self._chunk) - len(self._chunk.faults))

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
        self._bytes += size
        digested = iter(digest_raws(texts) if pays(size) else digest_many(texts))
        for line, text in kept:
            found = RowError(text) if isinstance(text, str) else next(digested)
            if isinstance(found, RowError):
                self.fault(line, found.message)
            elif isinstance(found, tuple):
                self._keep(line, *found)
            elif isinstance(text, bytes):
                self._chunk.add_text(text)
                self._number(line, found)

    def add_batch(
        self,
        digests: Sequence[bytes],
        rows: Callable[[], list[Row]],
        size: int,
        lines: Sequence[int] | None = None,
    ) -> None:
        """Add rows whose digests are known, and what makes them; `size` is their weight in bytes."""
        self._bytes += size
        for place, digest in enumerate(digests):
            self._number(None if lines is None else lines[place], digest)
        self._chunk.add_run(rows)

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

    def take(self) -> Chunk:
        """Return the rows gathered so far and begin a new chunk."""
        chunk, self._chunk, self._bytes = self._chunk, Chunk(), 0
        return chunk

    def _keep(self, line: int | None, digest: bytes, row: dict[str, Any]) -> None:
        self._chunk.add_row(row)
        self._number(line, digest)

    def _number(self, line: int | None, digest: bytes) -> None:
        chunk = self._chunk
        chunk.digests.append(digest)
        chunk.numbers.append(self._next)
        if line is not None:
            chunk.lines.append(line)
        self._next += 1
