"""How a plan stands to an obligation of a text: met, violated, open, or not known."""

from __future__ import annotations

from enum import StrEnum

from auditor.domain.plan import IntendedUse
from auditor.domain.term_obligation import ObligationId, TermObligation
from auditor.domain.tribool import Tribool, any_of
from auditor.policy.facts.obligation_inputs import ObligationInputs
from auditor.policy.facts.release_license import ReleaseKind
from auditor.policy.facts.student_kinds import spaced


class DutyStatus(StrEnum):
    """How the plan stands to a duty."""

    MET = "met"
    VIOLATED = "violated"
    OPEN = "open"
    UNKNOWN = "unknown"


def status_of(inputs: ObligationInputs, condition: TermObligation) -> DutyStatus:
    """Tell how the plan stands to a duty that it switches on."""
    match condition.obligation:
        case ObligationId.NAME_PREFIX:
            return _name_status(inputs.usage.plan.student_name, condition.params.get("prefix", ""))
        case ObligationId.USE_RESTRICTIONS_FLOW_DOWN:
            return _flow_status(inputs)
        case ObligationId.RESEARCH_ONLY:
            return _research_status(inputs)
        case ObligationId.SEPARATE_LICENSE:
            return _held(inputs.usage.held("separate_license", inputs.party))
        case ObligationId.NO_IMAGE_OUTPUT:
            return _held(~inputs.competes)
        case ObligationId.REGISTRATION:
            return _registered(inputs)
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


def _held(fact: Tribool) -> DutyStatus:
    return fact.choose(DutyStatus.MET, DutyStatus.VIOLATED, DutyStatus.UNKNOWN)


def _registered(inputs: ObligationInputs) -> DutyStatus:
    """Tell whether a registration is on record; without one commercial use has not begun to be granted."""
    keys = ("separate_license", "written_authorization")
    held = any_of(inputs.usage.held(key, inputs.party) for key in keys)
    return DutyStatus.MET if held is Tribool.YES else DutyStatus.UNKNOWN


def _research_status(inputs: ObligationInputs) -> DutyStatus:
    commercial = inputs.usage.commercial
    if commercial is Tribool.NO:
        return DutyStatus.MET
    if commercial is Tribool.UNKNOWN or inputs.permission is Tribool.UNKNOWN:
        return DutyStatus.UNKNOWN
    by_release = inputs.usage.use is IntendedUse.OPEN_WEIGHTS_RELEASE
    if by_release and inputs.release.kind is ReleaseKind.NON_COMMERCIAL:
        return DutyStatus.UNKNOWN
    return DutyStatus.VIOLATED


def _flow_status(inputs: ObligationInputs) -> DutyStatus:
    later = inputs.release.kind is ReleaseKind.PROPRIETARY
    open_yet = DutyStatus.OPEN if later else DutyStatus.UNKNOWN
    carried = inputs.release.carries_restrictions(inputs.terms)
    return carried.choose(DutyStatus.MET, DutyStatus.VIOLATED, open_yet)


def _name_status(name: str | None, prefix: str) -> DutyStatus:
    """Compare ignoring case and the kind of separator; an organization before `/` is not part of the name."""
    if not name or name.casefold() == "unknown" or not prefix:
        return DutyStatus.UNKNOWN
    own, wanted = (spaced(text) for text in (name.rsplit("/", 1)[-1], prefix))
    rest = own[len(wanted) : len(wanted) + 1]
    fits = own.startswith(wanted) and not (wanted[-1:].isdigit() and (rest.isdigit() or rest == "."))
    return DutyStatus.MET if fits else DutyStatus.VIOLATED
