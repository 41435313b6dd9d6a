"""Models that a document says wrote the set, and that no row names: beside rows that name another of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.domain.claim import Access, Basis, Claim, ClaimKind, ClaimSet
from auditor.domain.finding import Finding
from auditor.domain.origin import OF_SETUP, Origin, in_document
from auditor.domain.outcome import Outcome
from auditor.domain.role import WRITES, TeacherRole, role_of
from auditor.engine.own_finding import engine_finding
from auditor.provenance.interface import Catalog
from auditor.report.words import plain

UNHEARD = "teacher-in-no-row"


def unheard(claim_sets: Sequence[ClaimSet], origins: Sequence[Origin], catalog: Catalog) -> Iterator[Finding]:
    """Yield a question for each writer that a card or its prose names and that wrote no row.

    One whose weights anybody may run decides nothing, nor does a name in prose that nobody knows.

    Args:
        claim_sets: those of the whole set.
        origins: those of the whole set.
    """
    met = {id for origin in origins for one in origin.teachers for id in (one.id, *one.candidates)}
    names = {one.name.casefold() for origin in origins for one in origin.teachers}
    said = dict.fromkeys(one for held in claim_sets for one in held.of(ClaimKind.TEACHER) if _is_general(one))
    found: dict[tuple[str, str], None] = {}
    for one in said:
        known = catalog.name_teacher(one.value, Access.UNKNOWN, None, None)
        ids = {id for id in (known.id, *known.candidates) if id}
        doubted = catalog.is_bound(one.value) if ids else one.basis is Basis.CARD
        if doubted and met.isdisjoint(ids) and one.value.casefold() not in names:
            found[one.value, one.where] = None
    for name, where in sorted(found):
        yield _question(plain(name), plain(where))


def _is_general(claim: Claim) -> bool:
    """Tell whether a claim speaks of the set as a whole, and of who wrote it."""
    in_prose = claim.basis is Basis.INFERRED and in_document(claim.where)
    wrote = (role_of(claim.slot) or TeacherRole.WRITER) in WRITES
    return wrote and (claim.basis is Basis.CARD or (in_prose and not claim.where.endswith(OF_SETUP)))


def _question(name: str, where: str) -> Finding:
    return engine_finding(
        UNHEARD,
        "A document names a writer that no row names",
        f"`{where}` says that {name} made a part of the set, and every row names somebody else. "
        "Rows of it may be here under another name.",
        f"name {name} in the rows it wrote, or correct `{where}` where those rows were taken out",
        cause=f"{where} {name}",
        subject=where,
        outcome=Outcome.REVIEW,
    )
