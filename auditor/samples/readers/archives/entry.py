"""What an archive says of one of its members, and which members cannot be read."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from auditor.printable import line

_HIDDEN = (".", "__MACOSX")
_PLAIN = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*")
"""Names that are as they should be at the first look."""
HEAD = 64
"""So many first bytes of a member are kept, to tell pictures and the like."""
MOST_ENTRIES = 1 << 18


@dataclass(frozen=True, slots=True)
class Entry:
    """One member as it stands in an archive."""

    name: str
    """With `/`, without a leading `./`."""
    size: int
    """Bytes, unpacked."""
    at: int
    """First byte of its data: in a zip of the file, in a tar of the stream that the file unfolds to."""
    packed: int
    """Bytes, as stored."""
    method: int = 0
    """How a zip packs it."""
    check: int | None = None
    """CRC-32 of its bytes, where the archive keeps one."""
    head: bytes = b""
    """Its first bytes, where they were looked at."""
    why_not: str = ""
    """Why it cannot be read; empty where it can."""


@dataclass(frozen=True, slots=True)
class Contents:
    """All members of an archive, in its order; folders are none."""

    kind: str
    """`zip` or `tar`."""
    entries: tuple[Entry, ...]
    stray: int = 0
    """Bytes in the file that belong to no member."""
    notes: tuple[tuple[str, str], ...] = ()
    """What a tar's headers say beside names, sizes, times and owners, each once."""


def is_shown(name: str) -> bool:
    """Tell whether no step of a member's name begins as hidden ones do."""
    return not (name.startswith(_HIDDEN) or any(f"/{begin}" in name for begin in _HIDDEN))


def named(raw: str) -> tuple[str, str]:
    """Return a member's name as it is written here, and why it must not be read under it, if it must not."""
    if _PLAIN.fullmatch(raw):
        return raw, ""
    name = posixpath.normpath(raw) if raw else ""
    try:
        raw.encode()
    except UnicodeEncodeError:
        return raw.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"), (
            "its name is not valid UTF-8"
        )
    if name in ("", "."):
        return raw, "it has no name"
    if name.startswith("/") or name.split("/")[0] == ".." or "\\" in name or name[1:2] == ":":
        return name, "its name leads out of the archive"
    if line(name) != name:
        return name, "its name holds signs that cannot be shown"
    return name, ""


def once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the members; of those that share a name none can be read: which one a trainer gets is open."""
    found = tuple(entries)
    counts = Counter(entry.name for entry in found)
    return tuple(
        replace(entry, why_not=f"{counts[entry.name]} members have this name")
        if counts[entry.name] > 1 and not entry.why_not
        else entry
        for entry in found
    )
