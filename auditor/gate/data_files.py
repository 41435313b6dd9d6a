"""The data's files as the operating system sees them, before and after they are hashed.

A file that is swapped, written or re-linked while it is being read would be hashed in one state and used in
another; its identity (device, inode, size, times, after following links) tells.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import InputError, RefusedError

Identity = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The identity of every file, by its path as given and as resolved."""

    files: dict[str, tuple[str, Identity]]

    @classmethod
    def take(cls, paths: Iterable[Path]) -> Snapshot:
        """Resolve links and note every file.

        Raises:
            InputError: a path is missing or a loop of links.
        """
        return cls({str(path): (str(_resolve(path)), _identity(path)) for path in paths})

    def check(self, paths: Iterable[Path]) -> None:
        """Compare with what is there now.

        Raises:
            RefusedError: a file was added, removed, replaced or written meanwhile.
        """
        current = Snapshot.take(paths)
        if current == self:
            return
        changed = sorted(
            name
            for name in self.files.keys() | current.files.keys()
            if self.files.get(name) != current.files.get(name)
        )
        raise RefusedError(
            "the data changed while it was being checked",
            where=changed[0],
            fix="let nothing write to the data, then run the gate again",
        )


def unread(places: Sequence[str]) -> list[str]:
    """Return what lies in the data's folders and gives no rows: in no permit, yet a loader may read it.

    Raises:
        InputError: a place is missing.
    """
    from auditor.samples.folders import walk
    from auditor.samples.sources import find_files

    read = {file.path for file in find_files(places)}
    walked = [found for place in places if os.path.isdir(place) for found in walk(Path(place))]
    read.update(folder for folder, _ in walked)
    return [str(path) for _, paths in walked for path in paths if path not in read]


def _resolve(path: Path) -> Path:
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise InputError("no such data, or a loop of links", where=str(path), fix="check the path") from None


def _identity(path: Path) -> Identity:
    try:
        stat = path.stat()
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", where=str(path), fix="check the path") from error
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
