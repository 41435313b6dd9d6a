"""Open archives: list what they hold, and read a member as if it were a file."""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
import zlib
from bz2 import BZ2Decompressor
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, cast

from auditor.files import open_regular
from auditor.samples.readers.archives.entry import Contents, Entry, once
from auditor.samples.readers.archives.tar_stream import BLOCK, TarStream, is_tar
from auditor.samples.readers.archives.zip_directory import is_zip, zip_entries
from auditor.samples.readers.compression import (
    MAGIC_BYTES,
    Inflater,
    TruncatedError,
    packing,
    unfold,
    unfold_head,
    unfold_one,
)

Identity = tuple[int, int, int, int, int]
_KEPT = 16 << 20
"""Bytes of a member that are kept in memory; larger ones wait in a temporary file without a name."""
LARGEST_MEMBER = 64 << 30


def kind_of(path: Path) -> str | None:
    """Tell by a file's first bytes whether it is a `zip`, a `tar` (compressed too), or neither.

    Raises:
        OSError: it cannot be opened.
    """
    return _kind_of(os.path.realpath(path), _identity(path))


@lru_cache(1 << 14)
def _kind_of(path: str, identity: Identity) -> str | None:
    with open_regular(Path(path)) as file:
        head = file.read(BLOCK)
        packed = packing(head[:MAGIC_BYTES])
        if packed is not None:
            file.seek(0)
            head = unfold_head(file, packed, BLOCK)
        return kind_of_bytes(head) if packed is None or is_tar(head) else None


def kind_of_bytes(head: bytes) -> str | None:
    """Tell by a stream's first bytes whether it is a `zip`, a `tar`, or neither."""
    return "zip" if is_zip(head) else "tar" if is_tar(head) else None


def contents(path: Path, kind: str) -> Contents:
    """List the members of an archive.

    Raises:
        TruncatedError: it is damaged, or too large to list.
        OSError: it cannot be opened.
    """
    return _contents(os.path.realpath(path), kind, _identity(path))


def _identity(path: Path) -> Identity:
    facts = path.stat()
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


@lru_cache(64)
def _contents(path: str, kind: str, identity: Identity) -> Contents:
    """List them once for each state of the file: a compressed tar is unfolded whole for it."""
    with open_regular(Path(path)) as file:
        if kind == "zip":
            entries, stray = zip_entries(file)
            return Contents(kind, once(entries), stray)
        tar = tar_stream(file)
        found = once(tar.entries(heads=True))
        return Contents(kind, found, tar.stray, tuple(tar.told))


def tar_stream(file: BinaryIO) -> TarStream:
    """Return the stream of a tar, which may be compressed, from its beginning."""
    packed = packing(file.read(MAGIC_BYTES))
    file.seek(0)
    if packed is not None:
        return TarStream(unfold(file, packed))
    return TarStream(file, os.fstat(file.fileno()).st_size)


def forget() -> None:
    """List archives anew from here on: what was listed before may have been written to without a sign."""
    _contents.cache_clear()
    _kind_of.cache_clear()


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """A member of an archive that can be read; it stands for a file."""

    archive: Path
    kind: str
    entry: Entry
    shelf: Shelf = field(compare=False, repr=False)
    """That of all members which are read together."""


@contextmanager
def open_member(member: ArchiveMember) -> Iterator[BinaryIO]:
    """Open a member for reading its bytes.

    Reading raises `TruncatedError` where they are damaged.

    Raises:
        TruncatedError: the archive is damaged.
        OSError: it cannot be opened.
    """
    with open_regular(member.archive) as file:
        entry = member.entry
        if member.kind == "zip":
            yield _zip_member(file, entry)
        elif packing(file.read(MAGIC_BYTES)) is None:
            yield _plain(Window(file, entry.at, entry.size))
        else:
            yield _plain(Window(member.shelf.take(member), 0, entry.size))


def _zip_member(file: BinaryIO, entry: Entry) -> BinaryIO:
    window = _plain(Window(file, entry.at, entry.packed))
    if entry.method == zipfile.ZIP_DEFLATED:
        window = unfold_one(window, Inflater, "deflate")
    elif entry.method == zipfile.ZIP_BZIP2:
        window = unfold_one(window, BZ2Decompressor, "bzip2")
    return _plain(Checked(window, entry))


def _plain(raw: io.RawIOBase) -> BinaryIO:
    return cast(BinaryIO, raw)


class Window(io.RawIOBase):
    """A run of bytes of a file that others read too."""

    def __init__(self, file: Any, at: int, size: int) -> None:
        self._file, self._at, self._end = file, at, at + size

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with the next bytes."""
        wanted = min(len(buffer), self._end - self._at)
        self._file.seek(self._at)
        found = self._file.read(wanted)
        buffer[: len(found)] = found
        self._at += len(found)
        if wanted and not found:
            raise TruncatedError("the archive ends early")
        return len(found)


class Checked(io.RawIOBase):
    """The bytes of a zip's member, held against the size and the sum that it states."""

    def __init__(self, inner: BinaryIO, entry: Entry) -> None:
        self._inner, self._entry = inner, entry
        self._size = self._sum = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with the next bytes; the end is refused where the whole is another."""
        found = self._inner.read(len(buffer)) if len(buffer) else b""
        self._size += len(found)
        self._sum = zlib.crc32(found, self._sum)
        if self._size > self._entry.size or (
            not found and len(buffer) and (self._size, self._sum) != (self._entry.size, self._entry.check)
        ):
            raise TruncatedError("the member is not what the zip's directory says")
        buffer[: len(found)] = found
        return len(found)


class Unfolded:
    """The bytes of one member, unfolded; they are gone with the last who reads them."""

    def __init__(self) -> None:
        # Kept until it is read again, by whoever looks at the first rows, the metadata and the rows.
        self._file = tempfile.SpooledTemporaryFile(_KEPT, prefix="auditor-")  # noqa: SIM115
        self.write, self.seek, self.read = self._file.write, self._file.seek, self._file.read

    def __del__(self) -> None:
        """Close the file."""
        self._file.close()


class Shelf:
    """The member under way of a compressed tar: its stream is unfolded once, forward, for all members."""

    def __init__(self) -> None:
        self._held: tuple[Path, Identity, Entry] | None = None
        self._bytes: Unfolded | None = None
        self._file: BinaryIO | None = None
        self._tar: tuple[Path, Identity, TarStream] | None = None

    def __del__(self) -> None:
        """Close the archive."""
        if self._file is not None:
            self._file.close()

    def take(self, member: ArchiveMember) -> Unfolded:
        """Return a member's bytes, unfolded.

        Raises:
            TruncatedError: the tar is damaged, or the member larger than is unfolded.
            OSError: it cannot be opened, or no space is left.
        """
        key = (member.archive, _identity(member.archive), member.entry)
        if self._bytes is None or self._held != key:
            self._bytes, self._held = self._unfold(member, key[1]), key
        return self._bytes

    def _unfold(self, member: ArchiveMember, identity: Identity) -> Unfolded:
        entry = member.entry
        if entry.size > LARGEST_MEMBER:
            raise TruncatedError(f"the member is larger than {LARGEST_MEMBER >> 30} GiB")
        tar = self._stream(member.archive, identity, entry.at)
        held = Unfolded()
        tar.seek_to(entry.at)
        for piece in tar.data(entry):
            held.write(piece)
        return held

    def _stream(self, path: Path, identity: Identity, at: int) -> TarStream:
        """Return the stream at or before a byte, from the beginning where it is beyond."""
        if self._tar is None or self._tar[:2] != (path, identity) or self._tar[2].at > at:
            if self._file is not None:
                self._file.close()
            self._file = open_regular(path)
            self._tar = (path, identity, tar_stream(self._file))
        return self._tar[2]
