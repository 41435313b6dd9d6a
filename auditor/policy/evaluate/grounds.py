"""Grounds in words: why a ban leaves a student out, and what shows that a duty is not met."""

from __future__ import annotations

from auditor.domain.axes import OutputsUse
from auditor.policy.facts.terms_assessment import Fit
from auditor.policy.facts.usage import Stance
from auditor.policy.pack.variables import Fact


def spared_by(fit: Fit) -> str:
    """Say which of declared, excepted and permitted holds: each one that does."""
    author = fit.reached.provider or "the author"
    competing = fit.reached.terms.facts.outputs.value is OutputsUse.FORBIDDEN_IF_COMPETING
    grounds = {
        f"the student is declared not to compete with {author}": competing and fit.competes is Fact.NO,
        "an exception of the text covers the student": competing and fit.exception == Fact.YES,
        "the student is of the family that the ban spares": not competing and fit.family == Fact.YES,
        f"a permission of {author} is declared": fit.permission == Fact.YES,
    }
    return " and ".join(text for text, holds in grounds.items() if holds)


def shown_unmet(stance: Stance) -> str:
    """Say what shows that a duty is not met: the plan only where one was given for this use."""
    if stance.given and stance.plan.intended_use is not None:
        return "the plan shows that it is not met"
    return f"for the use {stance.use} it would not be met" if stance.use else "it would not be met"
