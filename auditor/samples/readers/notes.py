"""What containers say of what they hold: comments of a zip, headers of a tar, of gzip and of Zstandard."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from auditor.files import open_regular
from auditor.samples.readers.archives.box import ArchiveMember, contents, kind_of
from auditor.samples.readers.compression import TruncatedError
from auditor.samples.readers.stored import Samples, Stored

UNREAD = "notes of an archive that are too long to read"
FILE_NAME = "gzip.name"
"""The place of the name that a file had before it was packed."""
_LARGEST, _MOST = 1 << 20, 4096
"""Bytes and notes that are kept of one file; what is beyond is told by `UNREAD`."""
_HEADER = 1 << 16
"""Bytes in which the header of a compressed file ends."""
_EXTRA, _NAME, _COMMENT = 4, 8, 16
"""Flags of gzip (RFC 1952, section 2.3.1)."""
_SKIPPABLE = struct.Struct("<II")


class Note(NamedTuple):
    """A text under the name that it has in its container."""

    name: str
    text: str


def notes(stored: Stored) -> tuple[Note, ...]:
    """Return what the file in which something is stored says of it, each once; nothing of a damaged one.

    The notes of each member of an archive speak of all of them.
    """
    path = stored.archive if isinstance(stored, ArchiveMember | Samples) else stored
    try:
        facts = path.stat()
        return _notes(path, (facts.st_ino, facts.st_size, facts.st_mtime_ns))
    except (OSError, TruncatedError, zipfile.BadZipFile, ValueError, NotImplementedError):
        # Its rows cannot be read either, and that is said there.
        return ()


def packed_as(stored: Stored) -> tuple[str, ...]:
    """Return the name that a file had before it was packed, where that is told."""
    return tuple(one.text for one in notes(stored) if one.name == FILE_NAME)


@lru_cache(256)
def _notes(path: Path, _state: tuple[int, ...]) -> tuple[Note, ...]:
    kind = kind_of(path)
    with open_regular(path) as file:
        found = [*_of_packing(file.read(_HEADER))]
        if kind == "zip":
            file.seek(0)
            found += _of_zip(file)
    if kind == "tar":
        found += (Note(f"tar.{name}", text) for name, text in contents(path, kind).notes)
    return tuple(_bounded(dict.fromkeys(found)))


def _bounded(found: Iterable[Note]) -> Iterator[Note]:
    left = _LARGEST
    for count, note in enumerate(found):
        left -= len(note.text)
        if left < 0 or count >= _MOST:
            yield Note("unread", UNREAD)
            return
        yield note


def _of_zip(file: BinaryIO) -> Iterator[Note]:
    with zipfile.ZipFile(file) as archive:
        if archive.comment:
            yield Note("zip.comment", _text(archive.comment))
        for one in archive.infolist():
            if one.comment:
                yield Note("zip.member.comment", _text(one.comment))


def _of_packing(head: bytes) -> Iterator[Note]:
    """Yield what the header of a compressed file says: its first, where it has several."""
    if head.startswith(b"\x1f\x8b\x08") and len(head) > 10:
        yield from _of_gzip(head)
    elif len(head) > _SKIPPABLE.size:
        magic, size = _SKIPPABLE.unpack_from(head)
        if magic >> 4 == 0x184D2A5 and (text := head[_SKIPPABLE.size : _SKIPPABLE.size + size]):
            yield Note("zstd.frame", _text(text))


def _of_gzip(head: bytes) -> Iterator[Note]:
    flags, at = head[3], 10
    if flags & _EXTRA:
        at += 2 + int.from_bytes(head[at : at + 2], "little")
    for flag, name in ((_NAME, FILE_NAME), (_COMMENT, "gzip.comment")):
        if flags & flag:
            text, end, _ = head[at:].partition(b"\0")
            if not end:
                yield Note("unread", UNREAD)
                return
            at += len(text) + 1
            yield Note(name, os.path.basename(_text(text)) if flag == _NAME else _text(text))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
