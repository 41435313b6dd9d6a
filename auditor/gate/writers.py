"""Who may write to the data while it is hashed: nobody, where the system can tell.

A file that is mapped into memory and was written to is written to again without a sign: its times stay.
On Linux a lease tells whether anybody has a file open or mapped for writing, and whether somebody opens it
meanwhile. Where there are no leases (foreign files, network file systems), written pages are sent to the disk
first: the next write to them then shows in the file's times.
"""

from __future__ import annotations

import errno
import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from auditor.errors import RefusedError

try:
    import fcntl as _fcntl
except ImportError:
    _fcntl = None  # type: ignore[assignment]

fcntl: Any = _fcntl
MOST = 256
"""So many files are watched by a lease; each takes a descriptor. The others are told by their times."""
_TICK = 0.02
"""Times of files are no finer than this many seconds."""
_NETWORK = ("nfs", "cifs", "smb", "fuse", "9p", "ceph", "lustre", "gpfs", "beegfs", "afs", "virtiofs")
_FIX = "let nothing write to the data, then run the gate again"


class Watch:
    """Files that nobody may write to until the check is over."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = tuple(dict.fromkeys(paths))
        self._leases: dict[Path, int] = {}

    def __enter__(self) -> Self:
        """Send what was written to the disk, and take leases.

        Raises:
            RefusedError: somebody has a file open or mapped for writing.
        """
        newest = 0.0
        try:
            for path in self._paths:
                newest = max(newest, self._take(path))
        except RefusedError:
            self._release()
            raise
        if 0 <= time.time() - newest < _TICK:
            time.sleep(_TICK)
        return self

    def _take(self, path: Path) -> float:
        try:
            opened = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0))
        except OSError:
            return 0.0  # whoever reads it says why it cannot be read
        keep = False
        try:
            with suppress(OSError):
                os.fsync(opened)
            facts = os.fstat(opened)
            keep = len(self._leases) < MOST and _lease(opened, path)
            if keep:
                self._leases[path] = opened
            return max(facts.st_mtime, facts.st_ctime)
        finally:
            if not keep:
                os.close(opened)

    def check(self) -> None:
        """Refuse where a file was opened for writing since.

        Raises:
            RefusedError: one was.
        """
        for path, opened in self._leases.items():
            if fcntl.fcntl(opened, fcntl.F_GETLEASE) != fcntl.F_RDLCK:
                raise RefusedError(
                    "the data was opened for writing while it was being checked", where=str(path), fix=_FIX
                )

    def _release(self) -> None:
        for opened in self._leases.values():
            with suppress(OSError):
                fcntl.fcntl(opened, fcntl.F_SETLEASE, fcntl.F_UNLCK)
            os.close(opened)
        self._leases.clear()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the leases; who waited to write goes on."""
        self._release()


def _lease(opened: int, path: Path) -> bool:
    """Take a lease for reading; tell whether the system gives one."""
    if fcntl is None or not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        # Who opens the file for writing makes the system send a signal: one that is ignored by default.
        fcntl.fcntl(opened, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(opened, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        if error.errno == errno.EAGAIN and not _on_network(os.fstat(opened).st_dev):
            raise RefusedError(
                "somebody has the data open for writing, so that it can change while it is checked",
                where=str(path),
                fix=_FIX,
            ) from None
        return False
    return True


def _on_network(device: int) -> bool:
    """Tell whether a file system asks a server, which gives leases or not for reasons of its own."""
    wanted = f"{os.major(device)}:{os.minor(device)}"
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as lines:
            kinds = [line.partition(" - ")[2].split(" ")[0] for line in lines if line.split(" ")[2] == wanted]
    except (OSError, IndexError):
        return True
    return not kinds or any(kind.startswith(_NETWORK) for kind in kinds)
