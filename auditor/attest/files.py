"""Evidence files, read with a bound and written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from auditor.errors import EvidenceError
from auditor.files import digest_of_file, open_regular, write_faults, write_whole
from auditor.ids import Digest

_BLOCK = 1 << 22


def read_bounded(path: Path, limit: int) -> bytes:
    """Read a regular file of at most `limit` bytes.

    Raises:
        EvidenceError: missing, no regular file, unreadable or too large.
    """
    return b"".join(blocks_of(path, limit))


def blocks_of(path: Path, limit: int) -> Iterator[bytes]:
    """Yield a regular file of at most `limit` bytes, some megabytes at a time.

    Raises:
        EvidenceError: as for `read_bounded`.
    """
    left = limit
    try:
        if path.exists() and not path.is_file():
            raise EvidenceError("this is not a regular file", where=str(path), fix="give the path of a file")
        with open_regular(path) as file:
            while block := file.read(min(_BLOCK, left + 1)):
                left -= len(block)
                if left < 0:
                    raise EvidenceError(
                        f"the file is larger than {limit:,} bytes", where=str(path), fix="give the right file"
                    )
                yield block
    except OSError as error:
        raise EvidenceError(
            f"cannot read: {error.strerror}", where=str(path), fix="check the path and its permissions"
        ) from error


def write_new(path: Path, content: bytes | bytearray | Iterator[bytes], *, mode: int = 0o644) -> None:
    """Put `content`, whole or in pieces, at `path` in one step, by a draft beside it.

    Raises:
        EnvironmentFault: disk full, folder read-only.
    """
    with write_faults(path, "choose another --out"):
        write_whole(path, content, mode=mode, durable=True)


def file_digest(path: Path) -> Digest:
    """Return the SHA-256 of a file, read a megabyte at a time.

    Raises:
        EvidenceError: unreadable.
    """
    try:
        return digest_of_file(path)
    except OSError as error:
        raise EvidenceError(
            f"cannot read: {error.strerror}", where=str(path), fix="check the path and its permissions"
        ) from error
