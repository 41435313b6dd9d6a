"""New copies of texts beside what was read, as Open Terms Archive lays them out: `Service/Document.md`.

A text is known again by the digest of all of it; where it has another, by the digests of the lines that
decide. A text without a stored digest is compared with what an earlier look wrote down.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import assert_never

from auditor.domain.terms import Reading
from auditor.errors import InputError
from auditor.files import read_regular
from auditor.ids import TermsId
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.readings import line_digest

MAX_BYTES = 8 * 2**20
"""A text is no longer than this."""


class Seen(StrEnum):
    """What became of a text since it was read."""

    SAME = "same"
    CHANGED = "changed"
    """Another text, and a line that decides is no longer in it, or none is known."""
    REWORDED = "changed elsewhere"
    """Another text; the lines that decide stand in it as they did."""
    STANDS = "deciding lines stand"
    """No digest of all of it is stored; the lines that decide stand in it as they did."""
    NOT_COMPARED = "not compared"
    """No digest of it is stored."""
    UNREADABLE = "unreadable"

    @property
    def calls(self) -> bool:
        """Tell whether somebody must look."""
        match self:
            case Seen.SAME | Seen.STANDS | Seen.NOT_COMPARED:
                return False
            case Seen.CHANGED | Seen.REWORDED | Seen.UNREADABLE:
                return True
        assert_never(self)


@dataclass(frozen=True, slots=True)
class Copy:
    """A text of the folder that the catalog has read before."""

    path: str
    """Within the folder."""
    terms: tuple[TermsId, ...]
    """The texts of the catalog that were read from it."""
    state: Seen
    sha256: str = ""
    gone: tuple[str, ...] = ()
    """Sections whose deciding lines no longer stand in it."""


def watch(knowledge: Knowledge, folder: Path, earlier: Mapping[str, str] | None = None) -> list[Copy]:
    """Compare each text of the folder that was read before.

    Args:
        earlier: digests that an earlier look wrote down, by path; they count where the catalog has none.

    Raises:
        InputError: there is no such folder, or it holds no text that the catalog was read from.
    """
    if not folder.is_dir():
        raise InputError("there is no such folder", where=str(folder), fix="give a checkout of snapshots")
    found = [
        _compared(folder, path, readings, (earlier or {}).get(path, ""))
        for path, readings in sorted(_by_path(knowledge).items())
        if _inside(folder, path) is not None
    ]
    if not found:
        raise InputError(
            "the folder holds no text that the catalog was read from",
            where=str(folder),
            fix="give the folder that holds `Service/Document.md`, as in a checkout of Open Terms Archive",
        )
    return found


def _by_path(knowledge: Knowledge) -> dict[str, list[tuple[TermsId, Reading]]]:
    found: dict[str, list[tuple[TermsId, Reading]]] = {}
    for terms in knowledge.terms.values():
        for reading in terms.read:
            found.setdefault(reading.path, []).append((terms.id, reading))
    return found


def _inside(folder: Path, path: str) -> Path | None:
    """Return where a text lies; None where it is not there, or not within the folder."""
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or "\0" in path or len(parts.parts) < 2:
        return None
    place = folder / parts
    try:
        within = place.resolve().is_relative_to(folder.resolve())
        return place if within and place.is_file() else None
    except (OSError, RuntimeError):
        return None


def _compared(folder: Path, path: str, readings: list[tuple[TermsId, Reading]], earlier: str) -> Copy:
    terms = tuple(dict.fromkeys(id for id, _ in readings))
    place = _inside(folder, path)
    try:
        assert place is not None
        content = read_regular(place, MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            return Copy(path, terms, Seen.UNREADABLE)
        text = content.decode()
    except (OSError, UnicodeDecodeError):
        return Copy(path, terms, Seen.UNREADABLE)
    digest = hashlib.sha256(content).hexdigest()
    newest = _newest(one for _, one in readings)
    stored = {one.sha256 for one in newest if one.sha256} or ({earlier} if earlier else set())
    if digest in stored:
        return Copy(path, terms, Seen.SAME, digest)
    lined = [one for one in newest if one.lines]
    if not lined:
        return Copy(path, terms, Seen.CHANGED if stored else Seen.NOT_COMPARED, digest)
    gone = min((_gone(one, text) for one in lined), key=len)
    if not stored and not gone:
        return Copy(path, terms, Seen.STANDS, digest)
    return Copy(path, terms, Seen.CHANGED if gone else Seen.REWORDED, digest, gone)


def _newest(readings: Iterable[Reading]) -> list[Reading]:
    """Return the newest copy of each archive: two of them may keep a text of one name."""
    found: dict[str, Reading] = {}
    for one in sorted(readings, key=lambda one: one.seen or ""):
        found[one.repository] = one
    return list(found.values())


def _gone(reading: Reading, text: str) -> tuple[str, ...]:
    there = {line_digest(line) for line in text.splitlines()}
    return tuple(dict.fromkeys(one.section for one in reading.lines if one.sha256 not in there))


def digests_of(copies: Iterable[Copy]) -> dict[str, str]:
    """Return what a later look compares with: the digest of each text by its path."""
    return {one.path: one.sha256 for one in copies if one.sha256}
