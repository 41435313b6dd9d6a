"""The fair-use sheet of a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditor.canonical import content_digest
from auditor.domain.direction import Direction
from auditor.ids import Digest


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One line of the fair-use sheet: a consideration and what the audit knows of it."""

    factor: str
    question: str
    known: str = ""
    """What the audit measured or a person declared; empty for neither."""
    direction: Direction = Direction.UNKNOWN
    authority: str = ""
    """The provision or decision that makes the question matter."""


@dataclass(frozen=True, slots=True)
class SheetWork:
    """A registered work that rows repeat."""

    title: str
    rows: int
    share_of_work: float | None = None
    """Part of what the index holds of it, 0 to 1; None where only a tie names it."""
    share_of_set: float = 0.0


@dataclass(frozen=True, slots=True)
class FairUseSheet:
    """Material for a lawyer's weighing; it decides nothing and changes no outcome."""

    digest: str
    entries: tuple[SheetEntry, ...] = ()
    works: tuple[SheetWork, ...] = ()
    notes: tuple[str, ...] = ()


def sheet_digest(sheet: Mapping[str, Any]) -> Digest:
    """Return the one digest of a sheet, given as JSON values: over canonical JSON, without its own digest."""
    counted = {key: value for key, value in sheet.items() if key != "digest"}
    return content_digest(counted)
