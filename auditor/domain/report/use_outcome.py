"""What the rows of a report come to for a use that is not the planned one."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.outcome import Outcome
from auditor.domain.plan import IntendedUse


@dataclass(frozen=True, slots=True)
class UseOutcome:
    """What the same rows come to for another use."""

    use: IntendedUse
    outcome: Outcome
    reason: str = ""
    """The deciding rule and what it is about, one line."""
    denied: int = 0
    """Rows that the use forbids, before waivers."""
    open: int = 0
    """Rows that a person must decide."""
    passing: int = 0
