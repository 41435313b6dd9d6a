"""Facts of plans, teachers and origins under the names that rules use."""

from __future__ import annotations

from typing import Any

from auditor.domain.origin import View
from auditor.domain.role import TeacherRole
from auditor.policy.facts.release_license import Release
from auditor.policy.facts.terms_assessment import Base
from auditor.policy.facts.usage import UsageContext

REGISTERED_WORK = "registered-work"
"""The catalog entry for index labels `work:TITLE`: works of others whose rights are reserved."""
EMPTY_ORIGIN: dict[str, Any] = {
    "origin.flags": [],
    "origin.grade": "E",
    "origin.basis": "none",
    "origin.teachers": 0,
    "origin.licenses": 0,
    "origin.licensed": "no",
    "origin.open": "unknown",
}
"""Facts of no origin, for rules on the plan alone."""


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


def teacher_facts(
    id: str,
    name: str,
    *,
    known: bool = True,
    ambiguous: bool = False,
    human: bool = False,
    access: str = "unknown",
    unread: bool = False,
    views: tuple[View, ...] = (View.DECLARED,),
    role: TeacherRole = TeacherRole.WRITER,
    in_rows: bool = True,
) -> dict[str, Any]:
    """Return the facts of a teacher under the names that rules use."""
    return {
        "teacher.id": id,
        "teacher.name": name,
        "teacher.known": known,
        "teacher.ambiguous": ambiguous,
        "teacher.human": human,
        "teacher.work": id == REGISTERED_WORK,
        "teacher.access": access,
        "teacher.unread": unread,
        "teacher.declared": View.DECLARED in views,
        "teacher.copied": View.DETECTED in views,
        "teacher.role": str(role),
        "teacher.in_rows": in_rows,
    }
