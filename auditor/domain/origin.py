"""An origin: one combination of teachers, licenses, basis and grade; many rows share one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.role import TeacherRole


class View(StrEnum):
    """The views of a fact that are kept apart (SPDX and ORT words)."""

    DECLARED = "declared"
    DETECTED = "detected"
    CONCLUDED = "concluded"
    """Stands in reports of other tools; an audit states what was declared and what was detected."""
    EFFECTIVE = "effective"
    """As `CONCLUDED`."""


class OriginFlag(StrEnum):
    """What is odd about an origin; each is a fact that rules can ask for."""

    UNDECLARED = "undeclared"
    CONTRADICTION = "contradiction"
    UNKNOWN_TEACHER = "unknown-teacher"
    AMBIGUOUS_TEACHER = "ambiguous-teacher"


@dataclass(frozen=True, slots=True)
class OriginTeacher:
    """One teacher of an origin, with all of the decision's key that is known."""

    id: str
    """Catalog id; the raw name where the catalog has none."""
    name: str
    """As declared or as labelled in the index."""
    resolved: bool
    """The catalog has an entry for it."""
    views: tuple[View, ...]
    """Whether it was declared, detected, or both."""
    basis: Basis
    """Who or what names it."""
    grade: Grade
    """How well that is held up."""
    access: Access = Access.UNKNOWN
    host: str | None = None
    """Who served it; None where nobody says."""
    generated_at: str | None = None
    """ISO date, or a prefix of one (`2025`, `2025-03`); None where nobody says."""
    slot: str = ""
    """The part of the row that it wrote; empty for all teacher text."""
    where: str = ""
    """The place of the claim, e.g. `generator`, `README.md`, `--teacher`, `index:detection`."""
    candidates: tuple[str, ...] = ()
    """Catalog ids that an ambiguous name could be."""
    role: TeacherRole = TeacherRole.WRITER
    """What it did for the row."""


@dataclass(frozen=True, slots=True)
class OriginLicense:
    """A dataset license of an origin."""

    declared: str
    """The words of the claimant."""
    expression: str
    """Concluded SPDX expression; `NOASSERTION` where it is unknown or ambiguous."""
    basis: Basis
    """Who or what declares it."""
    where: str = ""
    """The place of the claim."""
    candidates: tuple[str, ...] = ()
    """Licenses that an ambiguous string could mean."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One combination; policies judge origins, rows inherit."""

    id: str
    """`o-` and a short digest of the content, the same in every run."""
    teachers: tuple[OriginTeacher, ...]
    licenses: tuple[OriginLicense, ...]
    basis: Basis
    """Of those of its teachers, the one that comes first in `Basis`."""
    grade: Grade
    """How well the whole is held up."""
    flags: frozenset[OriginFlag] = frozenset()
