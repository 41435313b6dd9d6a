"""What the fingerprint search says of one text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MatchVerdict(StrEnum):
    """The three answers of a search; `insufficient` is neither a hit nor a clearance."""

    COPIED = "copied"
    NO_MATCH = "no-match"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text shared by the row and the reference, in characters of the original texts."""

    query_start: int
    query_end: int
    reference_start: int
    reference_end: int


@dataclass(frozen=True, slots=True)
class Match:
    """The verdict on one text, with the evidence for it."""

    sample_id: str
    verdict: MatchVerdict
    teacher: str | None = None
    """The best matching index label; None unless copied."""
    teachers: tuple[str, ...] = ()
    """All labels that tie with it."""
    family: str | None = None
    score: float = 0.0
    matched_chars: int = 0
    spans: tuple[Span, ...] = ()
    reference_id: str | None = None
