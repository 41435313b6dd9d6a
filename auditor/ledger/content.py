"""The digest of all that the tables hold of one audit; its event carries it, `verify` computes it anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from auditor.canonical import encode
from auditor.ids import digest_of_hash
from auditor.ledger.tables import (
    Audit,
    AuditShard,
    AuditTerms,
    Dataset,
    MatchCount,
    Snapshot,
    StoredFinding,
    StoredLicense,
    StoredOrigin,
    StoredTeacher,
    StoredVerdict,
    Table,
    Waiver,
)

_NUMBERS = {"audit_id", "event_index", "snapshot_id", "dataset_id"}
"""Keys that depend on when an audit was recorded, not on what it says."""
_OF_AUDIT: tuple[type[Any], ...] = (
    AuditShard,
    StoredVerdict,
    AuditTerms,
    MatchCount,
    StoredFinding,
    Waiver,
)


def content_digest(session: Session, audit_id: str) -> str:
    """Return `sha256:` and the digest over every row that speaks of an audit, in no particular order."""
    total = hashlib.sha256()
    for name, rows in _tables(session, audit_id):
        total.update(f"{name}\n".encode())
        for line in sorted(map(encode, rows)):
            total.update(hashlib.sha256(line).digest())
    return digest_of_hash(total)


def _tables(session: Session, audit_id: str) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    audit = session.get_one(Audit, audit_id)
    snapshot = session.get_one(Snapshot, audit.snapshot_id)
    yield "audit", _rows(session, Audit, col(Audit.id) == audit_id, {"id"})
    yield "snapshot", _rows(session, Snapshot, col(Snapshot.id) == audit.snapshot_id, {"id"})
    yield "dataset", _rows(session, Dataset, col(Dataset.id) == snapshot.dataset_id, {"id"})
    for table in _OF_AUDIT:
        yield table.__tablename__, _rows(session, table, col(table.audit_id) == audit_id)
    judged = select_columns(col(StoredVerdict.origin_id)).where(col(StoredVerdict.audit_id) == audit_id)
    yield "origins", _rows(session, StoredOrigin, col(StoredOrigin.id).in_(judged))
    for part in (StoredTeacher, StoredLicense):
        yield str(part.__tablename__), _rows(session, part, col(part.origin_id).in_(judged))


def _rows(
    session: Session, table: type[Table], condition: ColumnElement[bool], skipped: set[str] | None = None
) -> list[dict[str, Any]]:
    left_out = _NUMBERS | (skipped or set())
    statement: Select[Any] = select_columns(*table.__table__.columns).where(condition)  # type: ignore[attr-defined]
    return [
        {key: value for key, value in row.items() if value is not None and key not in left_out}
        for row in session.execute(statement).mappings()
    ]
