"""A match: what the fingerprint search says of one text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MatchVerdict(StrEnum):
    """The answers of a search; `insufficient` and `unreadable-text` are neither a hit nor a clearance."""

    COPIED = "copied"
    NO_MATCH = "no-match"
    INSUFFICIENT = "insufficient"
    UNREADABLE = "unreadable-text"
    """Encoded or disguised, and not undone: what it holds was not compared."""
    PUBLIC = "public-text"
    """What it shares is nobody's own: three providers have it, or public texts; the rest is no copy."""


class InsufficientReason(StrEnum):
    """Why a search could not tell; only the last is said of a text that shares something."""

    FEW_WORDS = "few-words"
    NOTHING_RARE = "nothing-rare"
    SHARED_PASSAGE = "shared-passage"
    """It shares a passage with one reference text, too short or too common to tell a copy from chance."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text shared by the row and the reference, in characters of the original texts."""

    query_start: int
    query_end: int
    reference_start: int
    reference_end: int
