"""Questions to a person: one for each fact that is missing, in the same words wherever it is missed."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.domain.claim import Access
from auditor.domain.origin import OriginTeacher
from auditor.domain.teacher import Resolution, ResolutionStatus
from auditor.domain.tribool import Tribool
from auditor.policy.evaluate.decision import Missing
from auditor.policy.facts.terms_assessment import TermsAssessment

NO_USE = Missing(
    subject="intended_use",
    message="The answer depends on the use",
    fact="the intended use",
    question="Which use is the student for? (intended_use in plan.yaml)",
    fix="State intended_use in plan.yaml.",
    some="For some uses",
)


def open_key(teacher: OriginTeacher, resolution: Resolution) -> Missing:
    """Name what would tell the versions of a teacher apart."""
    ambiguous = resolution.status is ResolutionStatus.AMBIGUOUS
    missing = missing_key(teacher, resolution)
    return Missing(
        subject=teacher.id,
        message=f"What the terms say of `{teacher.name}` depends on {missing}",
        fact=missing,
        question=which_model(teacher.name) if ambiguous else made_when(teacher.name),
        fix=f"Declare {'the model id' if ambiguous else 'access path, host and date'} of `{teacher.name}`.",
    )


def missing_key(teacher: OriginTeacher, resolution: Resolution) -> str:
    """Name the parts of the key in which the versions differ."""
    if resolution.status is ResolutionStatus.AMBIGUOUS:
        return "the model version"
    paths = [version.access for version in resolution.sets]
    by_path = len(set(paths)) > 1 and teacher.access is Access.UNKNOWN
    by_date = len(paths) > len(set(paths))
    parts = [*(["the access path"] if by_path else []), *(["the generation date"] if by_date else [])]
    return " and ".join(parts) or "the version"


def which_model(name: str) -> str:
    """Ask which model an ambiguous name stands for."""
    return f"Which model is `{name}`?"


def made_when(name: str) -> str:
    """Ask for the rest of a teacher's key."""
    return f"When, where and by which path were the outputs of `{name}` made?"


def which_terms(teacher: OriginTeacher, access: Access) -> str:
    """Ask for unread terms: for the key where a part of it is missing, else for the terms themselves."""
    name = teacher.name or teacher.id
    dated = bool(teacher.generated_at) or access in (Access.OPEN_WEIGHTS, Access.NONE)
    told = dated and access is not Access.UNKNOWN
    return f"Which terms governed the outputs of `{name}`?" if told else made_when(name)


def on_terms(assessment: TermsAssessment, teacher: str, third_party: Tribool) -> tuple[str, ...]:
    """Ask for every fact that keeps open whether a text binds."""
    return tuple(dict.fromkeys(_on_terms(assessment, teacher, third_party)))


def _on_terms(assessment: TermsAssessment, teacher: str, third_party: Tribool) -> Iterator[str]:
    author = assessment.reached.provider or f"the provider of `{teacher}`"
    if assessment.family is Tribool.UNKNOWN:
        yield "Which base model does the student start from, and under which terms? (student_base)"
    if assessment.permission is Tribool.UNKNOWN:
        yield (
            f"Is a permission of {author} on record? (facts.written_authorization, order_form_permission,"
            " separate_license)"
        )
    if assessment.competes is Tribool.UNKNOWN:
        yield f"Does the student compete with {author}? (competes_with_teacher_provider, by a person)"
    if assessment.exception is Tribool.UNKNOWN:
        yield "Of which kind is the student, and who gets it? (facts.student_kind, facts.distributed)"
    if third_party is Tribool.UNKNOWN:
        yield "Who generated the rows: the one who trains, or a third party? (facts.generated_by)"
    if third_party is Tribool.YES:
        yield f"Do terms that a third party agreed to for `{teacher}` bind the one who trains?"
    if assessment.reached.inherited:
        yield f"Do the terms of the model that `{teacher}` was made from reach its outputs?"
