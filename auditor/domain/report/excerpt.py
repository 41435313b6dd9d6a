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
    """Rows as they are: a report that another tool made may say so; no audit writes one."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A row beside the reference it matches; spans count characters within these two texts."""

    finding: str
    """Id of the finding that shows it."""
    sample_id: str
    text: str
    """Of the row: the shared stretches and a few words around them."""
    reference_text: str
    """Of the reference, cut in the same way."""
    spans: tuple[Span, ...] = ()
    teacher: str = ""
    reference_id: str = ""
    score: float | None = None
