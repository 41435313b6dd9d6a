"""A duty under the names that rules use, with the words that say how it is met."""

from __future__ import annotations

from auditor.domain.term_obligation import ObligationId, Trigger
from auditor.domain.tribool import Tribool
from auditor.policy.facts.obligations import ObligationCheck


def duty_facts(duty: ObligationCheck) -> dict[str, object]:
    """Return the facts of a duty under the names that rules use."""
    words = "; ".join(
        str(duty.condition.params[key]) for key in ("prefix", "text") if key in duty.condition.params
    )
    return {
        "duty.id": str(duty.condition.obligation),
        "duty.what": f"{duty.condition.obligation} ({words})" if words else str(duty.condition.obligation),
        "duty.triggered": _triggered(duty),
        "duty.status": str(duty.status),
        "duty.fix": _fix(duty),
        "duty.question": _question(duty),
    }


def _triggered(duty: ObligationCheck) -> str:
    return "arguable" if duty.arguable and duty.triggered is not Tribool.NO else str(duty.triggered)


def _fix(duty: ObligationCheck) -> str:
    params = duty.condition.params
    match duty.condition.obligation:
        case ObligationId.NAME_PREFIX:
            return f'Rename the student so that its name starts with "{params.get("prefix", "")}".'
        case ObligationId.USE_RESTRICTIONS_FLOW_DOWN:
            return (
                "Release under terms that carry the use restrictions, with a copy of the license and notices."
            )
        case ObligationId.RESEARCH_ONLY:
            return "Drop these rows, obtain a license, or plan research only."
        case ObligationId.REGISTRATION:
            return "Register with the licensor and record it under facts.written_authorization."
        case ObligationId.SEPARATE_LICENSE:
            return "Obtain the license and record it under facts.separate_license."
        case _:
            return f"Meet the duty: {duty.condition.obligation}."


def _question(duty: ObligationCheck) -> str:
    if duty.condition.trigger is Trigger.SCALE:
        return "How many monthly users, what revenue and what business do the licensee and affiliates have?"
    if duty.condition.trigger is Trigger.IMAGE_OUTPUTS:
        return "Are the rows text or images?"
    return "Does the student perform similarly, and who gets it? (facts.student_performs_similarly)"
