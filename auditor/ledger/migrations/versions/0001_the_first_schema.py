"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    _facts()
    _audits()
    _answers()
    _chain()


def downgrade() -> None:
    """Bring the schema back to none."""
    for table in TABLES:
        op.drop_table(table)


TABLES = (
    "events",
    "waivers",
    "findings",
    "matches",
    "audit_terms",
    "verdicts",
    "audit_shards",
    "shards",
    "audits",
    "snapshots",
    "datasets",
    "origin_teachers",
    "origin_licenses",
    "origins",
    "teachers",
    "terms",
    "licenses",
    "claims",
    "claim_sets",
)


def _word(name: str, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sqlmodel.AutoString(), nullable=nullable)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _unique(table: str, column: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(column, name=op.f(f"uq_{table}_{column}"))


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _facts() -> None:
    op.create_table("claim_sets", _word("id"), _key("claim_sets", "id"))
    op.create_table(
        "claims",
        _word("claim_set_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _word("kind"),
        _word("value"),
        _word("basis"),
        _word("where"),
        _word("slot"),
        _reference("claims", "claim_set_id", "claim_sets.id"),
        _key("claims", "claim_set_id", "position"),
    )
    op.create_table("licenses", _word("expression"), _key("licenses", "expression"))
    op.create_table("terms", _word("id"), _key("terms", "id"))
    op.create_table("teachers", _word("id"), _key("teachers", "id"))
    op.create_table(
        "origins", _word("id"), _word("basis"), _word("grade"), _word("flags"), _key("origins", "id")
    )
    op.create_table(
        "origin_licenses",
        _word("origin_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _word("expression"),
        _word("declared"),
        _word("basis"),
        _word("where"),
        sa.Column("candidates", sa.Text(), nullable=False),
        _reference("origin_licenses", "expression", "licenses.expression"),
        _reference("origin_licenses", "origin_id", "origins.id"),
        _key("origin_licenses", "origin_id", "position"),
    )
    _index("origin_licenses", "expression")
    op.create_table(
        "origin_teachers",
        _word("origin_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _word("teacher_id"),
        _word("name"),
        sa.Column("resolved", sa.Boolean(), nullable=False),
        _word("views"),
        _word("basis"),
        _word("grade"),
        _word("access"),
        _word("host", nullable=True),
        _word("generated_at", nullable=True),
        _word("slot"),
        _word("where"),
        sa.Column("candidates", sa.Text(), nullable=False),
        _reference("origin_teachers", "origin_id", "origins.id"),
        _reference("origin_teachers", "teacher_id", "teachers.id"),
        _key("origin_teachers", "origin_id", "position"),
    )
    _index("origin_teachers", "teacher_id")


def _audits() -> None:
    op.create_table(
        "datasets",
        sa.Column("id", sa.Integer(), nullable=False),
        _word("name"),
        _key("datasets", "id"),
        _unique("datasets", "name"),
    )
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        _word("digest"),
        sa.Column("samples", sa.BigInteger(), nullable=False),
        sa.Column("unreadable", sa.BigInteger(), nullable=False),
        _reference("snapshots", "dataset_id", "datasets.id"),
        _key("snapshots", "id"),
    )
    _index("snapshots", "dataset_id")
    _index("snapshots", "digest")
    op.create_table(
        "audits",
        _word("id"),
        sa.Column("event_index", sa.BigInteger(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        _word("outcome"),
        _word("policy"),
        _word("policy_digest"),
        _word("plan_digest"),
        _word("knowledge_digest"),
        _word("tool"),
        sa.Column("indexes", sa.Text(), nullable=False),
        sa.Column("coverage", sa.Text(), nullable=False),
        _word("started_at"),
        _word("finished_at"),
        _reference("audits", "snapshot_id", "snapshots.id"),
        _key("audits", "id"),
        _unique("audits", "event_index"),
    )
    _index("audits", "snapshot_id")
    op.create_table(
        "shards",
        _word("sha256"),
        sa.Column("samples", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        _key("shards", "sha256"),
    )
    op.create_table(
        "audit_shards",
        _word("audit_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _word("sha256"),
        _reference("audit_shards", "audit_id", "audits.id"),
        _reference("audit_shards", "sha256", "shards.sha256"),
        _key("audit_shards", "audit_id", "position"),
    )
    _index("audit_shards", "sha256")


def _answers() -> None:
    op.create_table(
        "verdicts",
        _word("audit_id"),
        _word("origin_id"),
        sa.Column("samples", sa.BigInteger(), nullable=False),
        _word("outcome"),
        sa.Column("body", sa.Text(), nullable=False),
        _reference("verdicts", "audit_id", "audits.id"),
        _reference("verdicts", "origin_id", "origins.id"),
        _key("verdicts", "audit_id", "origin_id"),
    )
    _index("verdicts", "origin_id")
    op.create_table(
        "audit_terms",
        _word("audit_id"),
        _word("origin_id"),
        _word("terms_id"),
        _reference("audit_terms", "audit_id", "audits.id"),
        _reference("audit_terms", "origin_id", "origins.id"),
        _reference("audit_terms", "terms_id", "terms.id"),
        _key("audit_terms", "audit_id", "origin_id", "terms_id"),
    )
    _index("audit_terms", "terms_id")
    op.create_table(
        "matches",
        _word("audit_id"),
        _word("verdict"),
        _word("teacher"),
        sa.Column("samples", sa.BigInteger(), nullable=False),
        _reference("matches", "audit_id", "audits.id"),
        _key("matches", "audit_id", "verdict", "teacher"),
    )
    op.create_table(
        "findings",
        _word("audit_id"),
        _word("id"),
        _word("rule"),
        _word("outcome"),
        _word("subject"),
        sa.Column("samples", sa.BigInteger(), nullable=False),
        _word("waived_by", nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        _reference("findings", "audit_id", "audits.id"),
        _key("findings", "audit_id", "id"),
    )
    _index("findings", "id")
    op.create_table(
        "waivers",
        _word("audit_id"),
        _word("id"),
        sa.Column("body", sa.Text(), nullable=False),
        _reference("waivers", "audit_id", "audits.id"),
        _key("waivers", "audit_id", "id"),
    )


def _chain() -> None:
    op.create_table(
        "events",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        _word("at"),
        _word("kind"),
        sa.Column("body", sa.Text(), nullable=False),
        _word("previous"),
        _word("hash"),
        _key("events", "index"),
    )
