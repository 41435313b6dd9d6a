"""Evaluate the rules on one subject, and turn those that fire into reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from auditor.domain.axes import StudentStatus
from auditor.domain.clause import ClauseRef
from auditor.domain.license import DatasetLicense, LicenseClause
from auditor.domain.obligation import Obligation, ObligationStatus
from auditor.domain.outcome import Outcome
from auditor.domain.rule import AppliesTo, ClauseSource, ForEach, Rule
from auditor.domain.terms import Terms, TermsKind
from auditor.domain.tribool import Tribool
from auditor.domain.verdict import Layer, Reason
from auditor.policy.evaluate.decision import ENGINE, Decision
from auditor.policy.facts.obligation_status import DutyStatus
from auditor.policy.facts.obligations import ObligationCheck
from auditor.policy.facts.terms_assessment import TermsAssessment
from auditor.policy.pack.load import PLACEHOLDER, CompiledPack
from auditor.policy.pack.variables import Role


@dataclass(frozen=True, slots=True)
class Subject:
    """What a group of rules judges, with its facts."""

    applies_to: AppliesTo
    for_each: ForEach
    name: str
    """A teacher id, a license, a plan key: what a finding is about."""
    facts: Mapping[str, Any]
    assessment: TermsAssessment | None = None
    duty: ObligationCheck | None = None
    license: DatasetLicense | None = None
    must_match: bool = True
    """Whether a subject that no rule meets is `review`."""


def evaluate_rules(pack: CompiledPack, subject: Subject) -> Decision:
    """Evaluate the pack's rules of the subject's scope."""
    reasons: list[Reason] = []
    obligations: list[tuple[Outcome, Obligation]] = []
    questions: list[str] = []
    advice: list[str] = []
    for compiled, answer in pack.answers(subject.applies_to, subject.for_each, subject.facts):
        rule = compiled.rule
        if answer is Tribool.UNKNOWN:
            reasons.append(_faulty(rule, subject))
            continue
        reasons.append(_reason(rule, subject))
        obligations.extend((rule.outcome, _obligation(name, rule, subject)) for name in rule.obligations)
        advice.extend(_duty_name(name, subject) for name in rule.advice)
        questions.extend(_questions(rule.question, subject.facts))
    if not reasons and subject.must_match:
        reasons.append(_unmatched(subject))
    return Decision(tuple(reasons), tuple(obligations), tuple(questions), tuple(advice))


def _render(text: str, facts: Mapping[str, Any]) -> str:
    return PLACEHOLDER.sub(lambda match: _word(facts.get(match.group(1), "")), text)


def _questions(text: str, facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a rule asks; one that is a placeholder alone asks each of the texts that it stands for."""
    alone = PLACEHOLDER.fullmatch(text)
    value = facts.get(alone.group(1)) if alone else None
    texts = value if isinstance(value, tuple) else (_render(text, facts),)
    yield from (one for one in texts if one)


def _word(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _reason(rule: Rule, subject: Subject) -> Reason:
    return Reason(
        rule=rule.id,
        outcome=rule.outcome,
        title=rule.title,
        message=_render(rule.message, subject.facts),
        layer=rule.layer or _layer(subject),
        clause=clause_of(rule, subject),
        fix=_render(rule.fix, subject.facts),
        subject=subject.name,
    )


def _faulty(rule: Rule, subject: Subject) -> Reason:
    return Reason(
        rule=rule.id,
        outcome=Outcome.REVIEW,
        title="A rule could not be evaluated",
        message=f"The rule `{rule.id}` failed on `{subject.name}`; a rule that fails never allows.",
        layer=rule.layer or _layer(subject),
        clause=ClauseRef(ENGINE, "an evaluation error is review"),
        fix="Run `auditor policy lint` on the pack.",
        subject=subject.name,
    )


def _unmatched(subject: Subject) -> Reason:
    return Reason(
        rule="no-rule-matched",
        outcome=Outcome.REVIEW,
        title="No rule covers this",
        message=f"No rule of the pack speaks of `{subject.name}`; what no rule covers is not allowed.",
        layer=_layer(subject),
        clause=ClauseRef(ENGINE, "what no rule covers is review"),
        fix="Add a rule, or run `auditor policy lint` on the pack.",
        subject=subject.name,
    )


def _layer(subject: Subject) -> Layer:
    if subject.assessment is None:
        return Layer.DATASET_LICENSE if subject.for_each is ForEach.LICENSE else Layer.PROVENANCE
    match subject.assessment.reached.terms.kind:
        case TermsKind.SERVICE | TermsKind.USE_POLICY:
            return Layer.SERVICE_TERMS
        case TermsKind.PERMISSIVE | TermsKind.LICENSE:
            return Layer.WEIGHTS_LICENSE
        case TermsKind.NONE | TermsKind.UNKNOWN:
            return Layer.PROVENANCE


def clause_of(rule: Rule, subject: Subject) -> ClauseRef:
    """Return the clause that a rule cites on this subject."""
    if rule.clause is ClauseSource.STATED:
        return rule.references[0]
    if rule.clause in _OF_LICENSE:
        return _license_clause(subject, _OF_LICENSE[rule.clause])
    if subject.assessment is None:
        return ClauseRef(ENGINE, rule.title)
    terms = subject.assessment.reached.terms
    section = _section(rule.clause, terms, subject)
    return ClauseRef(str(terms.id), section, terms.url, terms.source, str(terms.confidence))


_OF_LICENSE: dict[ClauseSource, LicenseClause | None] = {
    ClauseSource.LICENSE: None,
    **{ClauseSource(f"license.{clause}"): clause for clause in LicenseClause},
}


def _license_clause(subject: Subject, clause: LicenseClause | None) -> ClauseRef:
    license = subject.license
    if license is None:
        return ClauseRef(str(subject.facts.get("license.id", "NOASSERTION")))
    section = license.sections.get(clause, "") if clause else ""
    return ClauseRef(license.id, section, "", license.source, str(license.confidence))


def _section(source: ClauseSource, terms: Terms, subject: Subject) -> str:
    facts = terms.facts
    match source:
        case ClauseSource.OUTPUTS:
            return facts.outputs.section
        case ClauseSource.DERIVATIVE:
            return facts.student.section if facts.student else ""
        case ClauseSource.COMMERCIAL:
            return facts.commercial.section if facts.commercial else facts.outputs.section
        case ClauseSource.TERRITORY:
            found = (one.section for one in terms.territories if one.section)
            return next(found, facts.field_limit.section if facts.field_limit else "")
        case ClauseSource.SCALE:
            return facts.scale.section if facts.scale else ""
        case ClauseSource.EVALUATION:
            return facts.evaluation.section if facts.evaluation else facts.outputs.section
        case ClauseSource.EXTRACTION:
            return facts.field_limit.section if facts.field_limit else ""
        case ClauseSource.DUTY:
            return _duty_section(terms, subject)
        case ClauseSource.BASE:
            return facts.attribution.section if facts.attribution else ""
        case ClauseSource.TERMS | ClauseSource.STATED:
            return ""
        case (
            ClauseSource.LICENSE
            | ClauseSource.LICENSE_ATTRIBUTION
            | ClauseSource.LICENSE_SHARE_ALIKE
            | ClauseSource.LICENSE_NON_COMMERCIAL
            | ClauseSource.LICENSE_NO_DERIVATIVES
            | ClauseSource.LICENSE_NOTICE
            | ClauseSource.LICENSE_REDISTRIBUTION
        ):
            return ""


def _duty_section(terms: Terms, subject: Subject) -> str:
    student = terms.facts.student
    own = subject.duty.condition.section if subject.duty else ""
    derived = student is not None and student.value is StudentStatus.YES and subject.assessment is not None
    if (
        derived
        and student is not None
        and subject.assessment
        and subject.assessment.reached.role is not Role.BASE
    ):
        return ", ".join(part for part in (student.section, own) if part)
    return own


def _duty_name(name: str, subject: Subject) -> str:
    return str(subject.duty.condition.obligation) if name == "duty" and subject.duty else name


_STATUS = {
    DutyStatus.MET: ObligationStatus.MET,
    DutyStatus.VIOLATED: ObligationStatus.VIOLATED,
    DutyStatus.OPEN: ObligationStatus.OPEN,
    DutyStatus.UNKNOWN: ObligationStatus.OPEN,
}


def _obligation(name: str, rule: Rule, subject: Subject) -> Obligation:
    message = _render(rule.message, subject.facts)
    clause = clause_of(rule, subject)
    if name != "duty" or subject.duty is None:
        status = ObligationStatus.VIOLATED if rule.outcome is Outcome.DENY else ObligationStatus.OPEN
        return Obligation(name, rule.id, clause, status, MappingProxyType({}), message)
    condition = subject.duty.condition
    return Obligation(
        id=str(condition.obligation),
        trigger=str(condition.trigger),
        clause=clause,
        status=_STATUS[subject.duty.status],
        params=condition.params,
        message=message,
    )
