"""A text, assessed for a plan, under the names that rules use: `terms.*` and `assessment.*`."""

from __future__ import annotations

from auditor.domain.axes import CommercialUse, Confidence, FieldLimit, OutputsUse
from auditor.domain.claim import Access
from auditor.domain.terms import Terms, TermsKind
from auditor.domain.tribool import Tribool
from auditor.policy.facts.applicable_terms import ApplicableTerms
from auditor.policy.facts.terms_assessment import TermsAssessment

_KINDS = {
    TermsKind.PERMISSIVE: "weights-license",
    TermsKind.LICENSE: "weights-license",
    TermsKind.SERVICE: "service-terms",
    TermsKind.USE_POLICY: "usage-policy",
    TermsKind.NONE: "no-model",
    TermsKind.UNKNOWN: "unknown",
}
_COMMERCIAL = {
    CommercialUse.YES: "yes",
    CommercialUse.BELOW_THRESHOLD: "yes",
    CommercialUse.CONDITIONAL: "conditional",
    CommercialUse.AFTER_REGISTRATION: "yes",
    CommercialUse.UNLESS_AUTHORIZED: "no",
    CommercialUse.NO: "no",
    CommercialUse.NO_OUTPUT_INCLUDED: "no",
    CommercialUse.NOT_APPLICABLE: "unstated",
}


def terms_facts(assessment: TermsAssessment) -> dict[str, object]:
    """Return the facts of a text under the names that rules use."""
    terms = assessment.reached.terms
    facts = terms.facts
    return {
        "terms.id": str(terms.id),
        "terms.name": terms.name,
        "terms.note": facts.outputs.note,
        "terms.role": str(assessment.reached.role),
        "terms.kind": _KINDS[terms.kind],
        "terms.outputs": str(facts.outputs.value),
        "terms.silence": _silence(terms),
        "terms.commercial": "unstated" if facts.commercial is None else _COMMERCIAL[facts.commercial.value],
        "terms.conditioned": bool(terms.conditions),
        "terms.recalled": _recalled(terms),
        "terms.inherited": assessment.reached.inherited,
        "terms.evaluation": _evaluation(terms),
        "terms.bars_extraction": _bars_extraction(assessment.reached),
        "terms.duties": [str(condition.obligation) for condition in terms.conditions],
        "assessment.family": _word(assessment.family),
        "assessment.competes": str(assessment.competes),
        "assessment.barred": str(assessment.barred),
        "assessment.permission": _word(assessment.permission),
        "assessment.exception": _word(assessment.exception),
        "assessment.derivative": str(assessment.derivative),
        "assessment.territory": _word(assessment.outside, "outside", "inside"),
        "assessment.scale": _word(assessment.over, "over", "under"),
    }


def _word(value: Tribool | None, yes: str = "yes", no: str = "no") -> str:
    """Write an answer; `none` where the text does not speak of it."""
    return "none" if value is None else value.choose(yes, no, "unknown")


def _silence(terms: Terms) -> str:
    silent = terms.facts.outputs.value is OutputsUse.SILENT
    return str(terms.facts.silent_basis) if silent and terms.facts.silent_basis else "none"


def _evaluation(terms: Terms) -> str:
    clause = terms.facts.evaluation
    return "unread" if clause is None else str(clause.value)


def _bars_extraction(reached: ApplicableTerms) -> bool:
    """Tell whether the text bars collecting outputs by program; an API is the way that such a bar leaves."""
    limit = reached.terms.facts.field_limit
    by_hand = reached.access not in (Access.API, Access.OPEN_WEIGHTS)
    return by_hand and limit is not None and limit.value is FieldLimit.EXTRACTION


def _recalled(terms: Terms) -> bool:
    """Tell whether the text, or what it is said to permit of outputs, is known from memory alone."""
    outputs = terms.facts.outputs
    match outputs.value:
        case (
            OutputsUse.ALLOWED
            | OutputsUse.CONDITIONAL
            | OutputsUse.FORBIDDEN_IF_COMPETING
            | OutputsUse.SILENT
        ):
            return Confidence.MEMORY in (terms.confidence, outputs.confidence)
        case OutputsUse.FORBIDDEN:
            return terms.confidence is Confidence.MEMORY
