"""Claims and origins between the domain's facts and the tables' rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from auditor.domain.claim import Access, Basis, Claim, ClaimKind, ClaimSet, Grade
from auditor.domain.origin import Origin, OriginFlag, OriginLicense, OriginTeacher, View
from auditor.domain.role import TeacherRole, role_of
from auditor.errors import LedgerError
from auditor.ledger.plain import from_text, sha256, to_text
from auditor.ledger.tables import (
    License,
    StoredClaim,
    StoredClaimSet,
    StoredLicense,
    StoredOrigin,
    StoredTeacher,
    Table,
    Teacher,
)
from auditor.serialize import encode

Rows = dict[type[Table], list[dict[str, Any]]]
"""Rows by table, in an order that satisfies references."""
_CHUNK = 500
_Word = TypeVar("_Word", bound=StrEnum)


def claim_set_id(claims: ClaimSet) -> str:
    """Name a claim set by its content."""
    return claims_id(encode(claims.claims))


def claims_id(claims: list[dict[str, str]]) -> str:
    """Name a claim set by its claims' fields."""
    return f"c-{sha256(claims)[:32]}"


def claim_rows(sets: Iterable[tuple[str, ClaimSet]]) -> Rows:
    """Return the rows of claim sets."""
    heads, claims = [], []
    for key, claim_set in sets:
        heads.append({"id": key})
        for position, claim in enumerate(claim_set.claims):
            fields = {"kind": claim.kind.value, "value": claim.value, "basis": claim.basis.value}
            place = {"claim_set_id": key, "position": position}
            claims.append(place | fields | {"where": claim.where, "slot": claim.slot})
    return {StoredClaimSet: heads, StoredClaim: claims}


def origin_rows(origins: Iterable[Origin]) -> Rows:
    """Return the rows of origins, their teachers and their licenses."""
    rows: Rows = {t: [] for t in (Teacher, License, StoredOrigin, StoredTeacher, StoredLicense)}
    for origin in origins:
        flags = ",".join(sorted(origin.flags))
        head = {"id": origin.id, "basis": origin.basis.value, "grade": origin.grade.value, "flags": flags}
        rows[StoredOrigin].append(head)
        for position, teacher in enumerate(origin.teachers):
            place = {"origin_id": origin.id, "position": position}
            rows[Teacher].append({"id": teacher.id})
            rows[StoredTeacher].append(place | _teacher_row(teacher))
        for position, entry in enumerate(origin.licenses):
            place = {"origin_id": origin.id, "position": position}
            rows[License].append({"expression": entry.expression})
            rows[StoredLicense].append(place | _license_row(entry))
    return rows


def _teacher_row(teacher: OriginTeacher) -> dict[str, Any]:
    names = ("name", "resolved", "basis", "grade", "access", "host", "generated_at", "slot", "where")
    own = {"teacher_id": teacher.id, "views": ",".join(teacher.views)}
    return own | fields_of(teacher, names) | {"candidates": to_text(teacher.candidates)}


def _license_row(entry: OriginLicense) -> dict[str, Any]:
    told = fields_of(entry, ("expression", "declared", "basis", "where"))
    return told | {"candidates": to_text(entry.candidates)}


def fields_of(value: object, names: Iterable[str]) -> dict[str, Any]:
    """Return some fields of a value as a table's columns of the same names, words of a closed set as text."""
    found = {name: getattr(value, name) for name in names}
    return {name: one.value if isinstance(one, StrEnum) else one for name, one in found.items()}


def read_claim_set(session: Session, key: str) -> ClaimSet:
    """Return a stored claim set; empty where the id is unknown."""
    statement = select(StoredClaim).where(StoredClaim.claim_set_id == key).order_by(col(StoredClaim.position))
    return ClaimSet(tuple(_claim(row) for row in session.exec(statement)))


_CLAIM = ("kind", "value", "basis", "where", "slot")


def all_claim_sets(session: Session) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Yield the id and the claims' fields of every stored set, a thousand claims in memory at a time."""
    statement = (
        select_columns(col(StoredClaimSet.id), *(getattr(StoredClaim, name) for name in _CLAIM))
        .outerjoin(StoredClaim, col(StoredClaim.claim_set_id) == col(StoredClaimSet.id))
        .order_by(col(StoredClaimSet.id), col(StoredClaim.position))
    )
    rows = session.execute(statement.execution_options(yield_per=1000))
    for key, group in groupby(rows, key=lambda row: str(row[0])):
        yield key, [dict(zip(_CLAIM, row[1:], strict=True)) for row in group if row[1] is not None]


def _claim(row: StoredClaim) -> Claim:
    return Claim(_word(ClaimKind, row.kind), row.value, _word(Basis, row.basis), row.where, row.slot)


def read_origins(session: Session, ids: Sequence[str]) -> dict[str, Origin]:
    """Return stored origins by id; unknown ids are left out."""
    found: dict[str, Origin] = {}
    for start in range(0, len(ids), _CHUNK):
        found |= _read_origins(session, ids[start : start + _CHUNK])
    return found


def _read_origins(session: Session, ids: Sequence[str]) -> dict[str, Origin]:
    teachers: dict[str, list[OriginTeacher]] = {}
    by_teacher = select(StoredTeacher).where(col(StoredTeacher.origin_id).in_(ids))
    for row in session.exec(by_teacher.order_by(col(StoredTeacher.position))):
        teachers.setdefault(row.origin_id, []).append(_teacher(row))
    licenses: dict[str, list[OriginLicense]] = {}
    by_license = select(StoredLicense).where(col(StoredLicense.origin_id).in_(ids))
    for entry in session.exec(by_license.order_by(col(StoredLicense.position))):
        licenses.setdefault(entry.origin_id, []).append(_license(entry))
    return {
        head.id: Origin(
            head.id,
            tuple(teachers.get(head.id, ())),
            tuple(licenses.get(head.id, ())),
            _word(Basis, head.basis),
            _word(Grade, head.grade),
            frozenset(_word(OriginFlag, flag) for flag in head.flags.split(",") if flag),
        )
        for head in session.exec(select(StoredOrigin).where(col(StoredOrigin.id).in_(ids)))
    }


def _teacher(row: StoredTeacher) -> OriginTeacher:
    return OriginTeacher(
        id=row.teacher_id,
        name=row.name,
        resolved=row.resolved,
        views=tuple(_word(View, view) for view in row.views.split(",") if view),
        basis=_word(Basis, row.basis),
        grade=_word(Grade, row.grade),
        access=_word(Access, row.access),
        host=row.host,
        generated_at=row.generated_at,
        slot=row.slot,
        where=row.where,
        candidates=tuple(from_text(row.candidates)),
        role=role_of(row.slot) or TeacherRole.WRITER,
    )


def _license(row: StoredLicense) -> OriginLicense:
    candidates = tuple(from_text(row.candidates))
    return OriginLicense(row.declared, row.expression, _word(Basis, row.basis), row.where, candidates)


def _word(kind: type[_Word], value: str) -> _Word:
    try:
        return kind(value)
    except ValueError as error:
        raise LedgerError(
            f"the ledger holds {value!r}, which is not a {kind.__name__}", fix="run `auditor ledger verify`"
        ) from error
