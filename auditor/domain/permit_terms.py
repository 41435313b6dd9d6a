"""What a policy pack asks of a permit beside its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class PermitTerms:
    """How long a permit under a pack may hold."""

    expires: bool = False
    """A permit without an end is refused."""
    max_days: int | None = None
    """It holds for so many days at most; asks for an end too."""

    def shortfall(self, issued_at: datetime, expires_at: datetime | None) -> str | None:
        """Say why a permit does not meet the terms; None where it does."""
        if expires_at is None:
            return "the policy asks for a permit with an expiry" if self.expires or self.max_days else None
        if self.max_days is not None and expires_at - issued_at > timedelta(days=self.max_days):
            return f"the policy asks for a permit of {self.max_days} days at most"
        return None
