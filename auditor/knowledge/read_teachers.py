"""Read teachers.yaml: hosts, ambiguous names and `Teacher`s."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from auditor.domain.axes import Confidence
from auditor.domain.claim import Access
from auditor.domain.teacher import Host, Teacher, TermsSpan
from auditor.ids import TeacherId, TermsId
from auditor.knowledge.fields import Fields
from auditor.knowledge.spelling import expanded

MAX_PATTERN = 400
_RISKY = re.compile(r"[*+}]\)?[*+{]|\([^()]*[*+][^()]*\)[*+{]")


@dataclass(frozen=True, slots=True)
class AmbiguousName:
    """A name that several entries go by; it stays ambiguous."""

    match: str
    candidates: tuple[TeacherId, ...]
    note: str
    overlay: str = ""

    @property
    def id(self) -> str:
        """Return the pattern, which is what names the entry."""
        return self.match


@dataclass(frozen=True, slots=True)
class Developer:
    """Who makes models, with the accounts under which hubs and hosts list them."""

    id: str
    accounts: tuple[str, ...]
    overlay: str = ""


def read_host(fields: Fields, overlay: str = "") -> Host:
    """Build one entry of `hosts`."""
    host = Host(
        id=fields.text("id"),
        match=_pattern(fields, fields.text("match", "")),
        adds_terms=_terms(fields, "adds_terms"),
        aliases=tuple(alias.lower() for alias in fields.texts("aliases")),
        addresses=tuple(address.lower() for address in fields.texts("addresses")),
        developers=fields.texts("developers"),
        operator=fields.text("operator", ""),
        replaces_vendor_terms=fields.truth("replaces_vendor_terms", False),
        self_hosted=fields.truth("self_hosted", False),
        service=fields.text("service", ""),
        overlay=overlay,
    )
    if host.service and host.adds_terms:
        raise fields.fault("`service` and `adds_terms` both say which texts hold", "keep one of them")
    fields.done()
    return host


def read_ambiguous(fields: Fields, overlay: str = "") -> AmbiguousName:
    """Build one entry of `ambiguous`."""
    name = AmbiguousName(
        match=_pattern(fields, fields.text("match")),
        candidates=_teachers(fields, "candidates"),
        note=fields.text("note", ""),
        overlay=overlay,
    )
    if len(name.candidates) < 2:
        raise fields.fault("an ambiguous name needs at least two candidates")
    fields.done()
    return name


def read_teacher(fields: Fields, overlay: str = "") -> Teacher:
    """Build one entry of `teachers`.

    Raises:
        KnowledgeError: the entry breaks the schema.
    """
    base = fields.text("inherits_base", "")
    teacher = Teacher(
        id=TeacherId(fields.text("id")),
        name=fields.text("name"),
        developer=fields.text("developer"),
        access=fields.choice("access", Access),
        terms=_terms(fields, "terms"),
        patterns=tuple(_pattern(fields, one) for one in fields.texts("patterns")),
        confidence=fields.choice("confidence", Confidence),
        source=fields.text("source"),
        spans=read_spans(fields, "terms_by_date"),
        service=fields.text("service", ""),
        models=_models(fields),
        aliases=fields.texts("aliases"),
        dpi_names=fields.texts("dpi_names"),
        released=fields.date("released") or "",
        by_access=_by_access(fields.part("by_access")),
        inherits_base=TeacherId(base) if base else None,
        distilled_from=_teachers(fields, "distilled_from"),
        via=fields.text("via", ""),
        note=fields.text("note", ""),
        overlay=overlay,
    )
    _check(teacher, fields)
    fields.done()
    return teacher


def _models(fields: Fields) -> tuple[str, ...]:
    try:
        return tuple(name for one in fields.texts("models") for name in expanded(one))
    except ValueError as error:
        fix = "write `Phi-{3,4}{,-mini}`, or one name a line"
        raise fields.fault(f"a name of `models`: {error}", fix) from None


def read_developer(fields: Fields, overlay: str = "") -> Developer:
    """Build one entry of `developers`."""
    found = Developer(fields.text("id"), fields.texts("accounts"), overlay)
    fields.done()
    return found


def _check(teacher: Teacher, fields: Fields) -> None:
    if teacher.service and teacher.spans:
        raise fields.fault("`service` and `terms_by_date` both say what held when", "keep one of them")
    if not (teacher.terms or teacher.service):
        raise fields.fault("`terms` is empty", "give LicenseRef-Unknown where nobody has read them")


def read_spans(fields: Fields, name: str) -> tuple[TermsSpan, ...]:
    """Take a list of spans, which must be in order and apart.

    Raises:
        KnowledgeError: they are not.
    """
    spans = tuple(_span(one) for one in fields.entries(name))
    for earlier, later in pairwise(spans):
        if earlier.end is None or later.start is None or earlier.end >= later.start:
            raise fields.fault(f"the spans of `{name}` overlap or are out of order")
    return spans


def _span(fields: Fields) -> TermsSpan:
    span = TermsSpan(fields.date("from"), fields.date("to"), _terms(fields, "terms"), fields.text("note", ""))
    if any(day is not None and len(day) != 10 for day in (span.start, span.end)):
        raise fields.fault("a span needs whole dates")
    if span.start and span.end and span.end < span.start:
        raise fields.fault("the span ends before it starts")
    if not span.terms:
        raise fields.fault("`terms` is empty")
    fields.done()
    return span


def _by_access(fields: Fields) -> tuple[tuple[Access, tuple[TeacherId, ...]], ...]:
    found = []
    for name in fields.names():
        if name not in set(Access):
            raise fields.fault(f"unknown access path `{name}`", f"give one of: {', '.join(Access)}")
        found.append((Access(name), _teachers(fields, name)))
    return tuple(found)


def _terms(fields: Fields, name: str) -> tuple[TermsId, ...]:
    return tuple(TermsId(one) for one in fields.texts(name))


def _teachers(fields: Fields, name: str) -> tuple[TeacherId, ...]:
    return tuple(TeacherId(one) for one in fields.texts(name))


def _pattern(fields: Fields, pattern: str) -> str:
    """Return the pattern; refuse what is too long, does not compile, or could run away (nested repeats)."""
    if len(pattern) > MAX_PATTERN or _RISKY.search(pattern):
        raise fields.fault(f"the pattern {pattern[:60]!r} is too long or repeats a repeat")
    return pattern
