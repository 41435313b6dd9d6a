"""What a reader opens: a file, a member of an archive, or a tar whose members are parts of rows."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, BinaryIO, cast

from auditor.samples.readers.archives.box import ArchiveMember, open_member
from auditor.samples.readers.compression import MAGIC_BYTES, packing, unfold


@dataclass(frozen=True, slots=True)
class Samples:
    """A tar whose members are parts of rows, grouped by their names (WebDataset)."""

    archive: Path


Stored = Path | ArchiveMember | Samples


def name_of_stored(stored: Stored) -> PurePath:
    """Return the path, or the member's name, whose suffix tells a format."""
    match stored:
        case ArchiveMember(entry=entry):
            return PurePosixPath(entry.name)
        case Samples(archive):
            return archive
        case _:
            return stored


@contextmanager
def open_stored(stored: Stored) -> Iterator[BinaryIO]:
    """Open the bytes as they are stored.

    Raises:
        TruncatedError: an archive is damaged.
        OSError: it cannot be opened.
    """
    if isinstance(stored, ArchiveMember):
        with open_member(stored) as stream:
            yield stream
    else:
        with (stored.archive if isinstance(stored, Samples) else stored).open("rb") as file:
            yield file


def packing_of(stored: Stored) -> str | None:
    """Return the name of the compression of what is stored; None where it is not compressed."""
    with open_stored(stored) as stream:
        return packing(stream.read(MAGIC_BYTES))


@contextmanager
def open_bytes(stored: Stored) -> Iterator[BinaryIO]:
    """Open what is stored for reading its unfolded bytes.

    Reading raises `TruncatedError` where the compressed data end early or are damaged.
    """
    packed = packing_of(stored)
    with open_stored(stored) as file, _watched(stored, file) as stream:
        yield stream if packed is None else unfold(stream, packed)


_taken: dict[Stored, Callable[[], int]] = {}
"""How far what is being read was read."""


@contextmanager
def _watched(stored: Stored, stream: BinaryIO) -> Iterator[BinaryIO]:
    """Let `bytes_taken` see how far something is read."""
    outer = _taken.get(stored)  # a look into a file that is being read
    if isinstance(stored, ArchiveMember):
        counted = _Counted(stream)
        entry, stream = stored.entry, cast(BinaryIO, counted)
        _taken[stored] = lambda: counted.read_so_far * entry.packed // max(1, entry.size)
    else:
        descriptor = stream.fileno()
        _taken[stored] = lambda: os.lseek(descriptor, 0, os.SEEK_CUR)
    try:
        yield stream
    finally:
        _taken.pop(stored, None)
        if outer is not None:
            _taken[stored] = outer


class _Counted(io.RawIOBase):
    """The bytes of an archive's member, counted as they go by."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner
        self.read_so_far = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with the next bytes."""
        found = self._inner.read(len(buffer))
        buffer[: len(found)] = found
        self.read_so_far += len(found)
        return len(found)


def bytes_taken(stored: Stored) -> int:
    """Return how many bytes of what `open_bytes` has open were read, as stored; 0 where it has not."""
    with suppress(KeyError, OSError, ValueError):  # another thread may close it
        return _taken[stored]()
    return 0


def bytes_of(every: Iterable[Stored]) -> int:
    """Return how many bytes are stored in all; what cannot be looked at is told of when it is read."""
    total = 0
    for stored in every:
        with suppress(OSError):
            total += size_of(stored)
    return total


def size_of(stored: Stored) -> int:
    """Return how many bytes are stored."""
    if isinstance(stored, ArchiveMember):
        return stored.entry.packed
    return os.stat(stored.archive if isinstance(stored, Samples) else stored).st_size
