"""Conditions of a text against a plan: is the duty switched on, and does the plan meet it?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from auditor.domain.axes import StudentStatus
from auditor.domain.plan import IntendedUse
from auditor.domain.role import TeacherRole
from auditor.domain.term_obligation import Business, Metric, ObligationId, TermObligation, Threshold, Trigger
from auditor.domain.terms import Terms
from auditor.domain.tribool import Tribool, any_of
from auditor.policy.facts.release_license import Release, ReleaseKind
from auditor.policy.facts.usage import UsageContext
from auditor.policy.pack.variables import Role
from auditor.policy.plan.parties import NOBODY, Party


class DutyStatus(StrEnum):
    """How the plan stands to a duty."""

    MET = "met"
    VIOLATED = "violated"
    OPEN = "open"
    UNKNOWN = "unknown"


ARGUABLE = "arguable"
_NOT_DUTIES = frozenset({ObligationId.SAME_FAMILY_STUDENT, ObligationId.TERRITORY})
"""Restrictions: rules read them as facts of the text (`fit.family`, `fit.territory`)."""
_PERMISSIONS = frozenset({ObligationId.WRITTEN_AUTHORIZATION, ObligationId.ORDER_FORM_PERMISSION})


@dataclass(frozen=True, slots=True)
class ObligationInputs:
    """How a text reaches the student."""

    terms: Terms
    role: Role
    usage: UsageContext
    release: Release
    derivative: Tribool
    competes: Tribool
    permission: str
    """yes, no, unknown, or none where the text knows no permission."""
    exception: str
    said: str
    """Name of the teacher or base, as said."""
    party: Party = NOBODY
    acts: TeacherRole = TeacherRole.WRITER
    provider_base: Tribool = Tribool.UNKNOWN
    """The student's base is a model that the party serves."""


@dataclass(frozen=True, slots=True)
class ObligationCheck:
    """One condition, judged."""

    condition: TermObligation
    triggered: str
    """yes, no, unknown, arguable."""
    status: DutyStatus


def check_obligations(inputs: ObligationInputs) -> tuple[ObligationCheck, ...]:
    """Judge every condition of a text that makes a duty."""
    conditions = (c for c in inputs.terms.conditions if c.obligation not in _NOT_DUTIES)
    return tuple(_judge(inputs, condition) for condition in conditions)


_OF_ANY_USE = frozenset({Trigger.ALWAYS, Trigger.COMMERCIAL_USE, Trigger.SCALE, Trigger.COMPETING})
"""What switches a duty on for whoever uses the model, whatever becomes of its outputs."""


def _judge(inputs: ObligationInputs, condition: TermObligation) -> ObligationCheck:
    if inputs.acts is TeacherRole.EVALUATION and condition.trigger not in _OF_ANY_USE:
        # No student is made from what a model says of another one.
        return ObligationCheck(condition, str(Tribool.NO), DutyStatus.OPEN)
    on = _arguable(inputs, condition) if not condition.certain else _triggered(inputs, condition)
    return ObligationCheck(condition, on, _status(inputs, condition))


def _arguable(inputs: ObligationInputs, condition: TermObligation) -> str:
    if condition.trigger is Trigger.MATERIALS_OR_PRODUCT_DISTRIBUTED:
        on = inputs.usage.available
    else:
        on = _triggered(inputs, condition)
    return str(Tribool.NO) if on is Tribool.NO else ARGUABLE


def _triggered(inputs: ObligationInputs, condition: TermObligation) -> Tribool:
    if condition.obligation in _PERMISSIONS:
        return Tribool.of(inputs.permission == Tribool.YES)
    usage = inputs.usage
    if condition.obligation is ObligationId.RESEARCH_ONLY and inputs.permission == Tribool.YES:
        return Tribool.NO if usage.commercial is Tribool.YES else Tribool.YES
    base = inputs.role is Role.BASE
    match condition.trigger:
        case Trigger.ALWAYS:
            return Tribool.YES
        case (
            Trigger.BASE_MODEL_REDISTRIBUTED
            | Trigger.COPIES_OF_MATERIALS_DISTRIBUTED
            | Trigger.MODEL_REDISTRIBUTED
            | Trigger.PRODUCT_DISTRIBUTES_MATERIALS
        ):
            return usage.released if base else Tribool.NO
        case Trigger.BASE_OR_DERIVATIVE_REDISTRIBUTED:
            return usage.released if base else usage.released & inputs.derivative
        case (
            Trigger.MATERIALS_OR_PRODUCT_DISTRIBUTED
            | Trigger.STUDENT_CONTAINS_MATERIALS
            | Trigger.STUDENT_FROM_MATERIALS_DISTRIBUTED
            | Trigger.PUBLIC_STATEMENT
        ):
            return usage.available if base else Tribool.NO
        case Trigger.STUDENT_DISTRIBUTED | Trigger.STUDENT_DISTRIBUTED_OR_HOSTED | Trigger.STUDENT_SHARED:
            return _as_derivative(inputs, usage.available)
        case Trigger.STUDENT_DISTRIBUTED_NOT_HOSTED:
            return _as_derivative(inputs, usage.released)
        case Trigger.STUDENT_DISTRIBUTED_OUTPUT_ONLY:
            return Tribool.NO if base else usage.available
        case Trigger.STUDENT_IS_CLASSIFIER | Trigger.STUDENT_IS_PROVIDER_FINETUNE:
            relied = inputs.exception == Tribool.YES and inputs.competes is not Tribool.NO
            return Tribool.of(relied) & _excepted(inputs, condition.trigger)
        case Trigger.OUTPUTS_PUBLISHED:
            return Tribool.NO if base else usage.fact("dataset_published") | usage.available
        case Trigger.IMAGE_OUTPUTS:
            return Tribool.NO if base else _image(usage)
        case Trigger.COSMOS_OUTPUTS:
            cosmos = "cosmos" in f"{inputs.said} {usage.text('teacher_variant')}".casefold()
            return usage.available if cosmos and not base else Tribool.NO
        case Trigger.WEB_SEARCH_OUTPUTS:
            return Tribool.NO if base else usage.fact("outputs_by_web_search", Tribool.UNKNOWN)
        case Trigger.COMPETING:
            return inputs.competes
        case Trigger.COMMERCIAL_USE:
            return usage.commercial
        case Trigger.AUTHORIZED_COMMERCIAL_USE:
            return usage.commercial & Tribool.of(inputs.permission == Tribool.YES)
        case Trigger.SCALE:
            return _any_passed(usage, condition.thresholds)


def _as_derivative(inputs: ObligationInputs, going_out: Tribool) -> Tribool:
    student = inputs.terms.facts.student
    if inputs.role is Role.BASE or student is None or student.value is not StudentStatus.YES:
        return going_out
    return going_out & inputs.derivative


_SORTERS = frozenset({
    "categorizer", "classification model", "classifier", "classifier model", "data organizer", "embedding",
    "embedding model", "embeddings", "organiser", "organizer", "reward model", "router", "text classifier",
    "text embedding model",
})  # fmt: skip
_GENERAL = frozenset({
    "", "assistant", "base model", "chat", "chat model", "chatbot", "code model", "foundation model",
    "generative model", "generator", "instruct model", "language model", "large language model", "llm",
    "own llm", "reasoning model", "summarizer", "translation model", "translator",
})  # fmt: skip
_FINE_TUNE = re.compile(r"(\w+)(?: hosted)? fine ?tun(?:e|ed model|ing)")


def excepted(
    usage: UsageContext, trigger: Trigger, party: Party = NOBODY, provider_base: Tribool = Tribool.UNKNOWN
) -> Tribool:
    """Tell whether the student is of the kind that an exception names, and kept as it demands.

    Only whole values are read: of other words (`not a classifier`) nobody knows what they mean.

    Args:
        party: who wrote the exception.
        provider_base: the student's base is a model that `party` serves.
    """
    kind = _spaced(usage.text("student_kind"))
    tuned = _FINE_TUNE.fullmatch(kind)
    by_provider = tuned is not None and (tuned[1] == "provider" or party.goes_by(tuned[1]))
    if trigger is Trigger.STUDENT_IS_PROVIDER_FINETUNE:
        is_kind = provider_base if by_provider else _no_kind(kind, _GENERAL | _SORTERS)
        return is_kind & ~usage.released
    is_kind = Tribool.YES if kind in _SORTERS else Tribool.NO if by_provider else _no_kind(kind, _GENERAL)
    return is_kind & ~(usage.available | usage.released | trains_others(usage))


def _excepted(inputs: ObligationInputs, trigger: Trigger) -> Tribool:
    return excepted(inputs.usage, trigger, inputs.party, inputs.provider_base)


def _no_kind(kind: str, others: frozenset[str]) -> Tribool:
    return Tribool.NO if kind in others else Tribool.UNKNOWN


def trains_others(usage: UsageContext) -> Tribool:
    """Tell whether other models are trained through the student, as through a reward model or a filter."""
    if usage.stated("student_trains_models") != "unstated":
        return usage.fact("student_trains_models")
    kind = usage.text("student_kind").strip().casefold()
    return Tribool.UNKNOWN if re.search(r"reward|preference|judge|critic|verifier", kind) else Tribool.NO


def _image(usage: UsageContext) -> Tribool:
    modality = usage.text("modality", "text").casefold()
    if "image" in modality:
        return Tribool.YES
    return Tribool.NO if modality in ("text", "code", "audio", "none") else Tribool.UNKNOWN


def _any_passed(usage: UsageContext, thresholds: tuple[Threshold, ...]) -> Tribool:
    return any_of(passed(usage, one) for one in thresholds) if thresholds else Tribool.UNKNOWN


def passed(usage: UsageContext, threshold: Threshold) -> Tribool:
    """Tell whether the plan's size is past a threshold in the business that it speaks of."""
    return _over(usage, threshold) & _in_business(usage, threshold.business)


def _over(usage: UsageContext, threshold: Threshold) -> Tribool:
    match threshold.metric:
        case None:
            return Tribool.YES
        case Metric.MONTHLY_ACTIVE_USERS:
            value = usage.number("mau")
        case Metric.MONTHLY_ACTIVE_USERS_AT_RELEASE:
            value = usage.number("mau_at_teacher_release")
        case Metric.MONTHLY_REVENUE_USD:
            value = usage.number("monthly_revenue_usd")
        case Metric.YEARLY_REVENUE_USD:
            monthly = usage.number("monthly_revenue_usd")
            value = None if monthly is None else monthly * 12
    if value is None:
        return Tribool.UNKNOWN
    return Tribool.of(value > threshold.above)


def _in_business(usage: UsageContext, business: Business) -> Tribool:
    match business:
        case Business.ANY:
            return Tribool.YES
        case Business.MODEL_AS_A_SERVICE | Business.MAAS_OR_WORK_ASSISTANT:
            # Serving one student by API may or may not make the licensee such a business: a person decides.
            return Tribool.UNKNOWN if usage.use in (IntendedUse.COMMERCIAL_API, None) else Tribool.NO


def _status(inputs: ObligationInputs, condition: TermObligation) -> DutyStatus:
    usage = inputs.usage
    match condition.obligation:
        case ObligationId.NAME_PREFIX:
            return _name_status(usage.plan.student_name, condition.params.get("prefix", ""))
        case ObligationId.USE_RESTRICTIONS_FLOW_DOWN:
            return _flow_status(inputs)
        case ObligationId.RESEARCH_ONLY:
            return _research_status(inputs)
        case ObligationId.SEPARATE_LICENSE:
            return _held(usage.held("separate_license", inputs.party))
        case ObligationId.NO_IMAGE_OUTPUT:
            return _held(~inputs.competes)
        case ObligationId.REGISTRATION:
            return _recorded(inputs)
        case ObligationId.NO_WEB_SEARCH_OUTPUT:
            return DutyStatus.VIOLATED
        case ObligationId.SECURITY_REVIEW:
            return DutyStatus.UNKNOWN
        case ObligationId.DISPLAY_MODEL_NAME_AT_SCALE:
            # Whether an output-trained student is a derivative is not said: past the size a person decides.
            return DutyStatus.OPEN if inputs.derivative is Tribool.YES else DutyStatus.UNKNOWN
        case ObligationId.WRITTEN_AUTHORIZATION | ObligationId.ORDER_FORM_PERMISSION:
            return DutyStatus.MET
        case ObligationId.UPSTREAM_MODEL_TERMS:
            return DutyStatus.MET
        case _:
            return DutyStatus.OPEN


def _recorded(inputs: ObligationInputs) -> DutyStatus:
    """Tell whether a registration is on record; without one commercial use has not begun to be granted."""
    keys = ("separate_license", "written_authorization")
    held = any_of(inputs.usage.held(key, inputs.party) for key in keys)
    return DutyStatus.MET if held is Tribool.YES else DutyStatus.UNKNOWN


def _held(fact: Tribool) -> DutyStatus:
    return {
        Tribool.YES: DutyStatus.MET,
        Tribool.NO: DutyStatus.VIOLATED,
        Tribool.UNKNOWN: DutyStatus.UNKNOWN,
    }[fact]


def _research_status(inputs: ObligationInputs) -> DutyStatus:
    commercial = inputs.usage.commercial
    if commercial is Tribool.NO:
        return DutyStatus.MET
    if commercial is Tribool.UNKNOWN or inputs.permission == Tribool.UNKNOWN:
        return DutyStatus.UNKNOWN
    by_release = inputs.usage.use is IntendedUse.OPEN_WEIGHTS_RELEASE
    if by_release and inputs.release.kind is ReleaseKind.NON_COMMERCIAL:
        return DutyStatus.UNKNOWN
    return DutyStatus.VIOLATED


def _flow_status(inputs: ObligationInputs) -> DutyStatus:
    match inputs.release.carries_restrictions(inputs.terms):
        case Tribool.YES:
            return DutyStatus.MET
        case Tribool.NO:
            return DutyStatus.VIOLATED
        case Tribool.UNKNOWN:
            later = inputs.release.kind is ReleaseKind.PROPRIETARY
            return DutyStatus.OPEN if later else DutyStatus.UNKNOWN


def _name_status(name: str | None, prefix: str) -> DutyStatus:
    """Compare ignoring case and the kind of separator; an organization before `/` is no part of the name."""
    if not name or name.casefold() == "unknown" or not prefix:
        return DutyStatus.UNKNOWN
    own, wanted = (_spaced(text) for text in (name.rsplit("/", 1)[-1], prefix))
    rest = own[len(wanted) : len(wanted) + 1]
    fits = own.startswith(wanted) and not (wanted[-1:].isdigit() and (rest.isdigit() or rest == "."))
    return DutyStatus.MET if fits else DutyStatus.VIOLATED


def _spaced(text: str) -> str:
    return re.sub(r"[-_\s]+", " ", text.strip().casefold())
