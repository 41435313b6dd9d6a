"""Answers about datasets: their audits, teachers and shares, and what a change of terms touches.

Counts come from the verdicts of one audit, so an answer costs as much as that audit has origins; neither its
rows nor older audits are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Select, literal, null, union_all
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, or_, select

from auditor.domain.claim import Access, Basis, Grade
from auditor.errors import UsageError
from auditor.ids import PREFIX, hex_of
from auditor.ledger.tables import (
    Audit,
    AuditTerms,
    Dataset,
    License,
    Snapshot,
    StoredLicense,
    StoredOrigin,
    StoredTeacher,
    StoredVerdict,
    Student,
)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One audit, as listed."""

    id: str
    dataset: str
    dataset_digest: str
    samples: int
    unreadable: int
    outcome: str
    policy: str
    finished_at: str


@dataclass(frozen=True, slots=True)
class TeacherShare:
    """The rows of a dataset that one teacher is behind, by how we know.

    Attributes:
        teacher: catalog id or raw name; None for rows without a known teacher.
        share: of all rows; shares add up to more than 1 where rows have several teachers.
    """

    teacher: str | None
    access: Access
    basis: Basis
    grade: Grade
    samples: int
    share: float


@dataclass(frozen=True, slots=True)
class Touched:
    """Rows of an audited dataset that a teacher, terms or a license is behind.

    Attributes:
        newest: whether no later audit of that dataset is recorded.
    """

    dataset: str
    dataset_digest: str
    audit: str
    finished_at: str
    outcome: str
    samples: int
    newest: bool


@dataclass(frozen=True, slots=True)
class TrainedOn:
    """A student that learned from a touched dataset."""

    name: str
    dataset_digest: str
    """Of the rows it learned from, as they were audited."""
    permit_digest: str
    """Of the permit that training started under; empty where none was named."""
    trained_at: str
    """ISO time in UTC."""


@dataclass(frozen=True, slots=True)
class Impact:
    """All that one teacher, terms or license touches."""

    subject: str
    audits: tuple[Touched, ...]
    students: tuple[TrainedOn, ...]


def _lines() -> Select[Audit, Snapshot, str]:
    return (
        select_columns(Audit, Snapshot, col(Dataset.name))
        .join(Snapshot, col(Snapshot.id) == col(Audit.snapshot_id))
        .join(Dataset, col(Dataset.id) == col(Snapshot.dataset_id))
        .order_by(col(Audit.event_index).desc())
    )


def _line(audit: Audit, snapshot: Snapshot, name: str) -> AuditLine:
    counts = (snapshot.samples, snapshot.unreadable)
    return AuditLine(audit.id, name, snapshot.digest, *counts, audit.outcome, audit.policy, audit.finished_at)


def list_audits(session: Session, dataset: str | None = None, limit: int | None = None) -> list[AuditLine]:
    """Return audits, newest first; of one dataset by its name, if given."""
    statement = _lines() if dataset is None else _lines().where(col(Dataset.name) == dataset)
    return [_line(*row) for row in session.execute(statement.limit(limit))]


def _snapshots(dataset: str) -> Iterator[Select[int | None]]:
    """Yield the snapshots that a name means: by the dataset's name, then by digest; each by its own index."""
    ids = select_columns(col(Snapshot.id))
    yield ids.join(Dataset, col(Dataset.id) == col(Snapshot.dataset_id)).where(col(Dataset.name) == dataset)
    if re.fullmatch(r"[0-9a-f]{6,64}", hex_of(dataset)):
        prefix = PREFIX + hex_of(dataset)
        yield ids.where(col(Snapshot.digest) >= prefix, col(Snapshot.digest) < f"{prefix}g")


def _newest(session: Session, snapshots: Select[int | None]) -> Any:
    index = select_columns(func.max(col(Audit.event_index))).where(col(Audit.snapshot_id).in_(snapshots))
    return session.execute(_lines().where(col(Audit.event_index) == index.scalar_subquery())).first()


def find_audit(session: Session, dataset: str) -> AuditLine:
    """Return the newest audit of a dataset.

    Args:
        dataset: its name, its digest or the first 6 digits or more, or an audit id.

    Raises:
        UsageError: the ledger holds no such audit.
    """
    found = next(filter(None, (_newest(session, snapshots) for snapshots in _snapshots(dataset))), None)
    found = found or session.execute(_lines().where(col(Audit.id) == dataset)).first()
    if found is None:
        raise UsageError(
            f"the ledger has no audit of {dataset!r}", fix="`auditor ledger audits` lists what it has"
        )
    return _line(*found)


def newest_audits(session: Session) -> list[str]:
    """Return the id of the newest audit of each dataset, newest first."""
    newest = (
        select_columns(func.max(col(Audit.event_index)))
        .join(Snapshot, col(Snapshot.id) == col(Audit.snapshot_id))
        .group_by(col(Snapshot.dataset_id))
    )
    chosen = select(Audit.id).where(col(Audit.event_index).in_(newest))
    return list(session.exec(chosen.order_by(col(Audit.event_index).desc())))


def _grounds(audit_id: str) -> CompoundSelect[Any]:
    """Select teacher, access, basis, grade and rows: once for each ground of a row's origin."""
    judged, said = (col(StoredVerdict.audit_id) == audit_id, col(StoredVerdict.samples) > 0), StoredTeacher
    ground = (col(said.teacher_id), col(said.access), col(said.basis), col(said.grade))
    once = (
        select_columns(*ground, col(StoredVerdict.origin_id), col(StoredVerdict.samples).label("samples"))
        .join(said, col(said.origin_id) == col(StoredVerdict.origin_id))
        .where(*judged)
        .distinct()
        .subquery()
    )
    known = (once.c.teacher_id, once.c.access, once.c.basis, once.c.grade)
    named = select_columns(*known, func.sum(once.c.samples)).group_by(*known)
    origin = (col(StoredOrigin.basis), col(StoredOrigin.grade))
    nobody = (
        select_columns(null(), literal(Access.UNKNOWN.value), *origin, func.sum(col(StoredVerdict.samples)))
        .join(StoredOrigin, col(StoredOrigin.id) == col(StoredVerdict.origin_id))
        .where(
            *judged, ~select_columns(literal(1)).where(col(said.origin_id) == col(StoredOrigin.id)).exists()
        )
        .group_by(*origin)
    )
    return union_all(named, nobody)


def teacher_shares(session: Session, audit: AuditLine) -> list[TeacherShare]:
    """Return the teachers of an audit with their rows and grounds, most rows first."""
    shares = [
        TeacherShare(teacher, Access(access), Basis(basis), Grade(grade), rows, rows / audit.samples)
        for teacher, access, basis, grade, total in session.execute(_grounds(audit.id))
        for rows in (int(total),)
    ]
    return sorted(shares, key=lambda s: (-s.samples, s.teacher or "", s.access, s.basis, s.grade))


def impact(session: Session, subject: str) -> Impact:
    """Return the audits and students behind which a teacher, terms or a license stands.

    Args:
        subject: a teacher's catalog id or declared name, a terms id, or an SPDX id (in any expression).
    """
    behind = or_(
        col(StoredVerdict.origin_id).in_(_origins_of(session, subject)),
        select_columns(col(AuditTerms.terms_id))
        .where(
            col(AuditTerms.audit_id) == col(StoredVerdict.audit_id),
            col(AuditTerms.origin_id) == col(StoredVerdict.origin_id),
            func.lower(col(AuditTerms.terms_id)) == subject.lower(),
        )
        .exists(),
    )
    counted = (
        select_columns(col(StoredVerdict.audit_id), func.sum(col(StoredVerdict.samples)))
        .where(behind, col(StoredVerdict.samples) > 0)
        .group_by(col(StoredVerdict.audit_id))
    )
    samples = {audit: int(total) for audit, total in session.execute(counted)}
    newest = set(newest_audits(session))
    audits = [
        Touched(a.dataset, a.dataset_digest, a.id, a.finished_at, a.outcome, samples[a.id], a.id in newest)
        for a in list_audits(session)
        if a.id in samples
    ]
    return Impact(subject, tuple(audits), _students(session, sorted({a.dataset_digest for a in audits})))


def _origins_of(session: Session, subject: str) -> Select[str]:
    word = subject.lower()
    expressions = [
        expression
        for expression in session.exec(select(License.expression))
        if word in (expression.lower(), *re.split(r"[\s()]+", expression.lower()))
    ]
    by_license = select_columns(col(StoredLicense.origin_id)).where(
        col(StoredLicense.expression).in_(expressions)
    )
    named = or_(
        func.lower(col(StoredTeacher.teacher_id)) == word, func.lower(col(StoredTeacher.name)) == word
    )
    by_teacher = select_columns(col(StoredTeacher.origin_id)).where(named)
    return by_teacher.union(by_license)  # type: ignore[return-value]


def _students(session: Session, digests: Sequence[str]) -> tuple[TrainedOn, ...]:
    statement = select(Student).where(col(Student.dataset_digest).in_(digests))
    found = session.exec(statement.order_by(col(Student.event_index)))
    return tuple(TrainedOn(s.name, s.dataset_digest, s.permit_digest, s.trained_at) for s in found)
