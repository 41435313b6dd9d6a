"""Evidence files, read with a bound and written whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Collection
from pathlib import Path

from auditor.errors import EnvironmentFault, EvidenceError
from auditor.files import open_regular, read_regular
from auditor.ids import Digest

_CHUNK = 1 << 20
_DRAFT = re.compile(r"\.(.+)\.([0-9]{1,10})")
"""How a draft is named: `.NAME.PID`."""


def read_bounded(path: Path, limit: int) -> bytes:
    """Read a regular file of at most `limit` bytes.

    Raises:
        EvidenceError: missing, no regular file, unreadable or too large.
    """
    try:
        if path.exists() and not path.is_file():
            raise EvidenceError("this is not a regular file", where=str(path), fix="give the path of a file")
        raw = read_regular(path, limit + 1)
    except OSError as error:
        raise EvidenceError(
            f"cannot read: {error.strerror}", where=str(path), fix="check the path and its permissions"
        ) from error
    if len(raw) > limit:
        raise EvidenceError(
            f"the file is larger than {limit:,} bytes", where=str(path), fix="give the right file"
        )
    return raw


def write_new(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Put `content` at `path` in one step, by a draft beside it.

    Raises:
        EnvironmentFault: disk full, folder read-only.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(draft, path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise EnvironmentFault(
            f"cannot write: {error.strerror}", where=str(path), fix="choose another --out"
        ) from error


def file_digest(path: Path) -> Digest:
    """Return the SHA-256 of a file, read a megabyte at a time.

    Raises:
        EvidenceError: unreadable.
    """
    total = hashlib.sha256()
    try:
        with open_regular(path) as stream:
            while chunk := stream.read(_CHUNK):
                total.update(chunk)
    except OSError as error:
        raise EvidenceError(
            f"cannot read: {error.strerror}", where=str(path), fix="check the path and its permissions"
        ) from error
    return Digest(f"sha256:{total.hexdigest()}")


def clear_drafts(folder: Path, names: Collection[str]) -> int:
    """Remove the drafts of `names` that ended programs left, and return how many there were.

    A draft whose process number is in use is left: it may be that of a run beside this one.
    """
    removed = 0
    with contextlib.suppress(OSError):
        for name in sorted(os.listdir(folder)):
            match = _DRAFT.fullmatch(name)
            if match is None or match.group(1) not in names or _alive(int(match.group(2))):
                continue
            with contextlib.suppress(OSError):
                (folder / name).unlink()
                removed += 1
    return removed


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
