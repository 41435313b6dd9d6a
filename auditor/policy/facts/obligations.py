"""Obligations of a text against a plan: is each switched on, and does the plan meet it?"""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.axes import StudentStatus
from auditor.domain.role import TeacherRole
from auditor.domain.term_obligation import ObligationId, TermObligation, Threshold, Trigger
from auditor.domain.tribool import Tribool, any_of
from auditor.policy.facts.obligation_inputs import ObligationInputs
from auditor.policy.facts.obligation_status import DutyStatus, status_of
from auditor.policy.facts.student_kinds import excepted
from auditor.policy.facts.thresholds import passed
from auditor.policy.facts.usage import UsageContext
from auditor.policy.pack.variables import Role

_NOT_DUTIES = frozenset({ObligationId.SAME_FAMILY_STUDENT, ObligationId.TERRITORY})
"""Restrictions: rules read them as facts of the text (`assessment.family`, `assessment.territory`)."""
_PERMISSIONS = frozenset({ObligationId.WRITTEN_AUTHORIZATION, ObligationId.ORDER_FORM_PERMISSION})
_OF_ANY_USE = frozenset({Trigger.ALWAYS, Trigger.COMMERCIAL_USE, Trigger.SCALE, Trigger.COMPETING})
"""What switches a duty on for whoever uses the model, whatever becomes of its outputs."""


@dataclass(frozen=True, slots=True)
class ObligationCheck:
    """One obligation, judged."""

    condition: TermObligation
    triggered: Tribool
    """The plan switches it on."""
    status: DutyStatus
    arguable: bool = False
    """Whether it is switched on is open to argument, unless it plainly is not."""


def check_obligations(inputs: ObligationInputs) -> tuple[ObligationCheck, ...]:
    """Judge every condition of a text that makes a duty."""
    conditions = (c for c in inputs.terms.conditions if c.obligation not in _NOT_DUTIES)
    return tuple(_check(inputs, condition) for condition in conditions)


def _check(inputs: ObligationInputs, condition: TermObligation) -> ObligationCheck:
    if inputs.acts is TeacherRole.EVALUATION and condition.trigger not in _OF_ANY_USE:
        # No student is made from what a model says of another one.
        return ObligationCheck(condition, Tribool.NO, DutyStatus.OPEN)
    arguable = not condition.certain
    if arguable and condition.trigger is Trigger.MATERIALS_OR_PRODUCT_DISTRIBUTED:
        triggered = inputs.usage.available
    else:
        triggered = _triggered(inputs, condition)
    return ObligationCheck(condition, triggered, status_of(inputs, condition), arguable)


def _triggered(inputs: ObligationInputs, condition: TermObligation) -> Tribool:
    permitted = inputs.permission is Tribool.YES
    if condition.obligation in _PERMISSIONS:
        return Tribool.of(permitted)
    if condition.obligation is ObligationId.RESEARCH_ONLY and permitted:
        return Tribool.of(inputs.usage.commercial is not Tribool.YES)
    return _switched_on(inputs, condition)


def _switched_on(inputs: ObligationInputs, condition: TermObligation) -> Tribool:
    """Tell whether the plan does what the trigger names."""
    usage = inputs.usage
    match condition.trigger:
        case Trigger.ALWAYS:
            return Tribool.YES
        case (Trigger.BASE_MODEL_REDISTRIBUTED | Trigger.COPIES_OF_MATERIALS_DISTRIBUTED
              | Trigger.MODEL_REDISTRIBUTED | Trigger.PRODUCT_DISTRIBUTES_MATERIALS):  # fmt: skip
            return _of_base(inputs, usage.released)
        case (Trigger.MATERIALS_OR_PRODUCT_DISTRIBUTED | Trigger.STUDENT_CONTAINS_MATERIALS
              | Trigger.STUDENT_FROM_MATERIALS_DISTRIBUTED | Trigger.PUBLIC_STATEMENT):  # fmt: skip
            return _of_base(inputs, usage.available)
        case Trigger.BASE_OR_DERIVATIVE_REDISTRIBUTED:
            return _of_base(inputs, usage.released) | (usage.released & inputs.derivative)
        case Trigger.STUDENT_DISTRIBUTED | Trigger.STUDENT_DISTRIBUTED_OR_HOSTED | Trigger.STUDENT_SHARED:
            return _as_derivative(inputs, usage.available)
        case Trigger.STUDENT_DISTRIBUTED_NOT_HOSTED:
            return _as_derivative(inputs, usage.released)
        case Trigger.STUDENT_DISTRIBUTED_OUTPUT_ONLY:
            return _of_outputs(inputs, usage.available)
        case Trigger.STUDENT_IS_CLASSIFIER | Trigger.STUDENT_IS_PROVIDER_FINETUNE:
            return _by_exception(inputs, condition.trigger)
        case Trigger.OUTPUTS_PUBLISHED:
            return _of_outputs(inputs, usage.fact("dataset_published") | usage.available)
        case Trigger.IMAGE_OUTPUTS:
            return _of_outputs(inputs, _makes_images(usage))
        case Trigger.COSMOS_OUTPUTS:
            return _of_outputs(inputs, usage.available & _is_cosmos(inputs))
        case Trigger.WEB_SEARCH_OUTPUTS:
            return _of_outputs(inputs, usage.fact("outputs_by_web_search"))
        case Trigger.COMPETING:
            return inputs.competes
        case Trigger.COMMERCIAL_USE:
            return usage.commercial
        case Trigger.AUTHORIZED_COMMERCIAL_USE:
            return usage.commercial & Tribool.of(inputs.permission is Tribool.YES)
        case Trigger.SCALE:
            return _any_passed(usage, condition.thresholds)


def _of_base(inputs: ObligationInputs, fact: Tribool) -> Tribool:
    """Return a fact that counts for the text of the student's base alone."""
    return fact if inputs.role is Role.BASE else Tribool.NO


def _of_outputs(inputs: ObligationInputs, fact: Tribool) -> Tribool:
    """Return a fact that counts for texts on outputs, hence not for that of the student's base."""
    return Tribool.NO if inputs.role is Role.BASE else fact


def _as_derivative(inputs: ObligationInputs, going_out: Tribool) -> Tribool:
    """Return whether the student goes out, where the text reaches a derivative alone as one."""
    student = inputs.terms.facts.student
    if inputs.role is Role.BASE or student is None or student.value is not StudentStatus.YES:
        return going_out
    return going_out & inputs.derivative


def _by_exception(inputs: ObligationInputs, trigger: Trigger) -> Tribool:
    """Tell whether the plan relies on an exception, so that the exception's own demands hold."""
    relied = inputs.exception is Tribool.YES and inputs.competes is not Tribool.NO
    return Tribool.of(relied) & excepted(inputs.usage, trigger, inputs.party, inputs.provider_base)


def _makes_images(usage: UsageContext) -> Tribool:
    modality = usage.text("modality", "text").casefold()
    if "image" in modality:
        return Tribool.YES
    return Tribool.NO if modality in ("text", "code", "audio", "none") else Tribool.UNKNOWN


def _is_cosmos(inputs: ObligationInputs) -> Tribool:
    return Tribool.of("cosmos" in f"{inputs.said} {inputs.usage.text('teacher_variant')}".casefold())


def _any_passed(usage: UsageContext, thresholds: tuple[Threshold, ...]) -> Tribool:
    return any_of(passed(usage, one) for one in thresholds) if thresholds else Tribool.UNKNOWN
