"""What decides on the obligations of one text."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.role import TeacherRole
from auditor.domain.terms import Terms
from auditor.domain.tribool import Tribool
from auditor.policy.facts.release_license import Release
from auditor.policy.facts.usage import UsageContext
from auditor.policy.pack.variables import Role
from auditor.policy.plan.parties import NOBODY, Party


@dataclass(frozen=True, slots=True)
class ObligationInputs:
    """A text, how it reaches the student, and what the plan makes of it."""

    terms: Terms
    role: Role
    usage: UsageContext
    release: Release
    derivative: Tribool
    competes: Tribool
    permission: Tribool | None
    """None where the text knows no permission."""
    exception: Tribool | None
    """None where the text knows no exception."""
    said: str
    """Name of the teacher or base, as said."""
    party: Party = NOBODY
    acts: TeacherRole = TeacherRole.WRITER
    provider_base: Tribool = Tribool.UNKNOWN
    """The student's base is a model that the party serves."""
