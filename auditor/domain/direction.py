"""A direction: which way evidence on fair use pulls."""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    """Which way a piece of evidence pulls."""

    FOR = "for"
    AGAINST = "against"
    UNKNOWN = "unknown"
