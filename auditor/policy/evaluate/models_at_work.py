"""Roles at the judge: models at work in the trainer, what each did, and who is asked for what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auditor.domain.claim import Basis, Grade
from auditor.domain.origin import OriginTeacher, View
from auditor.domain.permit import PermitPurpose
from auditor.domain.plan import TrainerTeacher
from auditor.domain.role import TeacherRole
from auditor.policy.evaluate.decision import Decision
from auditor.policy.facts.applicable_terms import ApplicableTerms
from auditor.policy.facts.terms_assessment import asked
from auditor.policy.facts.usage import UsageContext


def at_work(teacher: TrainerTeacher) -> OriginTeacher:
    """Return a model that works in the trainer as a teacher to judge; it leaves no row."""
    return OriginTeacher(
        id=teacher.name,
        name=teacher.name,
        resolved=False,
        views=(View.DECLARED,),
        basis=Basis.CLI_OPTION,
        grade=Grade.D,
        access=teacher.access,
        host=teacher.host,
        generated_at=teacher.generated_at,
        where="trainer_teachers",
        role=teacher.role,
    )


def in_the_trainer(teacher: OriginTeacher, decision: Decision) -> Decision:
    """Say of reasons that they are about a model at work in the trainer: there are no rows to drop."""
    place = f" It works in the trainer ({teacher.role})."
    fix = f"Train without `{teacher.name}`, or settle what the plan leaves open."
    told = (
        replace(reason, message=reason.message + place, fix="" if reason.outcome.passes else fix)
        for reason in decision.reasons
    )
    return replace(decision, reasons=tuple(told))


def acting(teacher: OriginTeacher, usage: UsageContext) -> TeacherRole:
    """Return what a teacher did: of rows that are for evaluation every one of them did no more."""
    return TeacherRole.EVALUATION if usage.purpose() is PermitPurpose.EVALUATION else teacher.role


def asked_parties(key: str, texts: Iterable[ApplicableTerms], usage: UsageContext) -> set[str]:
    """Name the parties that one permission would have to come from."""
    return {one.party.name or str(one.terms.id) for one in texts if key in asked(one, usage)}
