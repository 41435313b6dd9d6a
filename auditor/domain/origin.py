"""An origin: one combination of teachers, licenses, basis and grade; many rows share one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.role import ASIDE, TeacherRole

KNOWN_SET = ": known set "
"""Stands in `where` between the place that names a set and the set's id."""
FILE_METADATA = "file metadata"
"""How `where` begins for what a table's own metadata says."""
OF_COLUMN_NAME, OF_FILE_NAME, OF_SETUP = "!name", "!file-name", "!set-up"
"""How `where` ends for what was read from the name of a column, of a file, or in settings beside the rows."""
OF_TEXT = "!text"
"""How `where` ends for what a learned text says of itself."""
OF_MAKER = "!maker"
"""How `where` ends for a set that is named where the maker of a row stands."""
UNKNOWN = "unknown"
"""The name of a model that nothing names: of a row that is said to be a machine's."""
_DOCUMENT = re.compile(
    r"(?i)^[^:]*(\.(md|txt|rst|json|ya?ml|toml|cff)|readme|card|datasheet|terms|usage|notice|copying)(:|$)"
)


def in_document(where: str) -> bool:
    """Tell whether the place of a claim is a document about the set, such as its card."""
    return _DOCUMENT.search(where) is not None


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


class LicenseLevel(StrEnum):
    """What a license is stated for; of several that reach a row all hold, so that the strictest decides."""

    ROW = "row"
    FILE = "file"
    """The file that the row stands in, by its own metadata."""
    SOURCE = "source"
    """The set that the row was taken from."""
    COLLECTION = "collection"
    """All that was audited: a card, a license file, a flag."""


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

    @property
    def declared(self) -> bool:
        """Tell whether somebody names it for the rows; what was only inferred is nobody's word."""
        return View.DECLARED in self.views and self.basis is not Basis.INFERRED

    @property
    def taught(self) -> bool:
        """Tell whether the student learns what it made; a row's judge, filter or evaluator taught nothing.

        A judge whose choice between answers is learned has the role `reward`.
        """
        return self.role not in ASIDE or self.slot not in ASIDE


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

    @property
    def level(self) -> LicenseLevel:
        """Return what it is stated for, told from who states it and where."""
        if KNOWN_SET in self.where:
            return LicenseLevel.SOURCE
        if self.where.startswith(FILE_METADATA):
            return LicenseLevel.FILE
        of_document = self.basis is Basis.INFERRED and in_document(self.where)
        general = self.basis in (Basis.CARD, Basis.SIDE_FILE, Basis.CLI_OPTION)
        return LicenseLevel.COLLECTION if general or of_document else LicenseLevel.ROW


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

    @property
    def declared(self) -> bool:
        """Tell whether somebody names a teacher of these rows."""
        return any(teacher.declared for teacher in self.teachers)
