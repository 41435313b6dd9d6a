"""Remarks on services: spans that claim more days than the copies of their texts prove."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import zip_longest

from auditor.domain.axes import Confidence, OutputsUse
from auditor.domain.service import Service
from auditor.domain.teacher import TermsSpan
from auditor.domain.terms import Terms
from auditor.ids import TermsId
from auditor.knowledge.readings import SERVICES, last_seen


def service_remarks(service: Service, terms: Mapping[TermsId, Terms]) -> Iterator[str]:
    """Yield what is to be mended in one service."""
    for span, after in zip_longest(service.spans, service.spans[1:]):
        yield from _starts(span, terms)
        if span.end is not None and not _end_is_known(span, after, terms):
            yield f"the span to {span.end} ends later than its texts were seen, and nothing follows at once"


def text_remarks(text: Terms, services: Iterable[Service]) -> Iterator[str]:
    """Yield what a shipped service text that is called read leaves unsaid."""
    if text.overlay or text.kind not in SERVICES or text.confidence is not Confidence.TEXT:
        return
    if not text.reading:
        yield "no sentence in `reading` that says what it says of outputs"
    if not text.facts.outputs.section and text.facts.outputs.value is not OutputsUse.ALLOWED:
        yield "no `section` for what it says of outputs"
    last = [service.spans[-1] for service in services if service.spans]
    in_force = any(span.end is None and text.id in span.terms for span in last)
    if in_force and not any(copy.seen for copy in text.read):
        yield "in force by a service, and no copy says when it was `seen`"


def _starts(span: TermsSpan, terms: Mapping[TermsId, Terms]) -> Iterator[str]:
    for text in (terms[id] for id in span.terms if terms[id].kind in SERVICES):
        if text.effective_from and (span.start is None or span.start < text.effective_from):
            yield f"the span from {span.start} starts before {text.id} took effect"
        if text.effective_to and (span.end is None or span.end > text.effective_to):
            yield f"the span from {span.start} goes on after {text.id} ended"


def _end_is_known(span: TermsSpan, after: TermsSpan | None, terms: Mapping[TermsId, Terms]) -> bool:
    assert span.end is not None
    next_day = (date.fromisoformat(span.end) + timedelta(days=1)).isoformat()
    if after is not None and after.start == next_day:
        return True
    seen = last_seen(span.terms, terms)
    ends = [terms[id].effective_to for id in span.terms]
    return (seen is not None and span.end <= seen) or span.end in ends
