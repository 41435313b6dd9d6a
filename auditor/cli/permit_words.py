"""What a permit rests on, in lines: said before a training starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, assert_never

from auditor.domain.permit import EvidenceMode, Permit
from auditor.domain.waiver import waiver_line
from auditor.printable import name_of, plain

_PLAN_KEYS = ("student_name", "intended_use", "student_release_license")


def permit_lines(permit: Permit, moment: datetime, *, compared: bool = True) -> Iterator[str]:
    """Yield policy, plan, purpose, evidence, time and the trainer's teachers, a line each.

    Args:
        compared: whether the trainer's settings were held against the permit; a permit that holds no teacher
            tells nothing of a trainer that nobody looked at.
    """
    yield f"policy {plain(permit.policy_words)} ({permit.policy_digest})"
    yield f"catalog {plain(permit.catalog_words)} ({plain(str(permit.catalog.get('digest') or 'no digest'))})"
    yield f"plan {_plan(permit)}"
    yield plain(waiver_line(permit.waivers)) or "waivers none"
    yield f"for {permit.purpose}, {_evidence(permit)}"
    until = f"holds until {permit.expires_at.isoformat()}" if permit.expires_at else "holds without expiry"
    yield f"signed {permit.issued_at.isoformat()}, {age(moment - permit.issued_at)} ago, {until}"
    teachers = ", ".join(_teacher(one) for one in permit.trainer_teachers)
    if teachers or compared:
        yield f"teachers in the trainer: {teachers or 'none'}"
    if not compared:
        yield "the trainer's settings were not compared (see --trainer-config)"


def permit_facts(permit: Permit, moment: datetime) -> dict[str, Any]:
    """Return the same as JSON values."""
    return {
        "catalog": {
            key: permit.catalog.get(key)
            for key in ("version", "digest", "overlays", "replaced", "added", "bundle")
        },
        "plan": permit.plan_digest,
        "purpose": permit.purpose,
        "evidence": permit.evidence if permit.version > 1 else None,
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


def _evidence(permit: Permit) -> str:
    """Say what the verdict was held against when it was signed."""
    if permit.version == 1:
        return (
            "permit of the first form: the map of columns, the files beside the rows, the trainer's teachers "
            "and what its verdict was held against are not bound"
        )
    match permit.evidence:
        case EvidenceMode.ROWS:
            return "evidence: rows (read and judged again before it was signed)"
        case EvidenceMode.LEDGER:
            return "evidence: ledger (judged again and held against the ledger's entry before it was signed)"
        case EvidenceMode.REPORT_ONLY:
            return "warning: evidence: report-only (neither rows nor ledger were compared)"
        case _:
            assert_never(permit.evidence)


def _teacher(one: Mapping[str, Any]) -> str:
    revision = f"@{one['revision']}" if one.get("revision") else ""
    return plain(f"{one.get('name')}{revision} ({one.get('role')})")
