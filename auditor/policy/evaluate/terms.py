"""Judge one text that reaches the student."""

from __future__ import annotations

from auditor.domain.terms import TermsKind
from auditor.policy.evaluate.context import Surroundings
from auditor.policy.evaluate.decision import Decision, combine
from auditor.policy.evaluate.rules import evaluate_rules
from auditor.policy.evaluate.subjects import terms_subjects
from auditor.policy.facts.applicable_terms import ApplicableTerms, Base
from auditor.policy.facts.knowledge_view import KnowledgeView
from auditor.policy.facts.named_facts import TeacherSummary
from auditor.policy.facts.terms_assessment import assess_terms
from auditor.policy.pack.load import CompiledPack
from auditor.policy.pack.variables import Role
from auditor.policy.plan.parties import party_of


def judge_terms(
    pack: CompiledPack, reached: ApplicableTerms, teacher: TeacherSummary, around: Surroundings
) -> Decision:
    """Judge a text by the rules on texts and on their duties.

    Args:
        teacher: who brings the text.
    """
    planned = around.planned
    assessment = assess_terms(reached, planned.usage, planned.release, planned.base)
    return combine(evaluate_rules(pack, subject) for subject in terms_subjects(assessment, teacher, around))


def terms_of_base(base: Base, view: KnowledgeView) -> list[ApplicableTerms]:
    """Return the texts that reach the student through its base."""
    found = []
    for terms in base.terms:
        # A license that many use has no maker of its own.
        maker = "" if terms.kind is TermsKind.PERMISSIVE else view.developer(terms)
        party = party_of(maker, terms, base.name)
        found.append(ApplicableTerms(terms, Role.BASE, base.name, base.name, maker, party=party))
    return found
