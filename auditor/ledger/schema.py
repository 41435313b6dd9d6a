"""Bring a database to this program's schema when it is opened."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from auditor.errors import LedgerError
from auditor.ledger.database import connect, translated
from auditor.ledger.location import Location
from auditor.ledger.tables import Table

HEAD = "0002"
"""The newest revision in `migrations/versions`."""
_VERSION = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)
_LOCK = 0x61756469746F72


def upgrade(location: Location) -> None:
    """Create or migrate the schema under a lock; do nothing where it is current.

    All of it is one transaction: a crash on the way leaves the old schema.

    Raises:
        LedgerError: the schema is newer than this program, or the database cannot be written.
    """
    engine = connect(location, foreign_keys=False)
    try:
        with translated(location):
            with engine.connect() as connection:
                found = _revision(connection)
            if found == HEAD:
                return
            with engine.execution_options(auditor_writes=True).begin() as connection:
                if connection.dialect.name != "sqlite" or inspect(connection).get_table_names():
                    _migrate(connection, location)
                else:
                    _create(connection)
    finally:
        engine.dispose()


def is_current(location: Location) -> bool:
    """Tell, without writing, whether a ledger needs no migration.

    Raises:
        LedgerError: the file is not a ledger, or cannot be read.
    """
    engine = connect(location, foreign_keys=False, read_only=True)
    try:
        with translated(location), engine.connect() as connection:
            found = _revision(connection)
    finally:
        engine.dispose()
    if found is None and location.path is not None:
        raise LedgerError(
            "no ledger is in this file",
            where=location.shown,
            fix="give the file that `auditor audit --ledger` wrote, or restore it from a copy",
        )
    return found == HEAD


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    try:
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except (OperationalError, ProgrammingError):
        return None
    return found


def _create(connection: Connection) -> None:
    """Make in an empty database what all migrations together make, in a tenth of the time."""
    Table.metadata.create_all(connection)
    connection.exec_driver_sql(_VERSION)
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def _migrate(connection: Connection, location: Location) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = _revision(connection)
    if found is not None and found not in known:
        raise LedgerError(
            f"the ledger has schema {found}, this program knows up to {HEAD}",
            where=location.shown,
            fix="upgrade auditor, or choose another --ledger",
        )
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise LedgerError(
            "a migration would break references", where=location.shown, fix="report this ledger"
        )
