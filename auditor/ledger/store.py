"""Open a ledger, record audits and events in it, and check its history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from auditor.errors import UsageError
from auditor.files import clear_drafts_within, write_faults
from auditor.ledger.chain import Head, append, instant, next_place, read_head
from auditor.ledger.database import Database
from auditor.ledger.location import locate
from auditor.ledger.plain import sha256
from auditor.ledger.recording import AuditHeader, AuditRecorder
from auditor.ledger.rows import SUFFIX
from auditor.ledger.schema import is_current, upgrade
from auditor.ledger.tables import Student

STUDENT = "student.trained"
"""The kind of the event that a student leaves."""


class Ledger:
    """A ledger: the audits of many data sets, with their origins, verdicts and history.

    Attributes:
        database: sessions for the queries of `auditor.ledger.answers`.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self.database = database
        self._clock = clock

    @classmethod
    def open(
        cls, ledger: str, clock: Callable[[], datetime], *, create: bool = True, read_only: bool = False
    ) -> Self:
        """Open a ledger, made and migrated where needed.

        Args:
            ledger: a plain path, `sqlite:///PATH` or `postgresql://…`.
            clock: gives the time of events, with its zone.
            create: make a SQLite file that is not there.
            read_only: write nothing to a SQLite file of this schema.

        Raises:
            UsageError: no such ledger, or no such kind of ledger.
            LedgerError: the ledger is broken, locked, or of a newer schema.
            EnvironmentFault: the folder cannot be made, or a driver is missing.
        """
        location = locate(ledger)
        if location.path is not None and not location.path.exists():
            if not create:
                raise UsageError(
                    "no ledger is here", where=location.shown, fix="run `auditor audit`, or give --ledger"
                )
            _make_folder(location.path.parent)
        if not create and location.path is not None and is_current(location):
            return cls(Database(location, read_only=read_only), clock)
        upgrade(location)
        clear_drafts_within(location.rows, SUFFIX)
        return cls(Database(location), clock)

    def __enter__(self) -> Self:
        """Return the ledger itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the ledger."""
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self.database.close()

    def begin_audit(self, header: AuditHeader) -> AuditRecorder:
        """Start to record an audit; use the result in a `with` block and end it with `commit`."""
        return AuditRecorder(self.database, header, self._clock)

    def append(self, kind: str, body: Mapping[str, Any]) -> Head:
        """Add an event of another kind, e.g. `permit.signed`, and return the new head.

        Raises:
            LedgerError: the database is locked or cannot be written.
        """
        with self.database.writing() as session:
            return append(session, self._clock(), kind, body)

    def record_student(
        self, name: str, dataset_digest: str, permit_digest: str = "", model_digest: str = ""
    ) -> Head:
        """Record that a model was trained on a dataset, and return the new head.

        Raises:
            LedgerError: the database is locked or cannot be written.
        """
        moment = self._clock()
        with self.database.writing() as session:
            student = Student(
                event_index=next_place(session)[0],
                name=name,
                dataset_digest=dataset_digest,
                permit_digest=permit_digest,
                model_digest=model_digest,
                trained_at=instant(moment),
            )
            body = {"student": name, "content": sha256(student.model_dump())}
            session.add(student)
            return append(session, moment, STUDENT, body)

    def head(self) -> Head | None:
        """Return the newest entry of the chain, to be signed; None for an empty ledger."""
        with self.database.reading() as session:
            return read_head(session)


def _make_folder(folder: Path) -> None:
    with write_faults(folder, "choose another --ledger", "the ledger's folder cannot be made"):
        folder.mkdir(parents=True, exist_ok=True)
