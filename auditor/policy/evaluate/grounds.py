"""Grounds in words: why a ban leaves a student out, and what shows that a duty is not met."""

from __future__ import annotations

from auditor.domain.axes import OutputsUse
from auditor.domain.tribool import Tribool
from auditor.policy.facts.terms_assessment import TermsAssessment
from auditor.policy.facts.usage import UsageContext


def spared_by(assessment: TermsAssessment) -> str:
    """Say which of declared, excepted and permitted holds: each one that does."""
    author = assessment.reached.provider or "the author"
    competing = assessment.reached.terms.facts.outputs.value is OutputsUse.FORBIDDEN_IF_COMPETING
    grounds = {
        f"the student is declared not to compete with {author}": competing
        and assessment.competes is Tribool.NO,
        "an exception of the text covers the student": competing and assessment.exception is Tribool.YES,
        "the student is of the family that the ban spares": not competing
        and assessment.family is Tribool.YES,
        f"a permission of {author} is declared": assessment.permission is Tribool.YES,
    }
    return " and ".join(text for text, holds in grounds.items() if holds)


def shown_unmet(usage: UsageContext) -> str:
    """Say what shows that a duty is not met: the plan only where one was given for this use."""
    if usage.given and usage.plan.intended_use is not None:
        return "the plan shows that it is not met"
    return f"for the use {usage.use} it would not be met" if usage.use else "it would not be met"
