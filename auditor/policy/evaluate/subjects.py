"""What rules are asked about: the plan, an origin, a teacher, one text and each of its duties, a license."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.domain.origin import Origin, OriginLicense
from auditor.domain.rule import AppliesTo, ForEach
from auditor.domain.tribool import Tribool
from auditor.policy.evaluate.context import PlannedUse, Surroundings
from auditor.policy.evaluate.grounds import shown_unmet, spared_by
from auditor.policy.evaluate.open_questions import on_terms
from auditor.policy.evaluate.rules import Subject
from auditor.policy.facts.dataset_licenses import Grant, license_facts
from auditor.policy.facts.named_facts import TeacherSummary
from auditor.policy.facts.obligation_facts import duty_facts
from auditor.policy.facts.terms_assessment import TermsAssessment
from auditor.policy.facts.terms_facts import terms_facts
from auditor.policy.pack.variables import Role


def plan_subject(planned: PlannedUse) -> Subject:
    """Return the subject of rules on the plan alone."""
    return Subject(AppliesTo.PLAN, ForEach.WHOLE, "plan", planned.facts, must_match=False)


def origin_subject(origin: Origin, around: Surroundings) -> Subject:
    """Return the subject of rules on an origin as a whole."""
    return Subject(AppliesTo.ORIGIN, ForEach.WHOLE, origin.id, around.facts(), must_match=False)


def teacher_subject(id: str, teacher: TeacherSummary, around: Surroundings) -> Subject:
    """Return the subject of rules on one teacher.

    Args:
        id: the teacher's own id, which of an ambiguous one is not that of the version in `teacher`.
    """
    return Subject(AppliesTo.ORIGIN, ForEach.TEACHER, id, {**around.facts(), **teacher.facts()})


def terms_subjects(
    assessment: TermsAssessment, teacher: TeacherSummary, around: Surroundings
) -> Iterator[Subject]:
    """Yield the subjects of rules on one text: the text, then each duty that the plan may switch on.

    What a text says of outputs is not asked where the student learns none; a duty may go by other results.
    """
    usage, reached = around.planned.usage, assessment.reached
    values = {
        **around.facts(),
        **teacher.facts(),
        **terms_facts(assessment),
        "assessment.asks": on_terms(assessment, teacher.name, usage.third_party()),
        "assessment.ground": spared_by(assessment),
    }
    name = str(reached.terms.id) if reached.role is Role.BASE else reached.subject
    if teacher.taught:
        yield Subject(AppliesTo.ORIGIN, ForEach.TERMS, name, values, assessment=assessment)
    for duty in assessment.duties:
        if duty.triggered is not Tribool.NO:
            found = {**values, **duty_facts(duty), "duty.shown": shown_unmet(usage)}
            yield Subject(AppliesTo.ORIGIN, ForEach.DUTY, name, found, assessment=assessment, duty=duty)


def license_subject(
    grant: Grant, declared: OriginLicense, others: list[Grant], around: Surroundings
) -> Subject:
    """Return the subject of rules on one license of the data.

    Args:
        declared: the license string that `grant` is a part of.
        others: the licenses of the same rows.
    """
    values = {
        **around.facts(),
        **license_facts(grant, others),
        "license.declared": declared.declared or declared.expression,
    }
    return Subject(AppliesTo.ORIGIN, ForEach.LICENSE, grant.id, values, license=grant.license)
