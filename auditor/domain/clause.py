"""A clause reference: a pointer to the words that decide."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """A section of terms, of a license, or of this tool's own engine rules."""

    ref: str
    """Terms id, SPDX id, or `engine-rule`."""
    section: str = ""
    """As the text numbers it; empty for the whole."""
    url: str = ""
    """Where the text can be read."""
    source: str = ""
    """What the reading was taken from."""
    confidence: str = ""
    """How it was read: a value of `Confidence`, or empty."""
