"""An outcome: what a rule, an origin or a whole set comes to."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    """The four answers, mildest first."""

    ALLOW = "allow"
    ALLOW_WITH_OBLIGATIONS = "allow-with-obligations"
    REVIEW = "review"
    DENY = "deny"

    @property
    def severity(self) -> int:
        """Rank in the order allow < allow-with-obligations < review < deny."""
        return _SEVERITY[self]

    @property
    def passes(self) -> bool:
        """Tell whether training may go on."""
        return self in (Outcome.ALLOW, Outcome.ALLOW_WITH_OBLIGATIONS)


_SEVERITY = {outcome: rank for rank, outcome in enumerate(Outcome)}


def strictest(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the strictest of `outcomes`; an empty iterable is `review`, since nothing was judged."""
    return max(outcomes, key=_SEVERITY.__getitem__, default=Outcome.REVIEW)
