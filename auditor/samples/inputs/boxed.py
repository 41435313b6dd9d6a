"""What an archive says of its rows: its cards, licenses, documents and settings, as files in folders of it.

They are read in place and kept in memory, within bounds; nothing is written under a name from an archive.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PosixPath, PurePosixPath

from auditor.files import digest_of_file, read_regular
from auditor.ids import Digest, digest_of
from auditor.samples.inputs.documents import is_document, named_side_file, speaks_in_sentences
from auditor.samples.readers.archives.box import ArchiveMember, Shelf, contents, kind_of, open_member
from auditor.samples.readers.archives.entry import Entry, is_shown
from auditor.samples.readers.compression import TruncatedError

_LARGEST, _IN_ALL, _MOST = 1 << 20, 16 << 20, 256
"""Bytes of a member and of all, and members, that are kept of one archive."""
_SETTINGS = (".yaml", ".yml", ".toml", ".ini", ".cfg")


class BoxedPath(PosixPath):
    """A file or folder in an archive, named as in sample ids: `set.zip!/meta/README.md`."""

    def iterdir(self) -> Iterator[BoxedPath]:  # type: ignore[override]
        """Yield what is kept of the folder.

        Raises:
            NotADirectoryError: it is no folder of the archive.
        """
        archive, inner = _split(self)
        names = _folders(archive).get(inner)
        if names is None:
            raise NotADirectoryError(str(self))
        yield from (self / name for name in names)

    def is_file(self) -> bool:
        """Tell whether it is a member that is kept."""
        archive, inner = _split(self)
        return inner in kept(archive)

    def is_dir(self) -> bool:
        """Tell whether it is a folder that holds a member which is kept."""
        archive, inner = _split(self)
        return inner in _folders(archive)

    def exists(self) -> bool:
        """Tell whether something of this name is kept."""
        return self.is_file() or self.is_dir()

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Return the facts of the archive with the size of the member.

        Raises:
            FileNotFoundError: nothing of this name is kept.
        """
        archive, inner = _split(self)
        facts = archive.stat()
        held = kept(archive).get(inner)
        if held is None and inner not in _folders(archive):
            raise FileNotFoundError(str(self))
        mode = stat.S_IFDIR | 0o555 if held is None else stat.S_IFREG | 0o444
        times = (int(facts.st_atime), int(facts.st_mtime), int(facts.st_ctime))
        whole = (mode, facts.st_ino, facts.st_dev, 1, 0, 0, len(held or b""), *times)
        return os.stat_result(whole, {"st_mtime_ns": facts.st_mtime_ns})

    def glob(self, pattern: str) -> Iterator[BoxedPath]:  # type: ignore[override]
        """Yield the members of the folder whose names fit a pattern."""
        yield from (path for path in self.iterdir() if path.match(pattern)) if self.is_dir() else ()


def boxed_folders(member: ArchiveMember | None, archive: Path) -> Iterator[tuple[BoxedPath, str]]:
    """Yield the folders of an archive that speak of a member, nearest first, each as `where` names it.

    Args:
        member: None speaks of all members.
    """
    top = BoxedPath(f"{archive}!")
    inner = PurePosixPath(member.entry.name).parent if member is not None else PurePosixPath()
    for folder in (inner, *inner.parents) if inner.parts else (inner,):
        yield top / folder, f"{archive.name}!/{folder.as_posix()}/".replace("/./", "/")


def read_side(path: Path, limit: int = -1) -> bytes:
    """Return the bytes of a file beside rows, at most `limit` of them.

    Raises:
        OSError: it cannot be opened.
    """
    if not isinstance(path, BoxedPath):
        return read_regular(path, limit)
    archive, inner = _split(path)
    held = kept(archive).get(inner)
    if held is None:
        raise FileNotFoundError(str(path))
    return held if limit < 0 else held[:limit]


def digest_of_side(path: Path) -> Digest:
    """Return the digest of a file beside rows.

    Raises:
        OSError: it cannot be opened.
    """
    return digest_of(read_side(path)) if isinstance(path, BoxedPath) else digest_of_file(path)


def watched(path: Path) -> Path:
    """Return the file on disk that changes when a file beside rows does."""
    return _split(path)[0] if isinstance(path, BoxedPath) else path


def kept(archive: Path) -> dict[str, bytes]:
    """Return what is kept of an archive by its members' names; nothing of one that cannot be read."""
    try:
        facts = archive.stat()
        return _kept(archive, (facts.st_ino, facts.st_size, facts.st_mtime_ns))
    except (OSError, TruncatedError):
        return {}


def forget() -> None:
    """Read archives anew from here on."""
    _kept.cache_clear()


@lru_cache(16)
def _kept(archive: Path, _state: tuple[int, ...]) -> dict[str, bytes]:
    kind = kind_of(archive)
    if kind is None:
        return {}
    found: dict[str, bytes] = {}
    shelf, left = Shelf(), _IN_ALL
    for entry in contents(archive, kind).entries:
        if _may_speak(entry) and entry.size <= left and len(found) < _MOST:
            try:
                with open_member(ArchiveMember(archive, kind, entry, shelf)) as stream:
                    found[entry.name] = stream.read(_LARGEST)
            except TruncatedError:
                continue
            left -= entry.size
    return found


def _may_speak(entry: Entry) -> bool:
    """Tell whether a member is a document, a license or settings by its name, and no longer than such are."""
    path = PurePosixPath(entry.name)
    if entry.why_not or not 0 < entry.size <= _LARGEST or not is_shown(entry.name):
        return False
    named = is_document(path.name) or speaks_in_sentences(path.name) or named_side_file(path.name)
    return named or path.suffix.lower() in _SETTINGS


def _folders(archive: Path) -> dict[str, list[str]]:
    """Return the folders of what is kept, with what lies in each."""
    found: dict[str, dict[str, None]] = {"": {}}
    for name in kept(archive):
        parts = name.split("/")
        for depth, part in enumerate(parts):
            found.setdefault("/".join(parts[:depth]), {})[part] = None
    return {folder: sorted(names) for folder, names in found.items()}


@lru_cache(4096)
def _split(path: BoxedPath) -> tuple[Path, str]:
    """Return the archive that a path leads into, and the name within it."""
    parts = path.parts
    for at, part in enumerate(parts):
        if part.endswith("!") and os.path.isfile(archive := os.path.join(*parts[:at], part[:-1])):
            return Path(archive), "/".join(parts[at + 1 :])
    return Path(path), ""
