"""The fair-use sheet of a report."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.direction import Direction


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One line of the fair-use sheet: a consideration and what the audit knows of it."""

    factor: str
    question: str
    known: str = ""
    """Facts of this audit; empty: a person must say."""
    direction: Direction = Direction.UNKNOWN
    authority: str = ""
    """The provision or decision that makes the question matter."""


@dataclass(frozen=True, slots=True)
class SheetWork:
    """A registered work that rows repeat."""

    title: str
    rows: int
    share_of_work: float | None = None
    """Part of what the index holds of it, 0 to 1."""
    share_of_set: float = 0.0


@dataclass(frozen=True, slots=True)
class FairUseSheet:
    """Material for a lawyer's weighing; it decides nothing and changes no outcome."""

    digest: str
    entries: tuple[SheetEntry, ...] = ()
    works: tuple[SheetWork, ...] = ()
    notes: tuple[str, ...] = ()
