"""Judge a license of the data: all of a conjunction, the least strict of a choice."""

from __future__ import annotations

from auditor.domain.claim import Access
from auditor.domain.origin import OriginLicense
from auditor.domain.outcome import Outcome
from auditor.policy.evaluate.context import EvaluationContext, Surroundings
from auditor.policy.evaluate.decision import Decision, combine, least_strict
from auditor.policy.evaluate.rules import evaluate_rules
from auditor.policy.evaluate.subjects import license_subject
from auditor.policy.evaluate.terms import judge_terms
from auditor.policy.facts.applicable_terms import ApplicableTerms
from auditor.policy.facts.dataset_licenses import Grant
from auditor.policy.facts.knowledge_view import KnowledgeView
from auditor.policy.facts.named_facts import TeacherSummary
from auditor.policy.pack.variables import Role
from auditor.policy.plan.parties import party_of


class LicenseJudge:
    """Judges licenses; answers on the same license in the same surroundings are kept."""

    def __init__(self, context: EvaluationContext, view: KnowledgeView) -> None:
        self._pack = context.pack
        self._view = view
        self._kept: dict[tuple[object, ...], Decision] = {}

    def judge(
        self, license: OriginLicense, together: tuple[OriginLicense, ...], around: Surroundings
    ) -> Decision:
        """Judge one license string.

        Args:
            together: the license strings of the same rows, this one among them.
        """
        key = (*around.key(), license, together)
        if key not in self._kept:
            self._kept[key] = self._judge(license, together, around)
        return self._kept[key]

    def _judge(
        self, license: OriginLicense, together: tuple[OriginLicense, ...], around: Surroundings
    ) -> Decision:
        grants = [self._view.grants(one) for one in together]
        decision = self._on_grant(self._view.grants(license), license, grants, around)
        candidates = self._view.candidates(license)
        could_be = [self._on_grant(one, license, grants, around) for one in candidates]
        if could_be and all(each.outcome is Outcome.DENY for each in could_be):
            decision = combine([decision, *could_be])
        return decision

    def _on_grant(
        self, grant: Grant, license: OriginLicense, others: list[Grant], around: Surroundings
    ) -> Decision:
        if grant.parts:
            parts = [
                self._on_grant(part, license, grant.beside(part, others), around) for part in grant.parts
            ]
            return least_strict(parts) if grant.choice else combine(parts)
        decisions = [evaluate_rules(self._pack, license_subject(grant, license, others, around))]
        for terms in self._view.tagged_terms(grant):
            maker = self._view.developer(terms)
            party = party_of(maker, terms)
            reached = ApplicableTerms(terms, Role.LICENSE_TAG, grant.id, grant.id, maker, party=party)
            tag = TeacherSummary(grant.id, grant.id, access=Access.OPEN_WEIGHTS)
            decisions.append(judge_terms(self._pack, reached, tag, around))
        return combine(decisions)
