"""The rules, catalog and plan that an audit was judged by, as they are now; other ones are refused."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from auditor.attest.record import AuditRecord, declared, plan_digest
from auditor.attest.verify import CLOCK_SKEW
from auditor.domain.report.report import Report
from auditor.errors import AuditorError, EvidenceError, UsageError
from auditor.knowledge.load import load_knowledge
from auditor.policy.evaluate.context import EvaluationContext
from auditor.policy.pack.load import load_pack
from auditor.policy.plan.plans import load_plan
from auditor.printable import line

AGAIN = "run `auditor audit` again, then attest"


def grounds_of(record: AuditRecord) -> EvaluationContext:
    """Load the pack, catalog and plan of an audit.

    Raises:
        EvidenceError: one of them cannot be read, or is another than the report names.
    """
    report = record.report
    try:
        pack = load_pack(report.policy.source or report.policy.name)
        overlay = report.request.knowledge if report.request else ""
        knowledge = load_knowledge(Path(overlay) if overlay else None)
        day = date.fromisoformat(report.created_at[:10])
    except (AuditorError, ValueError) as error:
        why = f"what the audit was judged by cannot be read: {error}"
        raise EvidenceError(why, where=str(record.folder), fix=AGAIN) from None
    _same("policy", report.policy.digest, pack.digest, record)
    _same("catalog", report.knowledge.digest, knowledge.digest, record)
    facts = report.knowledge
    if facts.overlays != knowledge.overlays or facts.replaced != knowledge.replaced:
        why = "the report names other overlays, or other entries that they replace, than its catalog has"
        raise EvidenceError(why, where=str(record.folder), fix=AGAIN)
    if facts.bundle != knowledge.bundle:
        why = "the report names another catalog bundle than the one that its catalog is of"
        raise EvidenceError(why, where=str(record.folder), fix=AGAIN)
    _same_plan(report, record)
    return EvaluationContext(pack, knowledge, report.plan, day)


def check_expiry(record: AuditRecord, issued_at: datetime, expires_at: datetime | None) -> None:
    """Refuse to sign for longer than the pack of the audit lets a permit hold.

    Raises:
        UsageError: it asks for an expiry, or for an earlier one.
        EvidenceError: the pack cannot be read, or is another one by now.
    """
    terms = grounds_of(record).pack.pack.permit
    lacks = terms.shortfall(issued_at, expires_at)
    if lacks is not None:
        days = terms.max_days or 90
        raise UsageError(lacks, where=record.report.policy.name, fix=f"give --expires {days}d or shorter")


def check_made(record: AuditRecord, moment: datetime) -> None:
    """Refuse a report from after the moment of signing: it was judged by terms of a day that has not come.

    Raises:
        EvidenceError: the report tells no moment with a zone, or a later one.
    """
    said = record.report.created_at
    try:
        made = datetime.fromisoformat(said)
    except ValueError:
        made = None
    if made is None or made.tzinfo is None:
        why = f"the report does not say when it was made: {line(said)!r}"
        raise EvidenceError(why, where=str(record.folder), fix=AGAIN)
    if made > moment + CLOCK_SKEW:
        why = f"the report was made at {line(said)}, after the moment of signing, {moment.isoformat()}"
        raise EvidenceError(why, where=str(record.folder), fix=f"check the clock; {AGAIN}")


def _same_plan(report: Report, record: AuditRecord) -> None:
    """Refuse where the plan's file says something else now; one that is gone is as recorded."""
    if report.plan is None or not report.plan.source or not Path(report.plan.source).is_file():
        return
    try:
        now = plan_digest(declared(load_plan(Path(report.plan.source))))
    except AuditorError as error:
        why = f"the plan of the audit cannot be read: {error.message}"
        raise EvidenceError(why, where=report.plan.source, fix=AGAIN) from None
    _same("plan", str(record.plan_digest), now, record)


def _same(what: str, recorded: str, now: str, record: AuditRecord) -> None:
    if recorded != now:
        raise EvidenceError(
            f"the {what} is not that of the audit: the report names {recorded}, now it is {now}",
            where=str(record.folder),
            fix=AGAIN,
        )
