"""A known set: public model output, who is known to have written it, when, and its declared license."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.axes import Confidence
from auditor.domain.claim import Access
from auditor.domain.role import TeacherRole


@dataclass(frozen=True, slots=True)
class KnownSet:
    """A set that rows may have been taken from."""

    id: str
    """Its name on the hub that it is known from, `owner/name`."""
    teachers: tuple[SetTeacher, ...]
    complete: bool
    """Nobody else wrote a part of it."""
    access: Access
    """How its models were reached; nothing is said of people by it."""
    generated: str
    """ISO date or a prefix of one."""
    source: str
    """What says so."""
    confidence: Confidence
    """How it is known who wrote it."""
    aliases: tuple[str, ...] = ()
    """Other names that columns use for it."""
    per_row: str = ""
    """The column that names the teacher of each row; empty where none does."""
    license: str = ""
    """As declared for the whole; empty where none was seen."""
    note: str = ""
    """What a reader of the entry should know."""
    overlay: str = ""
    """The overlay folder that gave this entry; empty for the built-in knowledge."""


@dataclass(frozen=True, slots=True)
class SetTeacher:
    """One model (or `human`) that worked on a set, and what it did there."""

    name: str
    """As the catalog resolves it, or `human`."""
    role: TeacherRole
