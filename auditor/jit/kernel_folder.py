"""The folder that compiled kernels and the parsed catalog are kept in: one that only this user can write to.

Numba unpickles what lies in its cache, so whoever can write there runs code as this user; whoever can write
to the kept catalog says what is allowed. A folder that cannot be trusted is not used, and all is made anew.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

NUMBA_FOLDER = "NUMBA_CACHE_DIR"
_OTHERS_WRITE = 0o022
_ANYTHING_BY_OTHERS = 0o077
_LINKS = 32
"""So many links in a row are followed."""


KERNELS, CATALOG = "kernels", "catalog"


def trusted_folder(name: str, kind: str = KERNELS) -> Path | None:
    """Return the folder for kernels, or for parsed files, of that name; None where none can be trusted."""
    for base in _bases():
        folder = base / "auditor" / kind / name
        if is_absolute(base) and _make(folder) and is_ours(folder):
            return folder
    return None


def is_absolute(path: Path) -> bool:
    """Tell whether a path means the same folder wherever the program is started."""
    return path.is_absolute() and ".." not in path.parts


def is_ours(folder: Path) -> bool:
    """Tell whether this user alone can have written to a folder: owner, mode, contents, and the way to it."""
    if not hasattr(os, "geteuid"):
        return True
    try:
        facts = folder.lstat()
        closed = stat.S_ISDIR(facts.st_mode) and not facts.st_mode & _ANYTHING_BY_OTHERS
        if facts.st_uid != os.geteuid() or not closed or not _way_is_safe(folder.parent):
            return False
        return all(_is_own_entry(path) for path in _everything(folder))
    except (OSError, RuntimeError):
        return False


def _bases() -> Iterator[Path]:
    """Yield where to look: what the user names for numba, then the own cache; never a shared folder."""
    if named := os.environ.get(NUMBA_FOLDER):
        yield Path(named)
    if sys.platform == "win32":
        yield Path(os.environ.get("LOCALAPPDATA", ""))
        return
    base = "~/Library/Caches" if sys.platform == "darwin" else "~/.cache"
    if sys.platform != "darwin" and (chosen := os.environ.get("XDG_CACHE_HOME")):
        base = chosen
    try:
        yield Path(base).expanduser()
    except RuntimeError:
        return


def _make(folder: Path) -> bool:
    """Make a folder and what is missing above it, closed to others, below what is safe already."""
    missing = []
    try:
        while not os.path.lexists(folder):
            missing.append(folder)
            folder = folder.parent
        if missing and hasattr(os, "geteuid") and not _way_is_safe(folder):
            return False
        for one in reversed(missing):
            one.mkdir(mode=0o700, exist_ok=True)
        return os.access(missing[0] if missing else folder, os.W_OK | os.X_OK)
    except OSError:
        return False


def _way_is_safe(folder: Path, links: int = 0) -> bool:
    """Tell whether nobody else can exchange a folder or one above it, links on the way included."""
    for place in (folder, *folder.parents):
        facts = place.lstat()
        if facts.st_uid not in (0, os.geteuid()):
            return False
        if stat.S_ISLNK(facts.st_mode):
            if links == _LINKS or not _way_is_safe(place.parent / place.readlink(), links + 1):
                return False
        elif facts.st_mode & _OTHERS_WRITE and not facts.st_mode & stat.S_ISVTX:
            return False
    return True


def _everything(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _everything(path)


def _is_own_entry(path: Path) -> bool:
    """Tell whether an entry is a folder or file of this user, reached by this name alone."""
    try:
        facts = path.lstat()
    except FileNotFoundError:
        return True  # another run of this user has just put its draft in place
    plain = stat.S_ISDIR(facts.st_mode) or (stat.S_ISREG(facts.st_mode) and facts.st_nlink == 1)
    return plain and facts.st_uid == os.geteuid() and not facts.st_mode & stat.S_IWOTH
