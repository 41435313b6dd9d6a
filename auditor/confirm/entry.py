"""Hold a report and its rows against the ledger entry that it names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlmodel import Session, col, select

from auditor.attest.record import AuditRecord, report_content
from auditor.confirm.grounds import AGAIN
from auditor.confirm.rows import ANSWER, answers, first_difference, in_order
from auditor.errors import EvidenceError
from auditor.ids import written
from auditor.ledger.plain import from_text
from auditor.ledger.rows import existing_shard, file_sha256
from auditor.ledger.store import Ledger
from auditor.ledger.tables import Audit, AuditShard, Event
from auditor.ledger.verification import verify


def compare_with_entry(record: AuditRecord, ledger: str, clock: Callable[[], datetime]) -> str | None:
    """Compare a report with its entry in a ledger; return why that cannot be done, None where they agree.

    Raises:
        EvidenceError: the ledger's history is broken, or its entry tells something else.
        LedgerError: the ledger or its rows cannot be read.
        UsageError: there is no ledger.
    """
    with Ledger.open(ledger, clock, create=False) as opened:
        broken = verify(opened.database, files=False).broken
        if broken is not None:
            raise EvidenceError(
                f"the ledger does not hold: {broken.reason}", where=ledger, fix="see `auditor ledger verify`"
            )
        with opened.database.reading() as session:
            audit = session.get(Audit, record.report.audit_id)
            if audit is None:
                return f"the ledger has no audit {record.report.audit_id}"
            event = session.get_one(Event, audit.event_index)
            stated = from_text(event.body).get("report")
            if stated is None:
                return "the ledger's entry is of an older program and does not hold the report"
            if stated != report_content(record.report):
                raise _differs(record, _what(record, audit))
            rows = _recorded_rows(session, opened, audit.id)
    difference = first_difference(rows, answers(record))
    if difference:
        raise _differs(record, difference)
    return None


def _what(record: AuditRecord, audit: Audit) -> str:
    report = record.report
    pairs = (
        ("outcome", audit.outcome, str(report.outcome)),
        ("policy", audit.policy_digest, report.policy.digest),
        ("catalog", audit.knowledge_digest, report.knowledge.digest),
        ("plan", audit.plan_digest, str(record.plan_digest or "")),
    )
    found = [f"its {name} is {kept}, the report's {said}" for name, kept, said in pairs if kept != said]
    return "; ".join(found) or "the report was changed after it was recorded"


def _recorded_rows(session: Session, ledger: Ledger, audit_id: str) -> pa.Table:
    statement = select(AuditShard.sha256).where(AuditShard.audit_id == audit_id)
    tables = []
    for name in session.exec(statement.order_by(col(AuditShard.position))):
        path = existing_shard(ledger.database.location.rows, name)
        try:
            if file_sha256(path) != name:
                raise EvidenceError("the ledger's rows were changed", where=str(path), fix=AGAIN)
            tables.append(pq.read_table(path, columns=list(ANSWER)))
        except (OSError, pa.ArrowException) as error:
            raise EvidenceError(f"cannot read: {error}", where=str(path), fix=AGAIN) from None
    rows = pa.concat_tables(tables)
    rows = rows.filter(pc.is_valid(rows.column("digest")))
    hexes = list(map(written, rows.column("digest").to_pylist()))
    place = rows.schema.get_field_index("digest")
    return in_order(rows.set_column(place, "digest", pa.array(hexes, pa.string())))


def _differs(record: AuditRecord, what: str) -> EvidenceError:
    said = f"the ledger's entry {record.report.audit_id} differs from the report: {what}"
    return EvidenceError(said, where=str(record.folder), fix=AGAIN)
