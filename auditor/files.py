"""Open files that people name: only regular ones, so that a pipe or a device never holds a program up."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path
from typing import BinaryIO

NOT_REGULAR = "it is not a regular file"


def open_regular(path: Path) -> BinaryIO:
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
