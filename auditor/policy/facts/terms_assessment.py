"""Assess one license or service agreement for one plan: what it says of this student and this use."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.domain.axes import BarredModels, OutputsUse, StudentStatus
from auditor.domain.term_obligation import ObligationId, Trigger
from auditor.domain.terms import Terms
from auditor.domain.tribool import Tribool, any_of
from auditor.policy.facts.applicable_terms import ApplicableTerms, Base
from auditor.policy.facts.grant_limits import outside_territory, over_threshold
from auditor.policy.facts.obligation_inputs import ObligationInputs
from auditor.policy.facts.obligations import ObligationCheck, check_obligations
from auditor.policy.facts.release_license import Release
from auditor.policy.facts.student_kinds import excepted, trains_others
from auditor.policy.facts.thresholds import passed
from auditor.policy.facts.usage import UsageContext
from auditor.policy.pack.variables import Role
from auditor.policy.plan.parties import PERMISSIONS, Party, asks

_NO_LANGUAGE_MODEL = re.compile(
    r"classif|embed|encoder|rout|rerank|reward|detect|categori|organi[sz]|speech|image|vision|diffusion|unknown"
)


@dataclass(frozen=True, slots=True)
class TermsAssessment:
    """A text, judged against a plan; what the text does not speak of is None."""

    reached: ApplicableTerms
    family: Tribool | None
    """The student is of the family that the ban spares."""
    competes: Tribool
    barred: Tribool
    """The student is a model of the kind that the ban names."""
    permission: Tribool | None
    exception: Tribool | None
    derivative: Tribool
    outside: Tribool | None
    """The use is in a place that the text leaves out."""
    over: Tribool | None
    """The plan is past a size that ends the grant."""
    duties: tuple[ObligationCheck, ...]


def assess_terms(
    reached: ApplicableTerms, usage: UsageContext, release: Release, base: Base
) -> TermsAssessment:
    """Assess one license or service agreement for one plan."""
    terms = reached.terms
    provider_base = _provider_base(reached.party, base)
    inputs = ObligationInputs(
        terms=terms,
        role=reached.role,
        usage=usage,
        release=release,
        derivative=_derivative(reached, usage, base),
        competes=_competes(reached.party, usage),
        permission=_permission(reached, usage),
        exception=_exception(terms, usage, reached.party, provider_base),
        said=reached.said,
        party=reached.party,
        acts=reached.acts,
        provider_base=provider_base,
    )
    return TermsAssessment(
        reached=reached,
        family=_family(terms, base),
        competes=inputs.competes,
        barred=_barred(terms, usage),
        permission=inputs.permission,
        exception=inputs.exception,
        derivative=inputs.derivative,
        outside=outside_territory(reached, usage),
        over=over_threshold(reached, usage),
        duties=check_obligations(inputs),
    )


def _family(terms: Terms, base: Base) -> Tribool | None:
    conditions = [c for c in terms.conditions if c.obligation is ObligationId.SAME_FAMILY_STUDENT]
    if not conditions:
        return None
    if not base.given or not base.agrees:
        return Tribool.UNKNOWN
    allowed = {str(terms.id)}
    for condition in conditions:
        allowed |= set(condition.params.get("allowed_terms", "").split())
    belongs = [one for one in base.terms if str(one.id) in allowed]
    if any(one not in base.choice for one in belongs):
        return Tribool.YES
    if belongs:
        return Tribool.YES if all(one in belongs for one in base.choice) else Tribool.UNKNOWN
    return Tribool.NO if base.known else Tribool.UNKNOWN


def _derivative(reached: ApplicableTerms, usage: UsageContext, base: Base) -> Tribool:
    """Tell whether the text makes the student a derivative; a student of its own base is one."""
    terms, clause = reached.terms, reached.terms.facts.student
    if reached.role is Role.BASE or any(one.id == terms.id for one in base.terms if base.agrees):
        return Tribool.YES
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


def _permission(reached: ApplicableTerms, usage: UsageContext) -> Tribool | None:
    keys = asks(reached.terms)
    if not keys:
        asked = any(usage.held(key, reached.party) is not Tribool.NO for key in PERMISSIONS)
        return Tribool.UNKNOWN if asked else None
    return any_of(usage.held(key, reached.party) for key in keys)


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


def _exception(terms: Terms, usage: UsageContext, party: Party, provider_base: Tribool) -> Tribool | None:
    kinds = (Trigger.STUDENT_IS_CLASSIFIER, Trigger.STUDENT_IS_PROVIDER_FINETUNE)
    found = [c for c in terms.conditions if c.trigger in kinds]
    # Where the reading itself is in doubt, the exception excuses nobody and a person decides.
    doubt = {True: Tribool.YES, False: Tribool.UNKNOWN}
    answers = [excepted(usage, c.trigger, party, provider_base) & doubt[c.certain] for c in found]
    return any_of(answers) if found else None


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
    """Tell whether a ban's own words name such a student; what is not a language model a person decides."""
    clause = terms.facts.barred
    if clause is None or clause.value is BarredModels.ANY:
        return Tribool.YES
    kind = usage.text("student_kind").casefold()
    return Tribool.UNKNOWN if _NO_LANGUAGE_MODEL.search(kind) else Tribool.YES


def _competes(party: Party, usage: UsageContext) -> Tribool:
    """Tell whether the student competes; not competing is in doubt where others are trained through it."""
    competes = usage.competes(party)
    doubted = competes is Tribool.NO and trains_others(usage) is not Tribool.NO
    return Tribool.UNKNOWN if doubted else competes
