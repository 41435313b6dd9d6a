"""What a permit rests on, in lines: said before a training starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from auditor.domain.permit import Permit
from auditor.printable import name_of, plain

_PLAN_KEYS = ("student_name", "intended_use", "student_release_license")


def permit_lines(permit: Permit, moment: datetime) -> Iterator[str]:
    """Yield policy, plan, purpose, evidence, time and the trainer's teachers, a line each."""
    yield f"policy {plain(permit.policy)} ({permit.policy_digest})"
    yield f"plan {_plan(permit)}"
    yield f"waivers {_waivers(permit)}"
    yield f"for {permit.purpose}, evidence {permit.evidence}, version {permit.version} of the permit"
    until = f"holds until {permit.expires_at.isoformat()}" if permit.expires_at else "holds without expiry"
    yield f"signed {permit.issued_at.isoformat()}, {age(moment - permit.issued_at)} ago, {until}"
    teachers = ", ".join(_teacher(one) for one in permit.trainer_teachers)
    yield f"teachers in the trainer: {teachers or 'none'}"


def permit_facts(permit: Permit, moment: datetime) -> dict[str, Any]:
    """Return the same as JSON values."""
    return {
        "plan": permit.plan_digest,
        "waivers": [dict(one) for one in _listed(permit)],
        "purpose": permit.purpose,
        "evidence": permit.evidence,
        "issued": permit.issued_at.isoformat(),
        "age_seconds": max(0, int((moment - permit.issued_at).total_seconds())),
        "trainer_teachers": [dict(one) for one in permit.trainer_teachers],
    }


def unread_line(names: Sequence[str]) -> str | None:
    """Return what to say of files that were not read and were accepted; None for none."""
    shown = ", ".join(name_of(name) for name in names)
    return (
        f"not read, so not covered by the permit, and accepted by --allow-unread: {shown}" if names else None
    )


def age(span: timedelta) -> str:
    """Return a length of time in its largest whole unit."""
    seconds = max(0, int(span.total_seconds()))
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"


def _plan(permit: Permit) -> str:
    if permit.plan_digest is None:
        return "none: the rows were judged for every use"
    plan = permit.facts.get("plan")
    content = plan.get("content") if isinstance(plan, Mapping) else None
    said = (
        [str(content[key]) for key in _PLAN_KEYS if content.get(key)] if isinstance(content, Mapping) else []
    )
    return f"{plain(', '.join(said))} ({permit.plan_digest})" if said else str(permit.plan_digest)


def _waivers(permit: Permit) -> str:
    found = _listed(permit)
    said = (f"{one.get('id')} by {one.get('approved_by')} until {one.get('expires')}" for one in found)
    return plain(", ".join(said)) or "none"


def _listed(permit: Permit) -> list[Mapping[str, Any]]:
    waivers = permit.facts.get("waivers")
    found = waivers.get("list") if isinstance(waivers, Mapping) else None
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _teacher(one: Mapping[str, Any]) -> str:
    revision = f"@{one['revision']}" if one.get("revision") else ""
    return plain(f"{one.get('name')}{revision} ({one.get('role')})")
