"""A pointer to the words that decide."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """A section of terms, of a license, or of this tool's own engine rules."""

    ref: str
    """Terms id, SPDX id, or `engine-rule`."""
    section: str = ""
    url: str = ""
    source: str = ""
    confidence: str = ""
