"""Half-written shards: locked while they are written, so that those of killed programs can be removed."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

_PREFIX, _SUFFIX = ".draft-", ".parquet"


def open_draft(folder: Path) -> tuple[Path, int]:
    """Make a draft; it counts as alive until the descriptor that comes with it is closed.

    Raises:
        OSError: the folder cannot be written.
    """
    while True:
        handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=folder)
        # Somebody may have cleared it away before it was locked.
        if _lock(handle) and os.path.exists(name):
            return Path(name), handle
        os.close(handle)


def clear_drafts(folder: Path) -> int:
    """Remove the drafts of programs that ended without doing so and return how many there were."""
    removed = 0
    for draft in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        # What cannot be opened or removed here is another's to remove.
        with contextlib.suppress(OSError):
            handle = os.open(draft, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
            try:
                if _lock(handle):
                    draft.unlink()
                    removed += 1
            finally:
                os.close(handle)
    return removed


def _lock(handle: int) -> bool:
    if sys.platform == "win32":
        # An open file cannot be removed there, which serves as well.
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
