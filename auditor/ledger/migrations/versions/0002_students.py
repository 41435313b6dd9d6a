"""Students: models trained on audited sets."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WORDS = ("name", "dataset_digest", "permit_digest", "model_digest", "trained_at")


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "students",
        sa.Column("event_index", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sqlmodel.AutoString(), nullable=False) for name in _WORDS),
        sa.PrimaryKeyConstraint("event_index", name=op.f("pk_students")),
    )
    op.create_index(op.f("ix_students_dataset_digest"), "students", ["dataset_digest"])


def downgrade() -> None:
    """Bring the schema back to the revision before."""
    op.drop_table("students")
