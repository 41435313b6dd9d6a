"""What lies in the named data and gives no rows, though a trainer may load it: nothing unread is silent."""

from __future__ import annotations

import filecmp
import glob
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from auditor.samples.inputs.archives import inside
from auditor.samples.inputs.folders import is_audit, is_named_data, is_side_file
from auditor.samples.inputs.own_answers import is_audits_own
from auditor.samples.inputs.side_rows import holds_rows
from auditor.samples.inputs.sources import DataFile, find_files, place_of
from auditor.samples.not_data import (
    in_tool_folder,
    is_not_data,
    is_not_data_member,
    member_reason,
    named_not_data,
)
from auditor.samples.readers.formats import named_archive

_ARCHIVES = (
    ".7z",
    ".rar",
    ".lz4",
    ".lz",
    ".lzo",
    ".z",
    ".br",
    ".sz",
    ".gz",
    ".zst",
    ".bz2",
    ".xz",
    ".lzma",
    ".cab",
    ".ar",
)
_ALIKE = 8
"""So many members of one ending are named one by one."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A file or folder that was not read."""

    path: Path
    name: str
    """Relative to the named data, with `/`, as in sample ids."""
    reason: str


def find_unread(args: Sequence[str], allow_network: bool = False) -> tuple[Unread, ...]:
    """Return all of it, in the order of names; empty files and what is plainly not data are left out.

    Raises:
        InputError: an argument names nothing.
    """
    files = find_files(args, allow_network=allow_network)
    return unread_beside(args, files)


def unread_beside(args: Sequence[str], files: Iterable[DataFile]) -> tuple[Unread, ...]:
    """Return what the arguments name and `files`, which were read from them, leave out."""
    files = tuple(files)
    read = {place_of(file.path) for file in files}
    found: dict[Path, Unread] = {}
    for one in (rest for file in _archives(files) for rest in members_left(file.path, _base(file))):
        found.setdefault(one.path, one)
    for root, path in _named(args, files):
        place = place_of(path)
        if place in read or place in found:
            continue
        if (reason := _reason(path, root)) and not _is_copy(path, root, files):
            found[place] = Unread(path, _name(path, root), reason)
    return tuple(sorted(found.values(), key=lambda one: one.name))


def _archives(files: Iterable[DataFile]) -> Iterator[DataFile]:
    """Yield one file of each archive that was read."""
    yield from {file.path: file for file in reversed(tuple(files)) if file.boxed is not None}.values()


def _base(file: DataFile) -> str:
    return file.name.removesuffix(f"!/{file.member}") if file.member else file.name


def members_left(archive: Path, name: str) -> Iterator[Unread]:
    """Yield what an archive holds that was not read; of many alike one entry.

    Args:
        name: of the archive, as in sample ids.
    """
    found = inside(archive)
    if found is None:
        return
    groups: dict[tuple[str, str], list[str]] = {}
    for member in found.rest:
        if not is_not_data_member(member):
            inner = PurePosixPath(member.entry.name)
            groups.setdefault((member_reason(member), inner.suffix), []).append(member.entry.name)
    for (reason, suffix), names in groups.items():
        if len(names) > _ALIKE:
            names, reason = [f"*{suffix}"], f"{len(names):,} members: {reason}"
        for inner_name in names:
            yield Unread(Path(f"{archive}!/{inner_name}"), f"{name}!/{inner_name}", reason)
    if found.stray:
        yield Unread(Path(f"{archive}!/"), f"{name}!/", f"{found.stray:,} bytes or more belong to no member")


def _named(args: Sequence[str], files: Sequence[DataFile]) -> Iterator[tuple[Path, Path]]:
    """Yield every file that the arguments name, each with the folder that its name is relative to."""
    roots = [Path(arg) for arg in args if os.path.isdir(arg)]
    roots += [file.root for file in files if file.whole_folder and file.root not in roots]
    for root in dict.fromkeys(roots):
        yield from ((root, path) for path in _everything(root))
    for pattern in args:
        if os.path.lexists(pattern) or "://" in pattern or not glob.has_magic(pattern):
            continue
        fixed = Path(pattern)
        while glob.has_magic(str(fixed)):
            fixed = fixed.parent
        for match in glob.glob(pattern, recursive=True):
            inner = _everything(Path(match)) if os.path.isdir(match) else (Path(match),)
            yield from ((fixed, path) for path in inner)


def _everything(root: Path) -> Iterator[Path]:
    """Yield all files under a folder, hidden ones too, and the folders that cannot be opened."""
    left, met = [root], {os.path.realpath(root)}
    while left:
        folder = left.pop()
        try:
            entries = sorted(os.listdir(folder))
        except OSError:
            yield folder
            continue
        for path in (folder / name for name in entries):
            if not os.path.isdir(path):
                yield path
            elif (real := os.path.realpath(path)) not in met:
                met.add(real)
                left.append(path)


def _reason(path: Path, root: Path) -> str | None:
    """Say why a file was not read; None where it is plainly not data."""
    inner = path.relative_to(root) if path.is_relative_to(root) else path
    try:
        facts = path.stat()
    except OSError:
        return None if named_not_data(inner) else "it cannot be opened"
    if stat.S_ISDIR(facts.st_mode):
        return "the folder cannot be opened"
    if not stat.S_ISREG(facts.st_mode):
        return "it is not a regular file"
    in_audit = is_audit(path.parent)
    if not facts.st_size or is_not_data(path, inner, facts.st_size) or is_audits_own(path, in_audit):
        return None
    if is_side_file(path):
        return "it bears the name of a side file and holds rows" if holds_rows(path, facts.st_size) else None
    return _kind(path, inner)


def _is_copy(path: Path, root: Path, files: Sequence[DataFile]) -> bool:
    """Tell whether what a tool stores under a name of its own is byte by byte a file that was read."""
    if path.suffix or not path.is_relative_to(root) or not in_tool_folder(path.relative_to(root)):
        return False
    try:
        size = path.stat().st_size
        same = (file.path for file in files if file.path.stat().st_size == size)
        return any(filecmp.cmp(path, one, shallow=False) for one in same)
    except OSError:
        return False


def _kind(path: Path, inner: Path) -> str:
    if any(part.startswith(".") for part in inner.parts):
        return "it is hidden"
    if named_archive(path) and (found := inside(path)) is not None and not found.rows:
        why = {member_reason(member) for member in found.rest if not is_not_data_member(member)}
        return f"it is an archive of which nothing is read{f': {why.pop()}' if len(why) == 1 else ''}"
    if path.suffix.lower() in _ARCHIVES and not is_named_data(path):
        return "it is an archive"
    if is_named_data(path):
        return "the card or the saved dataset's index leaves it out"
    return "it is of a format that is not read"


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
