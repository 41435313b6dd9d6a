"""Open files that may be gzip or Zstandard, by their first bytes, a bounded piece at a time.

The bounds are our own: small pieces are unfolded, so that a file of a few kilobytes cannot fill the memory,
what comes before damaged data is still given out, and frames that follow one another are read on.
"""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO

GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
SKIPPABLE = b"\x2a\x4d\x18"

# A compressed kibibyte unfolds to at most 32 MiB in Zstandard (a 128 KiB block takes four bytes).
_ZSTD_PIECE = 1024


_descriptors: dict[Path, int] = {}
"""Of the files that are being read."""


class TruncatedError(Exception):
    """Compressed data that end early or are damaged."""


def magic(path: Path) -> bytes:
    """Return the first bytes of a file, as stored."""
    with path.open("rb") as file:
        return file.read(8)


def is_compressed(path: Path) -> bool:
    """Tell whether the file is gzip or Zstandard."""
    first = magic(path)
    return first.startswith(GZIP) or _is_zstd(first)


def _is_zstd(first: bytes) -> bool:
    # A file may begin with skippable frames, whose first half byte is free (RFC 8878, section 3.1.2).
    return first.startswith(ZSTD) or (first[1:4] == SKIPPABLE and first[0] >> 4 == 5)


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading its decompressed bytes.

    Reading raises `TruncatedError` where the compressed data end early or are damaged.
    """
    first = magic(path)
    with path.open("rb") as file:
        outer = _descriptors.get(path)  # a look into a file that is being read
        _descriptors[path] = file.fileno()
        try:
            if first.startswith(GZIP):
                yield _Guarded(gzip.GzipFile(fileobj=file))
            elif _is_zstd(first):
                yield io.BufferedReader(_ZstdReader(file), 1 << 20)
            else:
                yield file
        finally:
            _descriptors.pop(path, None)
            if outer is not None:
                _descriptors[path] = outer


def bytes_taken(path: Path) -> int:
    """Return how many bytes of a file that `open_bytes` has open were read, as stored; 0 where it has not."""
    with suppress(KeyError, OSError):  # another thread may close it
        return os.lseek(_descriptors[path], 0, os.SEEK_CUR)
    return 0


class _Guarded(io.BufferedReader):
    """Turns the faults of gzip into `TruncatedError`."""

    def __init__(self, raw: gzip.GzipFile) -> None:
        super().__init__(raw)

    def read(self, size: int | None = -1) -> bytes:
        pieces: list[bytes] = []
        left = -1 if size is None else size
        while left:
            try:
                # One piece at a time, so that what came before the damage is still given out.
                piece = self.raw.read(left if 0 < left < 1 << 20 else 1 << 20)
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                if pieces:
                    break
                raise TruncatedError("the gzip data end early or are damaged") from error
            if not piece:
                break
            pieces.append(piece)
            left = max(left - len(piece), 0) if left > 0 else left
        return b"".join(pieces)


class _ZstdReader(io.RawIOBase):
    def __init__(self, file: IO[bytes]) -> None:
        import zstandard

        self._file = file
        self._make = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj
        self._error: type[Exception] = zstandard.ZstdError
        self._frame: Any = None
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            if not self._fill():
                return 0
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _fill(self) -> bool:
        rest = self._frame.unused_data if self._frame is not None and self._frame.eof else b""
        piece = rest or self._file.read(_ZSTD_PIECE)
        if not piece:
            if self._frame is not None and not self._frame.eof:
                raise TruncatedError("the Zstandard data end early")
            return False
        if self._frame is None or self._frame.eof:
            self._frame = self._make()
        try:
            self._ready = memoryview(self._frame.decompress(piece))
        except self._error as error:
            raise TruncatedError("the Zstandard data are damaged") from error
        return True
