"""The connection: writers that never lose a transaction, readers that never wait for them."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from auditor.errors import EnvironmentFault, LedgerError
from auditor.ledger.location import Location

# An interrupt in the clean-up of a connection is told by who was interrupted, not by a log of the library.
logging.getLogger("sqlalchemy.pool").addHandler(logging.NullHandler())

_BUSY_SECONDS = 60
_WRITES = "auditor_writes"


class Database:
    """Sessions on a ledger's database.

    A SQLite writer takes the lock when it begins (`BEGIN IMMEDIATE`), since one that begins as a reader and
    then writes fails when another wrote in between. A PostgreSQL writer locks the events table, which holds
    the only value that writers contend for: the head of the chain.
    """

    def __init__(self, location: Location, *, read_only: bool = False) -> None:
        self.location = location
        self._engine = connect(location, foreign_keys=True, read_only=read_only)
        self._writer = self._engine.execution_options(**{_WRITES: True})

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that sees one state of the ledger.

        Raises:
            LedgerError: the database cannot be read.
        """
        with translated(self.location), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session that commits when the block ends well and leaves no trace when it does not.

        Raises:
            LedgerError: the database is locked for too long, or cannot be written.
        """
        with translated(self.location), Session(self._writer, expire_on_commit=False) as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(text("LOCK TABLE events IN EXCLUSIVE MODE"))
            yield session
            session.commit()

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def connect(location: Location, *, foreign_keys: bool, read_only: bool = False) -> Engine:
    """Make an engine whose SQLite connections use WAL, a busy timeout and explicit `BEGIN`.

    Args:
        read_only: write nothing, so that a ledger on a read-only medium opens too; SQLite alone.

    Raises:
        EnvironmentFault: the PostgreSQL driver is missing.
    """
    path = location.path
    if read_only and path is not None:
        return _reader(path)
    try:
        engine = create_engine(location.url if path is None else URL.create("sqlite", database=str(path)))
    except ModuleNotFoundError as error:
        raise EnvironmentFault(
            "the PostgreSQL driver is not installed", fix='pip install "auditor[postgres]"'
        ) from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, foreign_keys)
    return engine


def _reader(path: Path) -> Engine:
    def open_() -> sqlite3.Connection:
        address = f"file:{quote(os.fspath(path.absolute()))}?mode=ro"
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        try:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            # Where no file can be made beside it, it is read as it lies, unless a writer left some of it.
            connection.close()
            log = path.with_name(f"{path.name}-wal")
            if log.exists() and log.stat().st_size:
                raise
            connection = sqlite3.connect(f"{address}&immutable=1", uri=True, check_same_thread=False)
        return connection

    return create_engine("sqlite://", creator=open_, poolclass=NullPool)


def _prepare_sqlite(engine: Engine, foreign_keys: bool) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def translated(location: Location) -> Iterator[None]:
    """Turn a database error into a `LedgerError` that says what to do."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise LedgerError(
            "the ledger failed: it holds text that is not UTF-8",
            where=location.shown,
            fix="restore the file from a copy, or choose another --ledger",
        ) from error
    except sqlite3.Error as error:
        raise LedgerError(
            f"the ledger failed: {error}", where=location.shown, fix=_fix(str(error))
        ) from error
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error).__name__
        raise LedgerError(f"the ledger failed: {reason}", where=location.shown, fix=_fix(reason)) from error
    except SQLAlchemyError as error:
        raise LedgerError(
            f"the ledger failed: {type(error).__name__}",
            where=location.shown,
            fix="run `auditor ledger verify`",
        ) from error


def _fix(reason: str) -> str:
    if "locked" in reason or "lock timeout" in reason:
        return "another audit is writing; try again when it is done"
    if "readonly" in reason or "unable to open" in reason:
        return "make the file and its folder writable, or choose another --ledger"
    if "not a database" in reason or "malformed" in reason:
        return "restore the file from a copy, or choose another --ledger"
    return "check that the database is reachable, or choose another --ledger"
