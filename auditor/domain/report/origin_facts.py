"""An origin as a report sums it up."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.claim import Basis, Grade
from auditor.domain.origin import Origin, OriginFlag, OriginLicense, OriginTeacher
from auditor.domain.outcome import Outcome


@dataclass(frozen=True, slots=True)
class OriginFacts:
    """A combination of teachers and licenses, and what it came to."""

    id: str
    teachers: tuple[str, ...]
    """Catalog ids, declared and detected; the raw name where the catalog has none."""
    terms: tuple[str, ...]
    """Catalog ids of the terms that its teachers are under."""
    licenses: tuple[str, ...]
    """Concluded SPDX expressions."""
    basis: Basis
    grade: Grade
    samples: int
    share: float
    """Part of the readable rows, 0 to 1."""
    outcome: Outcome
    flags: tuple[OriginFlag, ...] = ()
    teacher_details: tuple[OriginTeacher, ...] = ()
    license_details: tuple[OriginLicense, ...] = ()
    rules: tuple[str, ...] = ()
    """Rules behind the reasons of its verdict."""


def origin_facts(
    origin: Origin,
    terms: tuple[str, ...],
    samples: int,
    total: int,
    outcome: Outcome,
    rules: tuple[str, ...] = (),
) -> OriginFacts:
    """Sum up one origin that `samples` of `total` readable rows have."""
    return OriginFacts(
        id=origin.id,
        teachers=tuple(sorted({teacher.id for teacher in origin.teachers})),
        terms=tuple(sorted(set(terms))),
        licenses=tuple(sorted({entry.expression for entry in origin.licenses})),
        basis=origin.basis,
        grade=origin.grade,
        samples=samples,
        share=samples / total if total else 0.0,
        outcome=outcome,
        flags=tuple(sorted(origin.flags)),
        teacher_details=origin.teachers,
        license_details=origin.licenses,
        rules=tuple(sorted(set(rules))),
    )


def origin_of(facts: OriginFacts) -> Origin:
    """Return the origin that a report sums up."""
    return Origin(
        facts.id,
        facts.teacher_details,
        facts.license_details,
        facts.basis,
        facts.grade,
        frozenset(facts.flags),
    )
