"""Files: opened only where they are regular, written whole or not at all, named by their digest.

A pipe or a device under the name of a file would hold a program up. What is written grows as a draft beside
its target and takes the target's place in one step: readers meet the old content or the new, never a part. A
link that stands at the target is replaced, not followed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import re
import stat
import sys
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import BinaryIO, Self

from auditor.errors import EnvironmentFault
from auditor.ids import Digest, digest_of_hash

NOT_REGULAR = "it is not a regular file"
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_BESIDE = re.compile(r"\.(.+)\.([0-9]{1,10})(?:-[0-9]{1,4})?")
"""How a draft beside its target is named: `.NAME.PID`, and `.NAME.PID-2` for a second one of the process."""
_PREFIX = ".draft-"
"""How the name of a draft begins whose target is not known yet."""
_live: set[str] = set()
"""The drafts beside targets that this process is writing."""
_names = Lock()
"""Held while a draft beside a target gets its name or gives it up."""


def open_regular(path: Path) -> io.BufferedReader:
    """Open a regular file for reading bytes.

    Raises:
        OSError: it cannot be opened, or is a pipe, a device or a socket.
    """
    file = io.open(path, "rb", opener=_at_once)  # noqa: SIM115, UP020 - the caller closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, NOT_REGULAR, str(path))
    return file


def _at_once(path: str, flags: int) -> int:
    """Open without waiting for someone who writes to a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read_regular(path: Path, limit: int = -1) -> bytes:
    """Return a regular file's bytes, at most `limit` of them.

    Raises:
        OSError: as for `open_regular`.
    """
    with open_regular(path) as file:
        return file.read(limit)


def digest_of_file(path: Path) -> Digest:
    """Return the SHA-256 of a regular file's bytes.

    Raises:
        OSError: as for `open_regular`.
    """
    with open_regular(path) as file:
        return digest_of_hash(hashlib.file_digest(file, "sha256"))


class Draft:
    """A file in the making: it takes its target's place whole, or is gone.

    As a context manager it is put in place at the end, and dropped after an error.

    Attributes:
        path: where it lies meanwhile.
        file: the same file, open for writing; others may write to `path` instead.
    """

    def __init__(self, path: Path, descriptor: int, target: Path | None, durable: bool) -> None:
        self.path = path
        self.file: BinaryIO = os.fdopen(descriptor, "wb")
        self._target = target
        self._durable = durable
        self._gone = False

    @classmethod
    def beside(cls, target: Path, *, mode: int = 0o666, durable: bool = False) -> Self:
        """Begin the next content of `target`, in a folder that is made where it is missing.

        Args:
            mode: permissions of the new file, less the process's umask.
            durable: send the content to the disk before it is put in place.

        Raises:
            OSError: the folder cannot be written.
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        name = f".{target.name}.{os.getpid()}"
        path, turn = target.with_name(name), 1
        while True:
            # A file that is there may be that of another thread, or of another container's process.
            with contextlib.suppress(FileExistsError), _names:
                descriptor = os.open(path, _NEW, mode)
                _live.add(_absolute(path))
                return cls(path, descriptor, target, durable)
            turn += 1
            path = target.with_name(f"{name}-{turn}")

    @classmethod
    def within(cls, folder: Path, suffix: str) -> Self:
        """Begin a durable file whose name is known only once it is written; its owner alone can read it.

        It counts as alive until it is placed, dropped, or its process ends.

        Raises:
            OSError: the folder cannot be written.
        """
        while True:
            descriptor, name = tempfile.mkstemp(prefix=_PREFIX, suffix=suffix, dir=folder)
            locked = True
            with contextlib.suppress(OSError):  # a file system without locks
                locked = _lock(descriptor)
            # Somebody may have cleared it away before it was locked.
            if locked and os.path.exists(name):
                return cls(Path(name), descriptor, None, durable=True)
            os.close(descriptor)

    def place(self, target: Path | None = None) -> None:
        """Put the file at its target, or at the one given.

        Raises:
            OSError: that cannot be done; the draft is gone.
        """
        to = target or self._target
        assert to is not None
        try:
            self.file.flush()
            if self._durable:
                os.fsync(self.file.fileno())
            if self._target is not None or sys.platform == "win32":
                self.file.close()
            with _names:
                os.replace(self.path, to)
                self._forget()
        except BaseException:
            self.drop()
            raise
        self._close()

    def drop(self) -> None:
        """Remove the file; nothing happens where it is in place, or was dropped before."""
        self._close()
        with _names:
            if not self._gone:
                self.path.unlink(missing_ok=True)
                self._forget()

    def _forget(self) -> None:
        self._gone = True
        _live.discard(_absolute(self.path))

    def _close(self) -> None:
        with contextlib.suppress(OSError):  # what is left in the buffer of a full disk
            self.file.close()

    def __enter__(self) -> Self:
        """Return the draft itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the file in place, or drop it after an error; what the block did itself stands."""
        if kind is not None:
            self.drop()
        elif not self._gone:
            self.place()


def write_whole(
    target: Path,
    content: bytes | bytearray | Iterator[bytes],
    *,
    mode: int = 0o666,
    durable: bool = False,
) -> None:
    """Write a file in one step, whole or in pieces; the other arguments are those of `Draft.beside`.

    Raises:
        OSError: it cannot be written; the old content stays.
    """
    with Draft.beside(target, mode=mode, durable=durable) as draft:
        draft.file.writelines([content] if isinstance(content, bytes | bytearray) else content)


@contextlib.contextmanager
def write_faults(where: Path, fix: str, what: str = "cannot write") -> Iterator[None]:
    """Turn what the system says of a write into a fault that names the file and what to do.

    Raises:
        EnvironmentFault: in place of an OSError.
    """
    try:
        yield
    except OSError as error:
        raise EnvironmentFault(f"{what}: {error.strerror or error}", where=str(where), fix=fix) from error


def clear_drafts_beside(folder: Path, names: Collection[str]) -> int:
    """Remove the drafts of the targets `names` that ended programs left; return how many there were.

    A draft whose process number is in use is left: it may be that of a run beside this one.
    """
    removed = 0
    with contextlib.suppress(OSError):
        for name in sorted(os.listdir(folder)):
            match = _BESIDE.fullmatch(name)
            if match is None or match.group(1) not in names:
                continue
            with contextlib.suppress(OSError), _names:
                if not _is_written(folder / name, int(match.group(2))):
                    (folder / name).unlink()
                    removed += 1
    return removed


def clear_drafts_within(folder: Path, suffix: str) -> int:
    """Remove the drafts of `Draft.within` that ended programs left; return how many there were."""
    removed = 0
    for draft in folder.glob(f"{_PREFIX}*{suffix}"):
        # What cannot be opened or removed here is another's to remove.
        with contextlib.suppress(OSError):
            descriptor = os.open(draft, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
            try:
                if _lock(descriptor):
                    draft.unlink()
                    removed += 1
            finally:
                os.close(descriptor)
    return removed


def _absolute(path: Path) -> str:
    return os.path.join(os.path.realpath(path.parent), path.name)


def _is_written(draft: Path, pid: int) -> bool:
    if pid == os.getpid():
        return _absolute(draft) in _live
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _lock(descriptor: int) -> bool:
    """Lock a file; tell whether nobody else has.

    Raises:
        OSError: the file system knows no locks.
    """
    if sys.platform == "win32":
        # An open file cannot be removed there, which serves as well.
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
