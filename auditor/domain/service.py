"""A service that answers calls: which texts governed it between which days, and which of them nobody read."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.domain.claim import Access
from auditor.domain.teacher import TermsSpan


@dataclass(frozen=True, slots=True)
class Unread:
    """A text that governed a service and that nobody has read."""

    start: str | None
    end: str | None
    what: str
    """The text, as its maker calls it."""
    where: str
    """Where it would be read."""


@dataclass(frozen=True, slots=True)
class Service:
    """A vendor's or host's service by one access path, with its texts over time."""

    id: str
    name: str
    provider: str
    access: Access
    spans: tuple[TermsSpan, ...]
    """In order; a day outside all of them is unread."""
    unread: tuple[Unread, ...] = ()
    note: str = ""
    overlay: str = ""
    """The overlay folder that gave this entry; empty for the built-in knowledge."""
