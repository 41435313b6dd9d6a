"""What the formats meant for readers derive from a report: order, groups, bars."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace

from auditor.domain.finding import Finding
from auditor.domain.outcome import Outcome
from auditor.domain.report.origin_facts import OriginFacts
from auditor.domain.report.report import Report
from auditor.domain.verdict import Layer
from auditor.report.words import percent

MAX_GROUPS = 20
_FOUND = frozenset({"origin-contradiction", "origin-undeclared"})
"""Rules about what was found in the text: what nobody would know without an audit."""


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings strictest first, waived ones last; what was found before what clauses say of what is
    declared, that before facts that are missing; larger ones before smaller.
    """
    return tuple(sorted(findings, key=_weight))


def _weight(finding: Finding) -> tuple[bool, int, int, int, str, str, str]:
    missing = 2 if finding.layer is Layer.PROVENANCE else 1
    kind = 0 if finding.rule in _FOUND else missing
    waived = finding.waived_by is not None
    return (
        waived,
        -finding.outcome.severity,
        kind,
        -finding.samples,
        finding.rule,
        finding.subject,
        finding.id,
    )


@dataclass(frozen=True, slots=True)
class Group:
    """A finding with those that say no more than it of the same rows or of a part of them."""

    lead: Finding
    beneath: tuple[Finding, ...]


def grouped(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Put findings, as `ordered`, under the first whose rows hold theirs; what was found stands alone."""
    leads: list[tuple[Finding, frozenset[str], list[Finding]]] = []
    by_origin: dict[str, list[int]] = {}
    for finding in findings:
        inside = frozenset(finding.origins)
        near = by_origin.get(min(inside), []) if inside and finding.rule not in _FOUND else []
        lead = next((n for n in near if inside <= leads[n][1] and _alike(leads[n][0], finding)), None)
        if lead is not None:
            leads[lead][2].append(finding)
            continue
        if finding.rule not in _FOUND:
            for origin in inside:
                by_origin.setdefault(origin, []).append(len(leads))
        leads.append((finding, inside, []))
    return tuple(Group(lead, tuple(beneath)) for lead, _, beneath in leads)


def _alike(lead: Finding, finding: Finding) -> bool:
    """Tell whether two findings are of one state: none is hidden under one that was waived."""
    return (lead.waived_by is None) == (finding.waived_by is None)


def spoken(report: Report) -> tuple[Finding, ...]:
    """Return the findings that weigh on the outcome, or did before a waiver, as `ordered`."""
    return ordered(f for f in report.findings if not f.outcome.passes)


def hints(report: Report) -> tuple[Finding, ...]:
    """Return the findings that change no outcome, as `ordered`."""
    return ordered(f for f in report.findings if f.outcome.passes)


def ordered_origins(report: Report) -> tuple[OriginFacts, ...]:
    """Return origins strictest first, larger before smaller; those a reader cannot tell apart as one."""
    merged: dict[Hashable, OriginFacts] = {}
    waived = waived_origins(report)
    for origin in report.origins:
        teachers = origin.teachers
        if origin.teacher_details:
            shown = (
                (t.id, t.views, t.access, t.host, t.generated_at, t.slot) for t in origin.teacher_details
            )
            teachers = tuple(map(str, shown))
        look = (
            teachers,
            origin.terms,
            origin.licenses,
            origin.basis,
            origin.grade,
            origin.flags,
            origin.outcome,
            origin.id in waived,
        )
        met = merged.get(look)
        merged[look] = replace(origin, samples=origin.samples + met.samples) if met else origin
    return tuple(sorted(merged.values(), key=lambda o: (-o.outcome.severity, -o.samples, o.id)))


def waived_origins(report: Report) -> frozenset[str]:
    """Return the origins that nothing holds back any more but findings that were waived."""
    met: dict[str, bool] = {}
    for finding in spoken(report):
        for origin in finding.origins:
            met[origin] = met.get(origin, True) and finding.waived_by is not None
    return frozenset(origin for origin, all_waived in met.items() if all_waived)


def rows_by_outcome(report: Report) -> tuple[tuple[Outcome, int], ...]:
    """Return how many rows each outcome has, strictest first; outcomes without rows are left out."""
    totals = dict.fromkeys(reversed(Outcome), 0)
    for origin in report.origins:
        totals[origin.outcome] += origin.samples
    return tuple((outcome, rows) for outcome, rows in totals.items() if rows)


@dataclass(frozen=True, slots=True)
class Bar:
    """One question about coverage with its answer in rows."""

    question: str
    segments: tuple[Segment, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar."""

    kind: str
    """Class name that decides color and pattern."""
    label: str
    rows: int
    share: str
    """Of the bar, as it is shown."""
    start: float
    """Percent of the bar, 0 to 100."""
    width: float


def coverage_bars(report: Report) -> tuple[Bar, ...]:
    """Return what was looked at: reading, declared origin, search for copied text."""
    coverage, dataset = report.coverage, report.dataset
    total = dataset.samples
    searched = min(coverage.searched_rows, total)
    detected = min(coverage.detected, searched)
    short = min(coverage.insufficient, searched - detected)
    hidden = min(coverage.unreadable_text, searched - detected - short)
    public = min(coverage.public_text, searched - detected - short - hidden)
    search = (
        ("deny", "copied from a known teacher", detected),
        ("allow", "searched, no copy found", searched - detected - short - hidden - public),
        ("known", "public text, no teacher's", public),
        ("short", "too short to decide", short),
        ("short", "encoded or disguised", hidden),
        ("none", "not searched", total - searched),
    )
    declared = min(coverage.declared, total)
    origin = (("known", "origin declared", declared), ("none", "nobody declares it", total - declared))
    read = (("known", "read", total), ("none", "unreadable", dataset.unreadable))
    return (
        _bar("Could every row be read?", read),
        _bar("Does somebody say where it comes from?", origin),
        _bar("Was it searched for copied teacher text?", search, "" if searched else "not searched at all"),
    )


def _bar(question: str, parts: tuple[tuple[str, str, int], ...], note: str = "") -> Bar:
    whole = sum(rows for _, _, rows in parts)
    segments, start = [], 0.0
    for kind, label, rows in parts:
        if rows:
            width = 100 * rows / whole
            segments.append(
                Segment(kind, label, rows, percent(rows, whole), round(start, 3), round(width, 3))
            )
            start += width
    return Bar(question, tuple(segments), note)
