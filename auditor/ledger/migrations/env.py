"""Run migrations on the connection that the ledger hands over."""

from __future__ import annotations

from alembic import context

from auditor.ledger.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
