"""Reasons grouped by cause over a whole set: what a reader of the report meets."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.clause import ClauseRef
from auditor.domain.match import Span
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer


@dataclass(frozen=True, slots=True)
class Evidence:
    """One example row of a finding."""

    sample_id: str
    note: str = ""
    """Why this row is here, without row text."""
    line: int | None = None
    teacher: str | None = None
    reference_id: str | None = None
    score: float | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause, the rows it touches, the clause behind it and the way out."""

    id: str
    """Stable under rewording, row order and sharding: a digest of rule, subject and clause."""
    rule: str
    outcome: Outcome
    title: str
    message: str
    layer: Layer
    samples: int
    subject: str = ""
    clauses: tuple[ClauseRef, ...] = ()
    fix: str = ""
    origins: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    waived_by: str | None = None
