"""What a text was read from: the copy, its digest, and how long it is known to have been in force."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from auditor.domain.axes import Confidence
from auditor.domain.terms import Line, Reading, Terms, TermsKind
from auditor.ids import TermsId
from auditor.knowledge.fields import Fields

SERVICES = frozenset({TermsKind.SERVICE, TermsKind.USE_POLICY})
"""Texts that change without the user: a reading of them holds for a time."""


def read_reading(fields: Fields) -> Reading:
    """Build one entry of a text's `read`.

    Raises:
        KnowledgeError: it breaks the schema.
    """
    reading = Reading(
        repository=fields.text("repository"),
        path=fields.text("path"),
        commit=fields.hex("commit", 10, 40),
        seen=fields.date("seen"),
        sha256=fields.hex("sha256", 64),
        chars=fields.count("chars", 0),
        lines=tuple(_line(one) for one in fields.entries("lines")),
    )
    fields.done()
    return reading


def _line(fields: Fields) -> Line:
    line = Line(fields.text("section"), fields.hex("sha256", 64))
    if not line.sha256:
        raise fields.fault("`sha256` is missing")
    fields.done()
    return line


def check_readings(terms: Terms, fields: Fields) -> None:
    """Refuse a shipped service text that is called read without the copy it was read from.

    Raises:
        KnowledgeError: there is none.
    """
    verified = terms.confidence is Confidence.TEXT and terms.kind in SERVICES
    if verified and not terms.overlay and not terms.read:
        raise fields.fault("`verified-from-text` without `read`", "name the copy that was read")


def line_digest(line: str) -> str:
    """Return the digest by which a line is found again, whatever the white space between its words."""
    return hashlib.sha256(" ".join(line.split()).encode()).hexdigest()


def last_seen(terms: Iterable[TermsId], catalog: Mapping[TermsId, Terms]) -> str | None:
    """Return the last day on which all of `terms` were seen in force; None where nothing says."""
    held = [catalog[one] for one in terms if one in catalog and catalog[one].kind in SERVICES]
    days = [max((one.seen for one in text.read if one.seen), default=None) for text in held]
    return min((day for day in days if day is not None), default=None)
