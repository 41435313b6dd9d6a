"""Unfold gzip, Zstandard, bzip2, xz and lzma, told apart by their first bytes, a bounded piece at a time.

The bounds are our own: small pieces are unfolded, so that a file of a few kilobytes cannot fill the memory,
what comes before damaged data is still given out, and streams that follow one another are read on.
"""

from __future__ import annotations

import bz2
import io
import lzma
import re
import zlib
from collections.abc import Callable
from typing import IO, Any, BinaryIO, Protocol

GZIP = b"\x1f\x8b"
XZ = b"\xfd7zXZ\x00"
MAGIC_BYTES = 12
_BZIP2 = re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)", re.DOTALL)
_LZMA = re.compile(rb"[\x5d\x6d]\x00\x00[\x00-\xff]{2}(\xff{7}|[\x00-\xff]{4}\x00{3})", re.DOTALL)
"""No mark of its own: the usual properties, a size of the dictionary, and one of the whole that fits."""
_ZSTD = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = b"\x2a\x4d\x18"

_PIECE = 1 << 18
# Two compressed kibibytes unfold to at most 64 MiB in Zstandard (a 128 KiB block takes four bytes).
_ZSTD_PIECE = 2048
_MOST_MEMORY = 1 << 29
"""Bytes; the largest dictionary that `xz -9` writes takes an eighth of it."""
_PADDED = ("gzip", "xz")
"""Zeros may follow their streams."""
_FREE = 1 << 30
MOST_TIMES = 5000
"""No rows are so alike: beyond `_FREE` bytes, what grows by more is not unfolded to its end."""


class TruncatedError(Exception):
    """Compressed data that end early, are damaged, or unfold beyond measure."""


class Unfolder(Protocol):
    """What `bz2` and `lzma` call a decompressor."""

    @property
    def eof(self) -> bool:
        """Tell whether the stream has ended."""

    @property
    def unused_data(self) -> bytes:
        """Return what follows the stream."""

    @property
    def needs_input(self) -> bool:
        """Tell whether nothing more comes without new data."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Return the next bytes."""


def packing(first: bytes) -> str | None:
    """Return the name of the compression that a file begins with; None where it is not compressed."""
    if first.startswith(GZIP):
        return "gzip"
    # A file may begin with skippable frames, whose first half byte is free (RFC 8878, section 3.1.2).
    if first.startswith(_ZSTD) or (first[1:4] == _SKIPPABLE and first[0] >> 4 == 5):
        return "Zstandard"
    if _BZIP2.match(first):
        return "bzip2"
    if first.startswith(XZ):
        return "xz"
    return "lzma" if _LZMA.fullmatch(first[:MAGIC_BYTES]) else None


def unfold(file: BinaryIO, name: str) -> BinaryIO:
    """Return the bytes that a compressed file stands for, from where it is opened.

    Reading raises `TruncatedError` where the compressed data end early or are damaged; what came before is
    given out first.

    Args:
        name: as `packing` gives it.
    """
    return _Pieces(Streams(file, _MAKERS[name], name))


def unfold_head(file: BinaryIO, name: str, size: int) -> bytes:
    """Return the first bytes that a compressed file stands for, at little cost; none where it is damaged."""
    try:
        return _Pieces(Streams(file, _MAKERS[name], name, piece=_ZSTD_PIECE, most=size)).read(size)
    except TruncatedError:
        return b""


def unfold_one(file: BinaryIO, make: Callable[[], Unfolder], name: str) -> BinaryIO:
    """Return the bytes of one compressed stream that nothing may follow; see `unfold`."""
    return _Pieces(Streams(file, make, name, single=True))


class _Pieces(io.BufferedReader):
    """Gives out what came before damage before it is told of."""

    def read(self, size: int | None = -1) -> bytes:
        pieces: list[bytes] = []
        left = -1 if size is None else size
        while left:
            try:
                # One piece at a time, so that what came before the damage is still given out.
                piece = self.raw.read(left if 0 < left < 1 << 20 else 1 << 20)
            except TruncatedError:
                if pieces:
                    break
                raise
            if not piece:
                break
            pieces.append(piece)
            left = max(left - len(piece), 0) if left > 0 else left
        return b"".join(pieces)


class Streams(io.RawIOBase):
    """The bytes of compressed streams that follow one another."""

    def __init__(
        self,
        file: IO[bytes],
        make: Callable[[], Unfolder],
        name: str,
        *,
        single: bool = False,
        piece: int = _PIECE,
        most: int = 1 << 20,
    ) -> None:
        """Begin with the first stream.

        Args:
            single: nothing may follow it.
            piece: bytes read at once.
            most: bytes unfolded at once, where that can be told.
        """
        self._file, self._make, self._name, self._single = file, make, name, single
        self._piece, self._most = _ZSTD_PIECE if name == "Zstandard" else piece, most
        self._at: Unfolder | None = None
        self._ready = memoryview(b"")
        self._taken = self._given = 0
        self._fault: TruncatedError | None = None

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as the data go; a fault is raised once what came before it is given out."""
        done = 0
        while done < len(buffer):
            if not self._ready and (self._fault or not self._fill()):
                break
            count = min(len(buffer) - done, len(self._ready))
            buffer[done : done + count] = self._ready[:count]
            self._ready = self._ready[count:]
            done += count
        if not done and self._fault is not None:
            raise self._fault
        return done

    def _fill(self) -> bool:
        """Unfold a piece; tell whether there is one."""
        try:
            while not self._ready:
                if (piece := self._next()) is None:
                    return False
                assert self._at is not None
                self._ready = memoryview(self._at.decompress(piece, self._most))
        except TruncatedError as fault:
            self._fault = fault
        except (OSError, ValueError, EOFError, lzma.LZMAError, zlib.error, _zstd_error()) as error:
            self._fault = TruncatedError(f"the {self._name} data are damaged")
            if "emory" in str(error):
                self._fault = TruncatedError(f"the {self._name} data ask for more memory than is given")
        self._given += len(self._ready)
        if self._given > _FREE and self._given > MOST_TIMES * self._taken:
            self._ready = memoryview(b"")
            self._fault = TruncatedError(
                f"the {self._name} data unfold to more than {MOST_TIMES:,} times their size"
            )
        return bool(self._ready)

    def _next(self) -> bytes | None:
        """Return what goes into the stream under way, or begins one; None at the end."""
        if self._at is not None and not self._at.eof:
            if not self._at.needs_input:
                return b""
            if not (piece := self._read()):
                raise TruncatedError(f"the {self._name} data end early")
            return piece
        rest = self._at.unused_data if self._at is not None else b""
        if self._name in _PADDED and self._at is not None:
            rest = self._after_padding(rest)
        rest = rest or self._read()
        if not rest:
            return None
        if self._single and self._at is not None:
            raise TruncatedError(f"other bytes follow the {self._name} data")
        self._at = self._make()
        return rest

    def _after_padding(self, rest: bytes) -> bytes:
        """Pass over the zeros that may stand between streams."""
        while not (rest := rest.lstrip(b"\0")) and (rest := self._read()):
            pass
        return rest

    def _read(self) -> bytes:
        piece = self._file.read(self._piece)
        self._taken += len(piece)
        return piece


class Inflater:
    """A stream of deflate as an `Unfolder`: bare as archives hold it, or within gzip."""

    def __init__(self, wbits: int = -zlib.MAX_WBITS) -> None:
        self._inner = zlib.decompressobj(wbits)
        self._full = False

    @property
    def eof(self) -> bool:
        """Tell whether the stream has ended."""
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        """Return what follows the stream."""
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        """Tell whether nothing more comes without new data."""
        return not self._full and not self._inner.unconsumed_tail

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Return the next bytes."""
        found = self._inner.decompress(self._inner.unconsumed_tail + data, max(max_length, 0))
        self._full = len(found) == max_length
        return found


class _ZstdFrame:
    """One frame of Zstandard as an `Unfolder`; the size of what goes in bounds what comes out."""

    def __init__(self) -> None:
        import zstandard

        self._inner = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()

    @property
    def eof(self) -> bool:
        """Tell whether the frame has ended."""
        return bool(self._inner.eof)

    @property
    def unused_data(self) -> bytes:
        """Return what follows the frame."""
        return bytes(self._inner.unused_data)

    @property
    def needs_input(self) -> bool:
        """Tell that all that went in has come out."""
        return True

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Return the next bytes, however many they are."""
        return bytes(self._inner.decompress(data))


def _zstd_error() -> type[Exception]:
    from zstandard import ZstdError

    return ZstdError


_MAKERS: dict[str, Callable[[], Unfolder]] = {
    "gzip": lambda: Inflater(16 + zlib.MAX_WBITS),
    "Zstandard": _ZstdFrame,
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, _MOST_MEMORY),
    "lzma": lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, _MOST_MEMORY),
}
