"""The texts that reach the student: through its base, a teacher, or a license of the data."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.claim import Access
from auditor.domain.role import TeacherRole
from auditor.domain.terms import Terms
from auditor.policy.pack.variables import Role
from auditor.policy.plan.parties import NOBODY, Party


@dataclass(frozen=True, slots=True)
class ApplicableTerms:
    """A text that reaches the student, and through whom."""

    terms: Terms
    role: Role
    name: str
    """Name of the teacher or base, as said and as in the catalog."""
    subject: str
    """Catalog id of it."""
    provider: str = ""
    access: Access = Access.UNKNOWN
    inherited: bool = False
    said: str = ""
    """Name of the teacher or base, as said."""
    party: Party = NOBODY
    """Who stands behind the text."""
    acts: TeacherRole = TeacherRole.WRITER
    """What the teacher did; for a base and a license it means nothing."""


@dataclass(frozen=True, slots=True)
class Base:
    """The student's base model, as far as the catalog knows it."""

    given: bool
    known: bool
    agrees: bool
    terms: tuple[Terms, ...] = ()
    name: str = ""
    choice: tuple[Terms, ...] = ()
    """Those of `terms` of which one may be chosen: none of them alone says what the base is."""
