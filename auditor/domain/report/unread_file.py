"""Files in the named data that were not read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A data-like file in the named data that gave no rows."""

    path: str
    """Relative to the data's root."""
    reason: str
