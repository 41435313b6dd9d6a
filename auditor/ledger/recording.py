"""Record one audit: rows as they come, all else in one transaction at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
from sqlalchemy.dialects import sqlite
from sqlmodel import Session, select

from auditor.canonical import encode
from auditor.domain.claim import ClaimSet
from auditor.domain.coverage import Coverage
from auditor.domain.finding import Finding
from auditor.domain.origin import Origin
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Verdict
from auditor.errors import LedgerError
from auditor.ledger.chain import append, instant, next_place
from auditor.ledger.content import content_digest
from auditor.ledger.database import Database
from auditor.ledger.facts import Rows, claim_rows, claim_set_id, fields_of, origin_rows
from auditor.ledger.plain import to_text
from auditor.ledger.rows import RowWriter, ShardFile
from auditor.ledger.tables import (
    Audit,
    AuditShard,
    AuditTerms,
    Dataset,
    MatchCount,
    Shard,
    Snapshot,
    StoredFinding,
    StoredVerdict,
    Table,
    Terms,
    Waiver,
)

RECORDED = "audit.recorded"
"""The kind of the event that an audit leaves."""
_NO_TERMS = frozenset({"", "engine-rule", "NOASSERTION", "NONE", "LicenseRef-Unknown"})
"""References of clauses that are nobody's terms."""


@dataclass(frozen=True, slots=True)
class AuditHeader:
    """The facts of an audit that are known before its first row.

    Attributes:
        dataset: the name that `ledger teachers` takes.
        indexes: specification of each index searched.
        tool: name and version of the program.
    """

    dataset: str
    policy: str
    started_at: datetime
    policy_digest: str = ""
    plan_digest: str = ""
    knowledge_digest: str = ""
    indexes: tuple[str, ...] = ()
    tool: str = ""


class AuditRecorder:
    """Gather an audit; nobody sees any of it before `commit`, and nothing is left of one that fails."""

    def __init__(self, database: Database, header: AuditHeader, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._header = header
        self._clock = clock
        self._rows = RowWriter(database.location.rows)
        self._claim_sets: dict[str, ClaimSet] = {}
        self._origins: dict[str, Origin] = {}
        self._verdicts: dict[str, Verdict] = {}
        self._terms: dict[str, tuple[str, ...]] = {}
        self._findings: dict[str, Finding] = {}
        self._waivers: dict[str, Mapping[str, Any]] = {}

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop what was not committed."""
        self._rows.abort()

    def add_claim_sets(self, claim_sets: Sequence[ClaimSet]) -> list[str]:
        """Record claim sets and return their ids, in order, for the rows' column `claim_set`."""
        ids = [claim_set_id(claims) for claims in claim_sets]
        self._claim_sets.update(zip(ids, claim_sets, strict=True))
        return ids

    def add_origins(self, origins: Iterable[Origin]) -> None:
        """Record origins; every row's origin must be among them when the audit is committed."""
        self._origins.update((origin.id, origin) for origin in origins)

    def add_samples(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Record rows, in the columns of `auditor.ledger.rows.ROW_SCHEMA`; other columns are left out.

        Raises:
            LedgerError: the rows do not fit the schema.
            EnvironmentFault: the folder of rows cannot be written.
        """
        self._rows.add(rows)

    def add_verdicts(
        self, verdicts: Mapping[str, Verdict], terms: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        """Record verdicts by origin id, and the terms ids each origin was judged under.

        The terms and licenses that a verdict's clauses name are recorded too.
        """
        for origin_id, verdict in verdicts.items():
            self._verdicts[origin_id] = verdict
            named = {reason.clause.ref for reason in verdict.reasons}
            named |= {duty.clause.ref for duty in verdict.obligations}
            named |= set((terms or {}).get(origin_id, ()))
            self._terms[origin_id] = tuple(sorted(named - _NO_TERMS))

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Record findings."""
        self._findings.update((finding.id, finding) for finding in findings)

    def add_waivers(self, waivers: Iterable[Mapping[str, Any]]) -> None:
        """Record the waivers applied, each a mapping of plain values with its `id`."""
        self._waivers.update((str(waiver["id"]), waiver) for waiver in waivers)

    def commit(
        self,
        dataset_digest: str,
        outcome: Outcome,
        coverage: Coverage | None = None,
        unreadable: int = 0,
        report_digest: str = "",
    ) -> str:
        """Make the audit visible and return its id; `report_digest` is over all that its report says.

        Raises:
            LedgerError: a row's origin, verdict or claims were not recorded, or the database fails.
            EnvironmentFault: the folder of rows cannot be written.
        """
        self._check()
        shards = self._rows.finish()
        finished = self._clock()
        about = {"dataset": self._header.dataset, "dataset_digest": dataset_digest}
        said = about | ({"report": report_digest} if report_digest else {}) | {"outcome": outcome.value}
        with self._database.writing() as session:
            index, previous = next_place(session)
            row = self._audit_row(index, outcome, coverage or Coverage(), finished)
            audit_id = _audit_id(row | said, previous)
            snapshot = _snapshot(session, self._header.dataset, dataset_digest, self._samples, unreadable)
            self._insert_all(session, {"id": audit_id, "snapshot_id": snapshot} | row, shards)
            content = content_digest(session, audit_id)
            append(session, finished, RECORDED, {"audit": audit_id, "content": content} | said)
        return audit_id

    @property
    def _samples(self) -> int:
        return self._rows.origins.total()

    def _check(self) -> None:
        for what, known, used in (
            ("origin", self._origins.keys(), self._rows.origins.keys()),
            ("verdict", self._verdicts.keys(), self._origins.keys()),
            ("claim set", self._claim_sets.keys(), self._rows.claim_sets),
            ("origin", self._origins.keys(), self._verdicts.keys()),
        ):
            missing = sorted(used - known)
            if missing:
                raise LedgerError(f"an audit lacks the {what} of {missing[0]!r}", fix="report this error")

    def _audit_row(self, index: int, outcome: Outcome, coverage: Coverage, end: datetime) -> dict[str, Any]:
        header = self._header
        return {
            "event_index": index,
            "outcome": outcome.value,
            "policy": header.policy,
            "policy_digest": header.policy_digest,
            "plan_digest": header.plan_digest,
            "knowledge_digest": header.knowledge_digest,
            "tool": header.tool,
            "indexes": to_text(header.indexes),
            "coverage": to_text(coverage),
            "started_at": instant(header.started_at),
            "finished_at": instant(end),
        }

    def _insert_all(self, session: Session, header: dict[str, Any], shards: list[ShardFile]) -> None:
        terms = sorted({ref for refs in self._terms.values() for ref in refs})
        files = {s.sha256: {"sha256": s.sha256, "samples": s.samples, "size": s.size} for s in shards}
        used = [(key, self._claim_sets[key]) for key in sorted(self._rows.claim_sets)]
        shared: Rows = {Shard: list(files.values()), Terms: [{"id": ref} for ref in terms]}
        for table, rows in (shared | claim_rows(used) | origin_rows(self._origins.values())).items():
            _insert(session, table, rows, shared=True)
        _insert(session, Audit, [header])
        for table, rows in self._own_rows(shards).items():
            _insert(session, table, [{"audit_id": header["id"]} | row for row in rows])

    def _own_rows(self, shards: list[ShardFile]) -> Rows:
        return {
            AuditShard: [{"position": at, "sha256": s.sha256} for at, s in enumerate(shards)],
            StoredVerdict: [self._verdict_row(key, verdict) for key, verdict in self._verdicts.items()],
            AuditTerms: [
                {"origin_id": key, "terms_id": ref} for key, refs in self._terms.items() for ref in refs
            ],
            MatchCount: [
                {"verdict": verdict, "teacher": teacher, "samples": count}
                for (verdict, teacher), count in sorted(self._rows.matches.items())
            ],
            StoredFinding: [_finding_row(finding) for finding in self._findings.values()],
            Waiver: [{"id": key, "body": to_text(waiver)} for key, waiver in self._waivers.items()],
        }

    def _verdict_row(self, origin_id: str, verdict: Verdict) -> dict[str, Any]:
        return {
            "origin_id": origin_id,
            "samples": self._rows.origins[origin_id],
            "outcome": verdict.outcome.value,
            "body": to_text(verdict),
        }


def _finding_row(finding: Finding) -> dict[str, Any]:
    told = fields_of(finding, ("id", "rule", "outcome", "subject", "samples", "waived_by"))
    return told | {"body": to_text(finding)}


def _audit_id(said: Mapping[str, Any], previous: str) -> str:
    """Name an audit after all that its entry says of it and the entry before, so that no two share a name."""
    named = encode({**said, "previous": previous})
    return f"a-{hashlib.sha256(named).hexdigest()[:16]}"


def _snapshot(session: Session, name: str, digest: str, samples: int, unreadable: int) -> int:
    dataset = session.exec(select(Dataset).where(Dataset.name == name)).first()
    if dataset is None:
        dataset = Dataset(name=name)
        session.add(dataset)
        session.flush()
    wanted = {"dataset_id": dataset.id, "digest": digest, "samples": samples, "unreadable": unreadable}
    snapshot = session.exec(select(Snapshot).filter_by(**wanted)).first()
    if snapshot is None:
        snapshot = Snapshot.model_validate(wanted)
        session.add(snapshot)
        session.flush()
    assert snapshot.id is not None
    return snapshot.id


def _insert(
    session: Session, table: type[Table], rows: list[dict[str, Any]], *, shared: bool = False
) -> None:
    if not rows:
        return
    target: Any = table.__table__  # type: ignore[attr-defined]
    statement: Any = sqlite.insert(target)
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        statement = postgresql.insert(target)
    session.execute(statement.on_conflict_do_nothing() if shared else statement, rows)
