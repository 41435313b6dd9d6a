"""All tables of the ledger; per-sample rows lie in Parquet (see `auditor.ledger.rows`).

Closed sets are stored as their words and instants as ISO 8601 in UTC, so that SQLite and PostgreSQL hold
the same values. A column added later is nullable: a null is left out of an audit's content digest, so old
digests stay true.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import BigInteger, MetaData, Text
from sqlmodel import Field, SQLModel

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """The base of all tables, with its own metadata and constraint names that migrations can refer to."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=_NAMES)


class OfAudit(Table):
    """The base of tables whose rows belong to one audit."""

    audit_id: str = Field(primary_key=True, foreign_key="audits.id")


class OfOrigin(Table):
    """The base of tables whose rows are the parts of an origin, by their place."""

    origin_id: str = Field(primary_key=True, foreign_key="origins.id")
    position: int = Field(primary_key=True)


class Dataset(Table, table=True):
    """A training set by the name it was audited under."""

    __tablename__ = "datasets"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class Snapshot(Table, table=True):
    """The rows of a dataset at one time, known by their digest."""

    __tablename__ = "snapshots"
    id: int | None = Field(default=None, primary_key=True)
    dataset_id: int = Field(foreign_key="datasets.id", index=True)
    digest: str = Field(index=True)
    samples: int = Field(sa_type=BigInteger)
    unreadable: int = Field(default=0, sa_type=BigInteger)


class Audit(Table, table=True):
    """One finished audit; an unfinished one has no row."""

    __tablename__ = "audits"
    id: str = Field(primary_key=True)
    event_index: int = Field(sa_type=BigInteger, unique=True)
    """The event of the hash chain that records it; also the order of audits."""
    snapshot_id: int = Field(foreign_key="snapshots.id", index=True)
    outcome: str
    policy: str
    policy_digest: str = ""
    plan_digest: str = ""
    knowledge_digest: str = ""
    tool: str = ""
    indexes: str = Field(default="[]", sa_type=Text)
    """JSON list: the specification of each index searched."""
    coverage: str = Field(default="{}", sa_type=Text)
    """JSON object: the fields of `auditor.domain.coverage.Coverage`."""
    started_at: str
    finished_at: str


class Shard(Table, table=True):
    """A Parquet file of rows, named by the SHA-256 of its bytes; equal audits share it."""

    __tablename__ = "shards"
    sha256: str = Field(primary_key=True)
    samples: int = Field(sa_type=BigInteger)
    size: int = Field(sa_type=BigInteger)


class AuditShard(OfAudit, table=True):
    """The shards of an audit, in row order."""

    __tablename__ = "audit_shards"
    position: int = Field(primary_key=True)
    sha256: str = Field(foreign_key="shards.sha256", index=True)


class StoredClaimSet(Table, table=True):
    """All claims that hold for some rows; its id is a digest of the claims."""

    __tablename__ = "claim_sets"
    id: str = Field(primary_key=True)


class StoredClaim(Table, table=True):
    """One statement of a claim set, in the claimant's words."""

    __tablename__ = "claims"
    claim_set_id: str = Field(primary_key=True, foreign_key="claim_sets.id")
    position: int = Field(primary_key=True)
    kind: str
    value: str
    basis: str
    where: str
    slot: str = ""


class StoredOrigin(Table, table=True):
    """One combination of teachers, licenses, basis and grade."""

    __tablename__ = "origins"
    id: str = Field(primary_key=True)
    basis: str
    grade: str
    flags: str = ""
    """Comma-separated, sorted."""


class Teacher(Table, table=True):
    """A teacher model by catalog id, or by its raw name where the catalog has none."""

    __tablename__ = "teachers"
    id: str = Field(primary_key=True)


class StoredTeacher(OfOrigin, table=True):
    """A teacher of an origin, with what is known of the decision's key."""

    __tablename__ = "origin_teachers"
    teacher_id: str = Field(foreign_key="teachers.id", index=True)
    name: str
    resolved: bool
    views: str
    """Comma-separated."""
    basis: str
    grade: str
    access: str
    host: str | None = None
    generated_at: str | None = None
    slot: str = ""
    where: str = ""
    candidates: str = Field(default="[]", sa_type=Text)
    """JSON list."""


class License(Table, table=True):
    """A concluded SPDX expression."""

    __tablename__ = "licenses"
    expression: str = Field(primary_key=True)


class StoredLicense(OfOrigin, table=True):
    """A dataset license of an origin, as declared and as concluded."""

    __tablename__ = "origin_licenses"
    expression: str = Field(foreign_key="licenses.expression", index=True)
    declared: str
    basis: str
    where: str = ""
    candidates: str = Field(default="[]", sa_type=Text)
    """JSON list."""


class StoredVerdict(OfAudit, table=True):
    """The answer of one audit on one origin, and how many rows inherit it."""

    __tablename__ = "verdicts"
    origin_id: str = Field(primary_key=True, foreign_key="origins.id", index=True)
    samples: int = Field(sa_type=BigInteger)
    outcome: str
    body: str = Field(sa_type=Text)
    """JSON object: the fields of `auditor.domain.verdict.Verdict`."""


class Terms(Table, table=True):
    """Terms or a license that decided something: the `ref` of a clause."""

    __tablename__ = "terms"
    id: str = Field(primary_key=True)


class AuditTerms(OfAudit, table=True):
    """The terms under which an audit judged an origin."""

    __tablename__ = "audit_terms"
    origin_id: str = Field(primary_key=True, foreign_key="origins.id")
    terms_id: str = Field(primary_key=True, foreign_key="terms.id", index=True)


class MatchCount(OfAudit, table=True):
    """A count of the rows that came to one search verdict, by best teacher; a row's own is in its shard."""

    __tablename__ = "matches"
    verdict: str = Field(primary_key=True)
    teacher: str = Field(primary_key=True)
    """Index label; empty unless copied."""
    samples: int = Field(sa_type=BigInteger)


class StoredFinding(OfAudit, table=True):
    """One cause of one audit."""

    __tablename__ = "findings"
    id: str = Field(primary_key=True, index=True)
    rule: str
    outcome: str
    subject: str = ""
    samples: int = Field(sa_type=BigInteger)
    waived_by: str | None = None
    body: str = Field(sa_type=Text)
    """JSON object: the fields of `auditor.domain.finding.Finding`."""


class Waiver(OfAudit, table=True):
    """A waiver that an audit applied."""

    __tablename__ = "waivers"
    id: str = Field(primary_key=True)
    body: str = Field(sa_type=Text)
    """JSON object: the waiver as it was written."""


class Event(Table, table=True):
    """One entry of the hash chain."""

    __tablename__ = "events"
    index: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    """From 0, without gaps."""
    at: str
    kind: str
    body: str = Field(sa_type=Text)
    """Canonical JSON object."""
    previous: str
    """Hash of the entry before; 64 zeros for the first."""
    hash: str


class Student(Table, table=True):
    """A model trained on an audited set."""

    __tablename__ = "students"
    event_index: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    """The event of the hash chain that records it."""
    name: str
    dataset_digest: str = Field(index=True)
    permit_digest: str = ""
    model_digest: str = ""
    trained_at: str
