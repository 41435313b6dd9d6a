"""Check a ledger from its first entry to its last: the chain, what it covers, and the files beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from auditor.canonical import RowError
from auditor.errors import LedgerError
from auditor.ledger.chain import GENESIS, Break, Head, check_entry, events
from auditor.ledger.content import content_digest
from auditor.ledger.database import Database
from auditor.ledger.facts import all_claim_sets, claims_id
from auditor.ledger.plain import from_text, sha256
from auditor.ledger.recording import RECORDED
from auditor.ledger.rows import file_sha256, shard_path
from auditor.ledger.store import STUDENT
from auditor.ledger.tables import Audit, AuditShard, Event, Student


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of a check: how far it came, and the first thing that does not hold.

    Attributes:
        entries: of the chain, up to the break if there is one.
        broken: None where everything holds.
    """

    entries: int
    head: Head | None
    broken: Break | None


def verify(database: Database, expected: Head | None = None, *, files: bool = True) -> Verification:
    """Check every entry, the rows of the tables it covers, and the row files it names.

    Args:
        expected: a head kept elsewhere; a chain that lost entries after it was taken does not reach it.
        files: hash the row files too.

    Raises:
        LedgerError: the database cannot be read, or is not sound by its own account.
    """
    with database.reading() as session:
        _sound(session, database)
        checker = _Checker(session, database, expected, files)
        try:
            broken = checker.first_break()
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
            broken = Break(checker.entries, "what the tables hold cannot be read")
    return Verification(checker.entries, checker.head, broken)


def _sound(session: Session, database: Database) -> None:
    """Ask SQLite whether its pages, indexes and constraints hold; the chain covers values alone."""
    if session.get_bind().dialect.name != "sqlite":
        return
    try:
        found = session.connection().exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    except UnicodeDecodeError:
        found = "text that is not UTF-8"
    if found != "ok":
        raise LedgerError(
            f"SQLite finds the ledger malformed: {str(found).splitlines()[-1]}",
            where=database.location.shown,
            fix="restore the file from a copy",
        )


class _Checker:
    def __init__(self, session: Session, database: Database, expected: Head | None, files: bool) -> None:
        self._session = session
        self._rows = database.location.rows
        self._expected = expected
        self._files = files
        self._seen: set[str] = set()
        self._students: set[int] = set()
        self._good_files: set[str] = set()
        self.entries = 0
        self.head: Head | None = None

    def first_break(self) -> Break | None:
        previous = GENESIS
        for event in events(self._session):
            reason = check_entry(event, self.entries, previous) or self._against_head(event)
            reason = reason or self._covered(event)
            if reason:
                return Break(self.entries, reason)
            previous = event.hash
            self.head = Head(event.index, event.hash)
            self.entries += 1
        return self._cut_off() or next(self._uncovered(), None)

    def _against_head(self, event: Event) -> str | None:
        known = self._expected
        if known is None or known.index != event.index or known.hash == event.hash:
            return None
        return "it is another entry than the head given: history was rewritten"

    def _cut_off(self) -> Break | None:
        if self._expected is None or self._expected.index < self.entries:
            return None
        last = "is empty" if self.head is None else f"ends at entry {self.head.index}"
        return Break(self.entries, f"the chain {last}, the head given is entry {self._expected.index}")

    def _covered(self, event: Event) -> str | None:
        try:
            if event.kind == RECORDED:
                return self._audit(event)
            if event.kind == STUDENT:
                return self._student(event)
        except RowError as error:
            return f"the tables hold a value that nothing records: {error.message}"
        return None

    def _audit(self, event: Event) -> str | None:
        body = from_text(event.body)
        audit_id = body["audit"]
        self._seen.add(audit_id)
        audit = self._session.get(Audit, audit_id)
        if audit is None or audit.event_index != event.index:
            return f"audit {audit_id} is missing from the tables"
        if content_digest(self._session, audit_id) != body["content"]:
            return f"what the tables hold of audit {audit_id} was changed"
        return self._shards(audit_id) if self._files else None

    def _shards(self, audit_id: str) -> str | None:
        statement = select(AuditShard.sha256).where(AuditShard.audit_id == audit_id)
        for name in self._session.exec(statement.order_by(col(AuditShard.position))):
            if name in self._good_files:
                continue
            path = shard_path(self._rows, name)
            if not path.is_file():
                return f"the rows of audit {audit_id} are missing: {path}"
            if file_sha256(path) != name:
                return f"the rows of audit {audit_id} were changed: {path}"
            self._good_files.add(name)
        return None

    def _student(self, event: Event) -> str | None:
        self._students.add(event.index)
        row = self._session.get(Student, event.index)
        if row is None:
            return "the student it records is missing from the tables"
        return (
            None
            if sha256(row.model_dump()) == from_text(event.body)["content"]
            else "its student was changed"
        )

    def _uncovered(self) -> Iterator[Break]:
        for audit in self._session.exec(select(Audit.id).order_by(col(Audit.event_index))):
            if audit not in self._seen:
                yield Break(None, f"audit {audit} is in the tables, but no entry records it")
        for index in self._session.exec(select(Student.event_index)):
            if index not in self._students:
                yield Break(None, f"student {index} is in the tables, but no entry records it")
        for key, claims in all_claim_sets(self._session):
            if claims_id(claims) != key:
                yield Break(None, f"the claims of claim set {key} were changed")
