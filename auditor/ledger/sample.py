"""All that the ledger knows of one row, found by its id or its digest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from auditor.domain.claim import ClaimSet
from auditor.domain.origin import Origin
from auditor.errors import UsageError
from auditor.ids import PREFIX, written
from auditor.ledger.answers import find_audit, newest_audits
from auditor.ledger.database import Database
from auditor.ledger.facts import read_claim_set, read_origins
from auditor.ledger.lookup import DigestIndex
from auditor.ledger.memory import in_memory
from auditor.ledger.plain import from_text
from auditor.ledger.rows import existing_shard, index_path, unreadable_rows
from auditor.ledger.tables import Audit, AuditShard, Dataset, Snapshot, StoredVerdict
from auditor.parquet import open_parquet

MOST = 20
"""Rows that one question may bring back."""
_DIGEST = re.compile(f"(?:{PREFIX})?([0-9a-f]{{6,64}})")
_MATCH = ("match", "match_teacher", "match_score", "matched_chars", "spans", "reference_id", "match_slot")


@dataclass(frozen=True, slots=True)
class Seen:
    """A row in one audit."""

    audit: str
    dataset: str
    sample_id: str
    outcome: str
    finished_at: str


@dataclass(frozen=True, slots=True)
class SampleAnswer:
    """A row with its origin, the claims and the match behind it, and the newest verdict on it.

    Attributes:
        digest: `sha256:` and hex; None for an unreadable row.
        claims: as recorded; empty where the audit recorded none for the row.
        match: the columns of the search, None where nothing was searched.
        verdict: the fields of `auditor.domain.verdict.Verdict`.
        audits: all audits that met a row of this digest, newest first.
    """

    sample_id: str
    digest: str | None
    line: int | None
    dataset: str
    audit: str
    outcome: str
    origin: Origin
    claims: ClaimSet
    match: dict[str, Any] | None
    verdict: dict[str, Any]
    audits: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    audit: str
    dataset: str
    finished_at: str
    order: int
    row: dict[str, Any]

    @property
    def seen(self) -> Seen:
        return Seen(self.audit, self.dataset, self.row["sample_id"], self.row["outcome"], self.finished_at)


def show(database: Database, sample: str, dataset: str | None = None) -> list[SampleAnswer]:
    """Return the rows that `sample` names: a sample id in the newest audit of each dataset, or a digest.

    Args:
        sample: `file#row`, or a row digest or at least 6 digits of it.
        dataset: look in this dataset alone (name, digest or audit id).

    Raises:
        UsageError: no row, or too many rows, answer to it.
        LedgerError: the ledger cannot be read.
    """
    digest = _DIGEST.fullmatch(sample)
    with database.reading() as session:
        chosen = None if dataset is None else find_audit(session, dataset).id
        shelf = _Shelf(session, database.location.rows)
        if digest:
            hits = list(shelf.by_digest(*_range(digest[1]), chosen))
        else:
            hits = list(shelf.by_id(sample, [chosen] if chosen else newest_audits(session)))
        if not hits:
            raise UsageError(
                f"the ledger has no row {sample!r}",
                fix="give `file#row` or the first digits of a row's digest",
            )
        return _answers(session, shelf, hits)


def _range(digits: str) -> tuple[bytes, bytes]:
    """Return the first and the last digest that start with these hex digits."""
    return bytes.fromhex(digits.ljust(64, "0")), bytes.fromhex(digits.ljust(64, "f"))


def _answers(session: Session, shelf: _Shelf, hits: list[_Hit]) -> list[SampleAnswer]:
    newest: dict[tuple[str, bytes | None], _Hit] = {}
    for hit in sorted(hits, key=lambda h: -h.order):
        newest.setdefault((hit.dataset if hit.row["digest"] is None else "", hit.row["digest"]), hit)
    if len(newest) > MOST:
        raise UsageError(f"more than {MOST} rows answer to it", fix="give more digits of the digest")
    return [_answer(session, shelf, hit) for hit in newest.values()]


def _answer(session: Session, shelf: _Shelf, hit: _Hit) -> SampleAnswer:
    row = hit.row
    digest: bytes | None = row["digest"]
    everywhere = [hit] if digest is None else list(shelf.by_digest(digest, digest, None))
    verdict = session.get_one(StoredVerdict, (hit.audit, row["origin_id"]))
    return SampleAnswer(
        sample_id=row["sample_id"],
        digest=None if digest is None else written(digest),
        line=row["line"],
        dataset=hit.dataset,
        audit=hit.audit,
        outcome=row["outcome"],
        origin=read_origins(session, [row["origin_id"]])[row["origin_id"]],
        claims=read_claim_set(session, row["claim_set"]) if row["claim_set"] else ClaimSet(),
        match=None if row["match"] is None else {key: row[key] for key in _MATCH},
        verdict=from_text(verdict.body),
        audits=tuple(h.seen for h in sorted(everywhere, key=lambda h: -h.order)),
    )


class _Shelf:
    """The row files, searched by digest through their look-ups and by id with DuckDB."""

    def __init__(self, session: Session, folder: Path) -> None:
        self._session = session
        self._folder = folder

    def by_digest(self, first: bytes, last: bytes, audit: str | None) -> Iterator[_Hit]:
        """Yield the rows whose digest lies between two, both included; at most `MOST` + 1 of a file."""
        statement = select(AuditShard.sha256).distinct()
        if audit is not None:
            statement = statement.where(AuditShard.audit_id == audit)
        for shard in self._session.exec(statement).all():
            rows = self._matching(shard, first, last)
            if rows:
                yield from self._hits(shard, rows, audit)

    def by_id(self, sample: str, audits: list[str]) -> Iterator[_Hit]:
        """Yield the rows of these audits that have this id."""
        for audit in audits:
            statement = select(AuditShard.sha256).where(AuditShard.audit_id == audit)
            for shard in self._session.exec(statement.order_by(col(AuditShard.position))).all():
                rows = self._scan(shard, sample)
                if rows:
                    yield from self._hits(shard, rows, audit)

    def _scan(self, shard: str, sample: str) -> list[dict[str, Any]]:
        import duckdb

        path = existing_shard(self._folder, shard)
        with _readable(path, duckdb.Error), in_memory() as memory:
            found = memory.execute("SELECT * FROM read_parquet(?) WHERE sample_id = ?", [str(path), sample])
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchmany(MOST + 1)]

    def _matching(self, shard: str, first: bytes, last: bytes) -> list[dict[str, Any]]:
        places = []
        for place in self._index(shard).between(first, last):
            places.append(place)
            if len(places) > 16 * (MOST + 1):
                break
        if not places:
            return []
        path = existing_shard(self._folder, shard)
        with _readable(path):
            rows = _read_rows(path, places)
        return [row for row in rows if first <= row["digest"] <= last][: MOST + 1]

    def _index(self, shard: str) -> DigestIndex:
        path = index_path(self._folder, shard)
        if path.exists():
            return DigestIndex.open(path)
        builder = DigestIndex.Builder()
        path = existing_shard(self._folder, shard)
        with _readable(path):
            for batch in open_parquet(path).iter_batches(columns=["digest"]):
                builder.add(pa.chunked_array(batch.columns))
        return builder.build()

    def _hits(self, shard: str, rows: list[dict[str, Any]], audit: str | None) -> Iterator[_Hit]:
        statement = (
            select_columns(col(Audit.id), col(Dataset.name), col(Audit.finished_at), col(Audit.event_index))
            .join(AuditShard, col(AuditShard.audit_id) == col(Audit.id))
            .join(Snapshot, col(Snapshot.id) == col(Audit.snapshot_id))
            .join(Dataset, col(Dataset.id) == col(Snapshot.dataset_id))
            .where(col(AuditShard.sha256) == shard)
            .distinct()
        )
        if audit is not None:
            statement = statement.where(col(Audit.id) == audit)
        for identity, dataset, finished_at, order in self._session.execute(statement):
            for row in rows:
                yield _Hit(identity, dataset, finished_at, order, row)


@contextmanager
def _readable(path: Path, *more: type[Exception]) -> Iterator[None]:
    """Turn what a damaged row file raises into an error that names it."""
    try:
        yield
    except (OSError, pa.ArrowException, KeyError, *more) as error:
        raise unreadable_rows(path) from error


def _read_rows(path: Path, places: list[int]) -> list[dict[str, Any]]:
    file = open_parquet(path)
    rows: list[dict[str, Any]] = []
    start = 0
    for group in range(file.num_row_groups):
        count = file.metadata.row_group(group).num_rows
        inside = [place - start for place in places if start <= place < start + count]
        if inside:
            rows += file.read_row_group(group).take(inside).to_pylist()
        start += count
    return rows
