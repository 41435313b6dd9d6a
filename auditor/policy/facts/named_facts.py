"""Facts of plans, teachers and origins under the names that rules use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from auditor.domain.claim import Access, Basis, Grade
from auditor.domain.origin import OriginFlag
from auditor.domain.role import TeacherRole
from auditor.domain.tribool import Tribool
from auditor.policy.facts.applicable_terms import Base
from auditor.policy.facts.release_license import Release
from auditor.policy.facts.usage import UsageContext

REGISTERED_WORK = "registered-work"
"""The catalog entry for index labels `work:TITLE`: works of others whose rights are reserved."""


@dataclass(frozen=True, slots=True)
class OriginSummary:
    """An origin as a whole."""

    flags: frozenset[OriginFlag] = frozenset()
    grade: Grade = Grade.E
    basis: Basis = Basis.NONE
    teachers: int = 0
    licenses: int = 0
    licensed: Tribool = Tribool.NO
    open: Tribool = Tribool.UNKNOWN

    def facts(self) -> dict[str, Any]:
        """Return the facts of the origin under the names that rules use."""
        return {
            "origin.flags": sorted(str(flag) for flag in self.flags),
            "origin.grade": str(self.grade),
            "origin.basis": str(self.basis),
            "origin.teachers": self.teachers,
            "origin.licenses": self.licenses,
            "origin.licensed": str(self.licensed),
            "origin.open": str(self.open),
        }


NO_ORIGIN = OriginSummary()
"""For rules on the plan alone."""


@dataclass(frozen=True, slots=True)
class TeacherSummary:
    """A teacher as rules see it; without values that of a text which no teacher brings."""

    id: str = ""
    name: str = ""
    known: bool = True
    ambiguous: bool = False
    human: bool = False
    access: Access = Access.UNKNOWN
    unread: bool = False
    declared: bool = True
    copied: bool = False
    role: TeacherRole = TeacherRole.WRITER
    in_rows: bool = True
    taught: bool = True
    asks: str = ""
    """The question that settles which terms govern it."""

    def facts(self) -> dict[str, Any]:
        """Return the facts of the teacher under the names that rules use."""
        return {
            "teacher.id": self.id,
            "teacher.name": self.name,
            "teacher.known": self.known,
            "teacher.ambiguous": self.ambiguous,
            "teacher.human": self.human,
            "teacher.work": self.id == REGISTERED_WORK,
            "teacher.access": str(self.access),
            "teacher.unread": self.unread,
            "teacher.declared": self.declared,
            "teacher.copied": self.copied,
            "teacher.role": str(self.role),
            "teacher.in_rows": self.in_rows,
            "teacher.taught": self.taught,
            "teacher.asks": self.asks,
        }


def plan_facts(usage: UsageContext, release: Release, base: Base) -> dict[str, Any]:
    """Return the facts of a plan under the names that rules use."""
    return {
        "plan.given": usage.given,
        "plan.missing": list(usage.missing()),
        "plan.use": str(usage.use or "unknown"),
        "plan.commercial": str(usage.commercial),
        "plan.released": str(usage.released),
        "plan.available": str(usage.available),
        "plan.release": str(release.kind),
        "plan.published": str(usage.fact("dataset_published")),
        "plan.modified": str(usage.fact("dataset_modified")),
        "plan.merged": str(usage.fact("dataset_merged")),
        "plan.third_party": str(usage.third_party()),
        "plan.in_eu": str(usage.within("EU")),
        "plan.unplaced": usage.unplaced(),
        "plan.base_known": base.known,
        "plan.base_agrees": base.agrees,
        "plan.has_base": base.given,
        "plan.access_evasion": str(usage.fact("access_evasion")),
        "plan.confidential": str(usage.fact("confidential_source")),
        "plan.acquired": usage.stated("lawful_acquisition"),
        "plan.text_mining_reserved": usage.stated("tdm_reservation"),
        "plan.research_organization": str(usage.fact("research_organization")),
        "plan.extracted": usage.stated("automated_extraction"),
        "plan.training_ground": usage.training_ground(),
        "plan.purpose": str(usage.purpose()),
        "plan.student_name": usage.plan.student_name or "",
    }
