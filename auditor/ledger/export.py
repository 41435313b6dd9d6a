"""Write the newest audits out for other tools: rows with all that they inherit, and the facts behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlmodel import Session, col, select

from auditor.errors import EnvironmentFault, UsageError
from auditor.files import Draft
from auditor.ids import PREFIX
from auditor.ledger.answers import AuditLine, find_audit, list_audits, newest_audits
from auditor.ledger.chain import events
from auditor.ledger.database import Database
from auditor.ledger.facts import read_origins
from auditor.ledger.memory import in_memory
from auditor.ledger.rows import existing_shard, unreadable_rows
from auditor.ledger.tables import AuditShard, StoredClaim, StoredFinding, StoredVerdict

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_STRINGS = pa.list_(pa.string())
_INHERITED = pa.schema(
    [
        ("audit", pa.string()),
        ("dataset", pa.string()),
        ("origin_id", pa.string()),
        ("teachers", _STRINGS),
        ("licenses", _STRINGS),
        ("basis", pa.string()),
        ("grade", pa.string()),
    ]
)
_ROWS = f"""
SELECT o.audit, o.dataset, r.sample_id, '{PREFIX}' || lower(hex(r.digest)) AS digest, r.origin_id,
       o.teachers, o.licenses, o.basis, o.grade, r.outcome, r.line, r.claim_set, r."match", r.match_teacher,
       r.match_score, r.matched_chars, r.spans, r.reference_id, r.match_slot
FROM read_parquet($shards, filename = true) r
JOIN shelf s ON s.file = r.filename
JOIN inherited o ON o.audit = s.audit AND o.origin_id = r.origin_id
ORDER BY s.position, r.file_row_number
"""


class ExportFormat(StrEnum):
    """The formats that tables are written in."""

    PARQUET = "parquet"
    JSONL = "jsonl"
    CSV = "csv"


_OPTIONS = {
    ExportFormat.PARQUET: "FORMAT parquet, COMPRESSION zstd",
    ExportFormat.JSONL: "FORMAT json",
    ExportFormat.CSV: "FORMAT csv, HEADER",
}


def export(database: Database, out: Path, form: ExportFormat, dataset: str | None = None) -> list[Path]:
    """Write samples, claims, verdicts, findings, audits and events, a file each, and return the paths.

    Args:
        dataset: this dataset alone (name, digest or audit id); else the newest audit of each.

    Raises:
        UsageError: the ledger has no such dataset, or no rows.
        LedgerError: row files are missing.
        EnvironmentFault: the folder cannot be written.
    """
    import duckdb

    try:
        out.mkdir(parents=True, exist_ok=True)
        with database.reading() as session, in_memory() as memory:
            memory.execute("SET threads = 2")
            audits = _chosen(session, dataset)
            written = [_samples(session, memory, database.location.rows, audits, out, form)]
            for name, rows in _tables(session, audits).items():
                if rows:
                    memory.register(name, pa.Table.from_pylist(rows))
                    written.append(_copy(memory, f"SELECT * FROM {name}", out / f"{name}.{form}", form))
    except (OSError, duckdb.IOException) as error:
        reason = str(error).splitlines()[0]
        raise EnvironmentFault(
            f"the export failed: {reason}", where=str(out), fix="choose another --out"
        ) from error
    except duckdb.Error as error:
        raise unreadable_rows(database.location.rows) from error
    return written


def _chosen(session: Session, dataset: str | None) -> list[AuditLine]:
    if dataset is not None:
        return [find_audit(session, dataset)]
    newest = set(newest_audits(session))
    return [line for line in list_audits(session) if line.id in newest]


def _samples(
    session: Session,
    memory: DuckDBPyConnection,
    folder: Path,
    audits: Sequence[AuditLine],
    out: Path,
    form: ExportFormat,
) -> Path:
    shelf = [place for audit in audits for place in _places(session, folder, audit)]
    if not shelf:
        raise UsageError("the ledger holds no rows to export", fix="run `auditor audit` first")
    for position, place in enumerate(shelf):
        place["position"] = position
    memory.register("shelf", pa.Table.from_pylist(shelf, _SHELF))
    inherited = [line for audit in audits for line in _inherited(session, audit)]
    memory.register("inherited", pa.Table.from_pylist(inherited, _INHERITED))
    files = list(dict.fromkeys(place["file"] for place in shelf))
    return _copy(memory, _ROWS, out / f"samples.{form}", form, {"shards": files})


_SHELF = pa.schema([("audit", pa.string()), ("file", pa.string()), ("position", pa.int64())])


def _places(session: Session, folder: Path, audit: AuditLine) -> Iterable[dict[str, Any]]:
    statement = select(AuditShard).where(AuditShard.audit_id == audit.id)
    for shard in session.exec(statement.order_by(col(AuditShard.position))):
        yield {"audit": audit.id, "file": str(existing_shard(folder, shard.sha256))}


def _inherited(session: Session, audit: AuditLine) -> Iterable[dict[str, Any]]:
    ids = session.exec(select(StoredVerdict.origin_id).where(StoredVerdict.audit_id == audit.id)).all()
    for key, origin in read_origins(session, ids).items():
        yield {
            "audit": audit.id,
            "dataset": audit.dataset,
            "origin_id": key,
            "teachers": sorted({teacher.id for teacher in origin.teachers}),
            "licenses": sorted({entry.expression for entry in origin.licenses}),
            "basis": origin.basis.value,
            "grade": origin.grade.value,
        }


def _tables(session: Session, audits: Sequence[AuditLine]) -> dict[str, list[dict[str, Any]]]:
    ids = [audit.id for audit in audits]
    verdicts = select(StoredVerdict).where(col(StoredVerdict.audit_id).in_(ids))
    findings = select(StoredFinding).where(col(StoredFinding.audit_id).in_(ids))
    claims = select(StoredClaim)
    return {
        "audits": [asdict(audit) for audit in audits],
        "verdicts": _dumped(session.exec(verdicts).all(), "audit_id", "origin_id"),
        "findings": _dumped(session.exec(findings).all(), "audit_id", "id"),
        "claims": _dumped(session.exec(claims).all(), "claim_set_id", "position"),
        "events": [event.model_dump() for event in events(session)],
    }


def _dumped(rows: Iterable[Any], *order: str) -> list[dict[str, Any]]:
    return sorted((row.model_dump() for row in rows), key=lambda row: [row[key] for key in order])


def _copy(
    memory: DuckDBPyConnection,
    query: str,
    path: Path,
    form: ExportFormat,
    values: dict[str, Any] | None = None,
) -> Path:
    with Draft.beside(path) as draft:
        target = str(draft.path).replace("'", "''")
        # The draft is there already, and needs no other file of DuckDB's own making beside it.
        memory.execute(f"COPY ({query}) TO '{target}' ({_OPTIONS[form]}, USE_TMP_FILE false)", values)
    return path
