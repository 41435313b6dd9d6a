"""Hold a report and its rows against the ledger entry that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pyarrow as pa
from sqlmodel import Session, col, select

from auditor.attest.record import AuditRecord, report_content
from auditor.confirm.grounds import AGAIN
from auditor.confirm.rows import ANSWER, OtherAccount, first_difference
from auditor.engine.samples_file import written_digests
from auditor.errors import EvidenceError
from auditor.ledger.plain import from_text
from auditor.ledger.rows import existing_shard, file_sha256
from auditor.ledger.store import Ledger
from auditor.ledger.tables import Audit, AuditShard, Event
from auditor.ledger.verification import verify
from auditor.parquet import open_parquet


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
            recorded = OtherAccount(record)
            for rows in _recorded_rows(session, opened, audit.id):
                recorded.add(rows)
    if not recorded.agrees():
        audited, kept = recorded.tables()
        if difference := first_difference(kept, audited):
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


def _recorded_rows(session: Session, ledger: Ledger, audit_id: str) -> Iterator[pa.RecordBatch]:
    statement = select(AuditShard.sha256).where(AuditShard.audit_id == audit_id)
    for name in session.exec(statement.order_by(col(AuditShard.position))):
        path = existing_shard(ledger.database.location.rows, name)
        try:
            if file_sha256(path) != name:
                raise EvidenceError("the ledger's rows were changed", where=str(path), fix=AGAIN)
            with open_parquet(path) as file:
                for batch in file.iter_batches(8192, columns=list(ANSWER), use_threads=False):
                    yield _as_audited(batch.select(list(ANSWER)))
        except (OSError, pa.ArrowException, KeyError) as error:
            raise EvidenceError(f"cannot read: {error}", where=str(path), fix=AGAIN) from None


def _as_audited(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Return the ledger's rows as `samples.parquet` has them: judged rows alone, their digests written."""
    rows = rows.filter(rows.column("digest").is_valid())
    place = rows.schema.get_field_index("digest")
    digests = rows.column(place)
    run = memoryview(digests.buffers()[1])[32 * digests.offset :][: 32 * len(rows)] if len(rows) else b""
    return rows.set_column(place, "digest", written_digests(run))


def _differs(record: AuditRecord, what: str) -> EvidenceError:
    said = f"the ledger's entry {record.report.audit_id} differs from the report: {what}"
    return EvidenceError(said, where=str(record.folder), fix=AGAIN)
