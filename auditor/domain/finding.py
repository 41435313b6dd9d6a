"""A finding: reasons grouped by cause over a whole set; what a reader of the report meets."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.clause import ClauseRef
from auditor.domain.match import Span
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause, the rows it touches, the clause behind it and the way out."""

    id: str
    """Stable under rewording, row order and sharding: a digest of rule, subject and clause."""
    rule: str
    """Id of the rule that spoke."""
    outcome: Outcome
    title: str
    message: str
    layer: Layer
    samples: int
    """Rows that it touches."""
    subject: str = ""
    """What it is about: a teacher id, a license, a plan key."""
    clauses: tuple[ClauseRef, ...] = ()
    fix: str = ""
    """What would settle it."""
    origins: tuple[str, ...] = ()
    """Ids of the origins it was found in."""
    evidence: tuple[Evidence, ...] = ()
    """A few of the rows."""
    waived_by: str | None = None
    """Id of the waiver that accepts it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One example row of a finding."""

    sample_id: str
    """`file#row`."""
    note: str = ""
    """Why this row is here, without row text."""
    line: int | None = None
    """From 1, in a file that has lines."""
    teacher: str | None = None
    """Index label of the text it was copied from."""
    reference_id: str | None = None
    """Of the text it was copied from."""
    score: float | None = None
    """Of the match: 1 and more is a copy."""
    spans: tuple[Span, ...] = ()
