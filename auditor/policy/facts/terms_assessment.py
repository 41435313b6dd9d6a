"""How one text fits one plan: the facts named `terms.*` and `fit.*`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.domain.axes import (
    BarredModels,
    CommercialUse,
    Confidence,
    FieldLimit,
    OutputsUse,
    ScaleLimit,
    SilentBasis,
    StudentStatus,
)
from auditor.domain.claim import Access
from auditor.domain.role import TeacherRole
from auditor.domain.term_obligation import ObligationId, Territory, TerritoryTest, Trigger
from auditor.domain.terms import Terms, TermsKind
from auditor.domain.tribool import Tribool, any_of
from auditor.policy.facts.obligations import (
    ObligationCheck,
    ObligationInputs,
    check_obligations,
    excepted,
    passed,
    trains_others,
)
from auditor.policy.facts.release_license import Release
from auditor.policy.facts.usage import UsageContext
from auditor.policy.pack.variables import Role
from auditor.policy.plan.parties import NOBODY, PERMISSIONS, Party, asks

_MULTIMODAL = re.compile(r"vision|multimodal|\b(11|90)b\b|image|-vl\b", re.I)
_NO_LANGUAGE_MODEL = re.compile(
    r"classif|embed|encoder|rout|rerank|reward|detect|categori|organi[sz]|speech|image|vision|diffusion|unknown"
)
_TEXT_ONLY = re.compile(r"\btext\b|\b(1|3|70)b\b", re.I)


@dataclass(frozen=True, slots=True)
class Base:
    """The student's base model, as far as the catalog knows it."""

    given: bool
    known: bool
    agrees: bool
    terms: tuple[Terms, ...] = ()
    name: str = ""
    choice: tuple[Terms, ...] = ()
    """Those of `terms` of which one may be chosen: none of them alone says what the base is."""


@dataclass(frozen=True, slots=True)
class ApplicableTerms:
    """A text that reaches the student, and through whom."""

    terms: Terms
    role: Role
    name: str
    """Name of the teacher or base, as said and as in the catalog."""
    subject: str
    """Catalog id of it."""
    provider: str = ""
    access: Access = Access.UNKNOWN
    inherited: bool = False
    said: str = ""
    """Name of the teacher or base, as said."""
    party: Party = NOBODY
    """Who stands behind the text."""
    acts: TeacherRole = TeacherRole.WRITER
    """What the teacher did; for a base and a license it means nothing."""


@dataclass(frozen=True, slots=True)
class TermsAssessment:
    """A text, judged against a plan."""

    reached: ApplicableTerms
    family: str
    competes: Tribool
    barred: Tribool
    """The student is a model of the kind that the ban names."""
    permission: str
    exception: str
    derivative: Tribool
    territory: str
    scale: str
    duties: tuple[ObligationCheck, ...]


def assess_terms(
    reached: ApplicableTerms, usage: UsageContext, release: Release, base: Base
) -> TermsAssessment:
    """Work out how a text fits a plan."""
    terms = reached.terms
    permission = _permission(reached, usage)
    provider_base = _provider_base(reached.party, base)
    exception = _exception(terms, usage, reached.party, provider_base)
    family = _family(terms, base)
    own = reached.role is Role.BASE or any(one.id == terms.id for one in base.terms if base.agrees)
    derivative = Tribool.YES if own else _derivative(terms, usage)
    competes = _through(usage, usage.competes(reached.party))
    inputs = ObligationInputs(
        terms=terms,
        role=reached.role,
        usage=usage,
        release=release,
        derivative=derivative,
        competes=competes,
        permission=permission,
        exception=exception,
        said=reached.said,
        party=reached.party,
        acts=reached.acts,
        provider_base=provider_base,
    )
    return TermsAssessment(
        reached=reached,
        family=family,
        competes=competes,
        barred=_barred(terms, usage),
        permission=permission,
        exception=exception,
        derivative=derivative,
        territory=_territory(reached, usage),
        scale=_scale(reached, usage),
        duties=check_obligations(inputs),
    )


def _family(terms: Terms, base: Base) -> str:
    conditions = [c for c in terms.conditions if c.obligation is ObligationId.SAME_FAMILY_STUDENT]
    if not conditions:
        return "none"
    if not base.given or not base.agrees:
        return str(Tribool.UNKNOWN)
    allowed = {str(terms.id)}
    for condition in conditions:
        allowed |= set(condition.params.get("allowed_terms", "").split())
    belongs = [one for one in base.terms if str(one.id) in allowed]
    if any(one not in base.choice for one in belongs):
        return str(Tribool.YES)
    if belongs:
        return str(Tribool.YES if all(one in belongs for one in base.choice) else Tribool.UNKNOWN)
    return str(Tribool.NO if base.known else Tribool.UNKNOWN)


def _derivative(terms: Terms, usage: UsageContext) -> Tribool:
    clause = terms.facts.student
    if clause is None:
        return Tribool.NO
    match clause.value:
        case StudentStatus.YES:
            if not similarity_test(terms):
                return Tribool.YES
            # Denying the likeness clears nothing: whether a student performs similarly a person says.
            said = usage.fact("student_performs_similarly", Tribool.UNKNOWN)
            return Tribool.YES if said is Tribool.YES else Tribool.UNKNOWN
        case StudentStatus.NO | StudentStatus.SILENT:
            return Tribool.NO


def similarity_test(terms: Terms) -> bool:
    """Tell whether the text makes a student a derivative only if it performs similarly."""
    clause = terms.facts.student
    return clause is not None and 'no "perform similarly"' not in clause.note.casefold()


def _permission(reached: ApplicableTerms, usage: UsageContext) -> str:
    keys = asks(reached.terms)
    if not keys:
        asked = any(usage.held(key, reached.party) is not Tribool.NO for key in PERMISSIONS)
        return str(Tribool.UNKNOWN) if asked else "none"
    return str(any_of(usage.held(key, reached.party) for key in sorted(keys)))


def asked(reached: ApplicableTerms, usage: UsageContext) -> frozenset[str]:
    """Name the facts of one party that decide on a text, as far as the plan's size and use go."""
    keys = set(asks(reached.terms))
    if any(passed(usage, one) is not Tribool.NO for one in reached.terms.thresholds):
        keys.add("separate_license")
    if any(c.obligation is ObligationId.REGISTRATION for c in reached.terms.conditions):
        keys |= {"separate_license", "written_authorization"}
    if reached.terms.facts.outputs.value is OutputsUse.FORBIDDEN_IF_COMPETING:
        keys.add("competes_with")
    return frozenset(keys)


def _exception(terms: Terms, usage: UsageContext, party: Party, provider_base: Tribool) -> str:
    kinds = (Trigger.STUDENT_IS_CLASSIFIER, Trigger.STUDENT_IS_PROVIDER_FINETUNE)
    triggers = [c.trigger for c in terms.conditions if c.trigger in kinds]
    found = [excepted(usage, one, party, provider_base) for one in triggers]
    return str(any_of(found)) if found else "none"


def _provider_base(party: Party, base: Base) -> Tribool:
    """Tell whether the student's base stands under a text by which `party` lets its models be tuned."""
    if not base.given or not base.known or not base.agrees:
        return Tribool.UNKNOWN
    for terms in base.terms:
        serves = any(c.trigger is Trigger.STUDENT_IS_PROVIDER_FINETUNE for c in terms.conditions)
        if serves and any(name.casefold() in terms.name.casefold() for name in party.names):
            return Tribool.YES
    return Tribool.NO


def _barred(terms: Terms, usage: UsageContext) -> Tribool:
    """Tell whether a ban's own words name such a student; of what is no language model a person decides."""
    clause = terms.facts.barred
    if clause is None or clause.value is BarredModels.ANY:
        return Tribool.YES
    return (
        Tribool.UNKNOWN if _NO_LANGUAGE_MODEL.search(usage.text("student_kind").casefold()) else Tribool.YES
    )


def _through(usage: UsageContext, competes: Tribool) -> Tribool:
    """Doubt that a student does not compete where other models are trained through it (a reward model)."""
    return Tribool.UNKNOWN if competes is Tribool.NO and trains_others(usage) is not Tribool.NO else competes


def _territory(reached: ApplicableTerms, usage: UsageContext) -> str:
    results = {_in_territory(one, reached, usage) for one in reached.terms.territories}
    for result in ("outside", "unknown", "inside"):
        if result in results:
            return result
    return "none"


def _in_territory(territory: Territory, reached: ApplicableTerms, usage: UsageContext) -> str:
    match territory.test:
        case TerritoryTest.PRINCIPAL_PLACE:
            given = [usage.principal_place]
        case TerritoryTest.PLACE_OF_USE:
            given = [usage.place_of_use]
        case TerritoryTest.ANY:
            given = [usage.principal_place, usage.place_of_use]
    outside = any(set(territory.excluded) & places for places in given)
    if not outside and all(given):
        return "inside"
    reaches = _multimodal(reached, usage) if territory.multimodal_only else Tribool.YES
    if territory.end_users_exempt:
        reaches &= _no_end_user(usage)
    if reaches is Tribool.NO:
        return "inside"
    return "outside" if outside and reaches is Tribool.YES else "unknown"


def _no_end_user(usage: UsageContext) -> Tribool:
    """Tell that the one who trains is no end user of a product; a service's customer may be either."""
    if usage.fact("self_hosted", Tribool.YES) is Tribool.YES:
        return Tribool.YES
    return ~usage.fact("end_user_of_product", Tribool.UNKNOWN)


def _multimodal(reached: ApplicableTerms, usage: UsageContext) -> Tribool:
    variant = usage.text("teacher_variant") if reached.role is not Role.BASE else ""
    for words in (variant, reached.name, reached.subject):
        if _MULTIMODAL.search(words):
            return Tribool.YES
        if _TEXT_ONLY.search(words):
            return Tribool.NO
    return Tribool.UNKNOWN if not reached.name else Tribool.NO


def _scale(reached: ApplicableTerms, usage: UsageContext) -> str:
    results = set()
    for threshold in reached.terms.thresholds:
        over = passed(usage, threshold)
        if threshold.limit is ScaleLimit.NO_COMMERCIAL_USE and usage.commercial is Tribool.NO:
            over = Tribool.NO
        if threshold.limit is not ScaleLimit.NO_RIGHTS and over is not Tribool.NO:
            license = usage.held("separate_license", reached.party)
            over = (
                Tribool.NO
                if license is Tribool.YES
                else Tribool.UNKNOWN
                if license is Tribool.UNKNOWN
                else over
            )
        results.add(over)
    if not results:
        return "none"
    return {Tribool.YES: "over", Tribool.NO: "under", Tribool.UNKNOWN: "unknown"}[any_of(results)]


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
    basis: SilentBasis | None = facts.silent_basis if facts.outputs.value is OutputsUse.SILENT else None
    return {
        "terms.id": str(terms.id),
        "terms.name": terms.name,
        "terms.note": facts.outputs.note,
        "terms.role": str(assessment.reached.role),
        "terms.kind": _KINDS[terms.kind],
        "terms.outputs": str(facts.outputs.value),
        "terms.silence": "none" if basis is None else str(basis),
        "terms.commercial": "unstated" if facts.commercial is None else _COMMERCIAL[facts.commercial.value],
        "terms.conditioned": bool(terms.conditions),
        "terms.recalled": _recalled(terms),
        "terms.inherited": assessment.reached.inherited,
        "terms.evaluation": _evaluation(terms),
        "terms.bars_extraction": _bars_extraction(assessment.reached),
        "terms.duties": [str(condition.obligation) for condition in terms.conditions],
        "fit.family": assessment.family,
        "fit.competes": str(assessment.competes),
        "fit.barred": str(assessment.barred),
        "fit.permission": assessment.permission,
        "fit.exception": assessment.exception,
        "fit.derivative": str(assessment.derivative),
        "fit.territory": assessment.territory,
        "fit.scale": assessment.scale,
    }


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
        case OutputsUse.ALLOWED | OutputsUse.CONDITIONAL | OutputsUse.FORBIDDEN_IF_COMPETING:
            return Confidence.MEMORY in (terms.confidence, outputs.confidence)
        case OutputsUse.FORBIDDEN | OutputsUse.SILENT:
            return terms.confidence is Confidence.MEMORY
