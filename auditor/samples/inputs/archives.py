"""Archives among the data: which of their members are files of rows, and which hold parts of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from auditor.samples.inputs.folders import is_side_file
from auditor.samples.readers.archives.box import ArchiveMember, Shelf, contents, kind_of
from auditor.samples.readers.archives.entry import Contents, Entry, is_shown
from auditor.samples.readers.compression import TruncatedError
from auditor.samples.readers.formats import named_format
from auditor.samples.readers.stored import Samples
from auditor.samples.readers.webdataset import holds_json, is_read, part_of

_MANY = 64
"""So many objects of JSON in a tar are rows, whatever their names."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What is in an archive."""

    rows: tuple[ArchiveMember | Samples, ...]
    """What is read as a file of rows, in the archive's order."""
    rest: tuple[ArchiveMember, ...]
    """Members that give no rows."""
    stray: int
    """Bytes in the file that belong to no member."""


def inside(path: Path) -> Inside | None:
    """Return what is in an archive; None for what is not one, or cannot be listed."""
    try:
        kind = kind_of(path)
        found = contents(path, kind) if kind else None
    except (OSError, TruncatedError):
        return None
    if found is None:
        return None
    shelf = Shelf()
    members = [ArchiveMember(path, found.kind, entry, shelf) for entry in found.entries]
    if _holds_samples(found):
        rest = [one for one in members if one.entry.why_not or not _is_part(one.entry)]
        return Inside((Samples(path),), tuple(rest), found.stray)
    rows = tuple(one for one in members if not one.entry.why_not and _holds_rows(one.entry.name))
    rest = [one for one in members if one.entry.why_not or not _holds_rows(one.entry.name)]
    return Inside(rows, tuple(rest), found.stray)


def _holds_rows(name: str) -> bool:
    path = PurePosixPath(name)
    return is_shown(name) and named_format(path) is not None and not is_side_file(path)


def _is_part(entry: Entry) -> bool:
    part = part_of(entry.name)
    return part is not None and is_read(part[1])


def _holds_samples(found: Contents) -> bool:
    """Tell whether a tar's members are parts of rows: several under one key, or many texts or objects."""
    if found.kind != "tar":
        return False
    columns: dict[str, list[str]] = {}
    alone: list[tuple[str, Entry]] = []
    for entry in found.entries:
        part = part_of(entry.name) if not entry.why_not else None
        if part is None:
            continue
        if not is_read(part[1]) and _holds_rows(entry.name):
            return False
        columns.setdefault(part[0], []).append(part[1])
        if is_read(part[1]):
            alone.append((part[1], entry))
    if any(len(held) > 1 and any(map(is_read, held)) for held in columns.values()):
        return True
    return _are_rows(alone)


def _are_rows(alone: Sequence[tuple[str, Entry]]) -> bool:
    """Tell whether texts, or objects of JSON, are one row each."""
    if len(alone) < 2:
        return False
    objects = [entry for column, entry in alone if holds_json(column)]
    if len(objects) < len(alone):
        return True
    numbered = all(PurePosixPath(entry.name).name.partition(".")[0].isdecimal() for entry in objects)
    begin = all(entry.head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") for entry in objects)
    return begin and (numbered or len(objects) > _MANY)
