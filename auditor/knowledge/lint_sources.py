"""Remarks on entries that do not say what they were read from, or what was read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.domain.axes import Confidence
from auditor.domain.terms import Terms, TermsKind
from auditor.knowledge.catalog import Knowledge

PENDING = "to be read"
"""Begins every text of a new entry that somebody must replace."""
_NOTHING = re.compile(
    r"(?i)\W*(?:todo|tbd|tba|fixme|xxx|unknown|none|n/?a|somewhere|the (?:web|internet))\b\W*"
)


def source_remarks(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Yield the place and the message of each entry without a source, or verified without a reading."""
    named: list[tuple[str, Confidence, str]] = [
        *((f"teacher {one.id}", one.confidence, one.source) for one in knowledge.teachers.values()),
        *((f"terms {one.id}", one.confidence, one.source) for one in knowledge.terms.values()),
        *((f"license {one.id}", one.confidence, one.source) for one in knowledge.licenses.values()),
    ]
    for where, confidence, source in named:
        recalled = confidence is Confidence.MEMORY and not source.startswith(PENDING)
        if not recalled and says_nothing(source):
            yield where, f"its source says nothing: {source[:80]!r}"
    for terms in knowledge.terms.values():
        for message in _terms(terms):
            yield f"terms {terms.id}", message


def _terms(terms: Terms) -> Iterator[str]:
    if not terms.overlay or terms.kind in (TermsKind.NONE, TermsKind.UNKNOWN):
        return
    pending = [
        name
        for name, text in (
            ("version", terms.version),
            ("url", terms.url),
            ("reading", terms.reading),
            ("source", terms.source),
            *((f"facts.{one.axis} section", one.section) for one in terms.facts.clauses()),
        )
        if text.startswith(PENDING)
    ]
    if pending:
        yield f"still to be read: {', '.join(pending)}"
    if terms.confidence is Confidence.TEXT and not terms.reading:
        yield "called verified-from-text without `reading`: say in a sentence what it says of outputs"
    if terms.confidence is Confidence.TEXT and not terms.facts.outputs.section:
        yield "called verified-from-text without the `section` that speaks of outputs, or is silent on them"


def says_nothing(source: str) -> bool:
    """Tell whether a source names no text, copy, page or contract."""
    return source.startswith(PENDING) or _NOTHING.fullmatch(source) is not None or len(source.strip()) < 3
