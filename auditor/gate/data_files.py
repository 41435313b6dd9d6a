"""The data's files as the operating system sees them, before and after they are hashed.

A file that is swapped, written or re-linked while it is being read would be hashed in one state and used in
another; its identity (device, inode, size, times, after following links) tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.domain.permit import Permit
from auditor.errors import InputError, RefusedError
from auditor.printable import name_of

if TYPE_CHECKING:
    from auditor.samples.unread import Unread

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


def check_unread(places: Sequence[str], permit: Permit, allow: bool) -> tuple[Unread, ...]:
    """Refuse data-like files that give no rows: no permit covers them, yet a trainer may load them.

    Args:
        allow: start beside them all the same, unless the permit's pack forbids it.

    Returns:
        What was not read.

    Raises:
        RefusedError: there is some; it names all of it.
        InputError: a place is missing.
    """
    from auditor.samples.unread import find_unread

    found = find_unread(places)
    if not found or (allow and not permit.forbids_unread):
        return found
    many = len(found) > 1
    forbidden = allow and permit.forbids_unread
    raise RefusedError(
        f"{len(found):,} {'files' if many else 'file'} in the data {'were' if many else 'was'} not read, so "
        f"no permit covers {'them' if many else 'it'}: {named(found)}",
        fix="the permit's pack forbids --allow-unread: move them out of the data"
        if forbidden
        else "name the data files alone, move the others away, or accept them by --allow-unread",
    )


def named(unread: Iterable[Unread]) -> str:
    """Return all the names, fit for a terminal or log."""
    return ", ".join(name_of(str(one.path)) for one in unread)


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
