"""The rows of a list, set aside outside of memory until what stands behind the list is known."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from auditor.errors import UnreadableInputError
from auditor.samples.readers.chunk import MAX_ROW_BYTES, Line

_IN_MEMORY = 1 << 22
_ROW = struct.Struct("<qqq")
_TOGETHER = 4096


class RowSpool:
    """Text in order, with the line of each row in it and where it begins and ends."""

    def __init__(self, start: int) -> None:
        """Begin.

        Args:
            start: place of the text's first byte; those of rows count like it.
        """
        self._start = start
        self._count = 0
        self._text = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._rows = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115

    def __len__(self) -> int:
        return self._count

    def write(self, text: bytes) -> None:
        """Append text.

        Raises:
            UnreadableInputError: there is no room for it.
        """
        with _room():
            self._text.write(text)

    def add(self, line: int, start: int, end: int) -> None:
        """Note a row; its text may be written later.

        Raises:
            UnreadableInputError: there is no room for it.
        """
        self._count += 1
        with _room():
            self._rows.write(_ROW.pack(line, start - self._start, end - self._start))

    def rows(self, limit: int = MAX_ROW_BYTES) -> Iterator[Line]:
        """Yield each row's line and text, or why it cannot be read."""
        self._rows.seek(0)
        while noted := self._rows.read(_TOGETHER * _ROW.size):
            for line, start, end in _ROW.iter_unpack(noted):
                if end - start > limit:
                    yield line, f"the row is larger than {limit >> 20} MiB"
                else:
                    self._text.seek(start)
                    yield line, self._text.read(end - start)

    def close(self) -> None:
        """Give back the room."""
        self._text.close()
        self._rows.close()


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnreadableInputError(
            f"its rows cannot be set aside: {error.strerror or error}",
            fix=f"make room in {tempfile.gettempdir()}, or write the rows as JSON Lines",
        ) from error
