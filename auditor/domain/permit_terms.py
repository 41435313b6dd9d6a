"""Permit terms: what a policy pack asks of a permit beside its verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class PermitTerms:
    """How long a permit under a pack may hold."""

    expires: bool = False
    """A permit without an end is refused."""
    max_days: int | None = None
    """It holds for so many days at most; asks for an end too."""
    refuses_unread: bool = False
    """Nobody may start beside data that was not read, whatever they accept."""

    @classmethod
    def strictest(cls, every: Iterable[PermitTerms | None]) -> PermitTerms:
        """Join the terms of a pack and of those it includes; none of them is lost."""
        given = [one for one in every if one is not None]
        days = [one.max_days for one in given if one.max_days is not None]
        return cls(
            any(one.expires for one in given),
            min(days, default=None),
            any(one.refuses_unread for one in given),
        )

    def stated(self) -> dict[str, str]:
        """Return the terms as a report and a permit state them; empty where there are none."""
        days = {} if self.max_days is None else {"max_days": str(self.max_days)}
        expires = {"expires": "required"} if self.expires else {}
        return {**expires, **days, **({"unread": "refuse"} if self.refuses_unread else {})}

    def shortfall(self, issued_at: datetime, expires_at: datetime | None) -> str | None:
        """Say why a permit does not meet the terms; None where it does."""
        if expires_at is None:
            return "the policy asks for a permit with an expiry" if self.expires or self.max_days else None
        if self.max_days is not None and expires_at - issued_at > timedelta(days=self.max_days):
            return f"the policy asks for a permit of {self.max_days} days at most"
        return None
