"""Rows shown beside the text that they repeat, and how much of it a report may carry."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from auditor.domain.match import Span


class Redaction(StrEnum):
    """How much row text the report carries."""

    NO_TEXT = "no-text"
    SHARED_SPANS = "shared-spans"
    """Only the stretches that row and reference share, with a few words around them."""
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A row beside the reference it matches; spans count characters within these two texts."""

    finding: str
    sample_id: str
    text: str
    reference_text: str
    spans: tuple[Span, ...] = ()
    teacher: str = ""
    reference_id: str = ""
    score: float | None = None
