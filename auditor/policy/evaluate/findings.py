"""Reasons of many origins, grouped by cause."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Finding
from auditor.domain.verdict import Reason, Verdict
from auditor.ids import FindingId

ID_DIGITS = 10


def finding_id(rule: str, subject: str, clause: ClauseRef) -> FindingId:
    """Name a cause: rule, subject and clause decide; wording, row order and sharding do not."""
    text = "\x1f".join((rule, subject, clause.ref, clause.section))
    return FindingId("F-" + hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS])


@dataclass(slots=True)
class _Group:
    reason: Reason
    origins: dict[str, int] = field(default_factory=dict)


def group_findings(
    verdicts: Mapping[str, Verdict], counts: Mapping[str, int], whole: Iterable[tuple[Verdict, int]] = ()
) -> tuple[Finding, ...]:
    """Group what denies or needs review by rule, subject and clause.

    Args:
        verdicts: verdict by origin id.
        counts: rows by origin id; an origin that came to no row gives no finding.
        whole: verdicts of `judge_set`, each with the rows that it touches.

    Returns:
        Findings, the strictest first, then by rows and id.
    """
    groups: dict[FindingId, _Group] = {}
    for origin, verdict in verdicts.items():
        if counts.get(origin) != 0:
            _collect(groups, verdict, origin, counts.get(origin, 0))
    for verdict, rows in whole:
        _collect(groups, verdict, "", rows)
    findings = (_finding(id, group) for id, group in groups.items())
    return strictest_first(findings)


def strictest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings as reports list them: the strictest first, then by rows and id."""
    return tuple(sorted(findings, key=lambda one: (-one.outcome.severity, -one.samples, one.id)))


def _collect(groups: dict[FindingId, _Group], verdict: Verdict, origin: str, rows: int) -> None:
    for reason in verdict.reasons:
        if reason.outcome.passes:
            continue
        subject = "" if reason.subject == origin else reason.subject
        id = finding_id(reason.rule, subject, reason.clause)
        group = groups.setdefault(id, _Group(reason))
        if reason.outcome.severity > group.reason.outcome.severity:
            group.reason = reason
        group.origins[origin] = rows


def _finding(id: FindingId, group: _Group) -> Finding:
    reason = group.reason
    return Finding(
        id=id,
        rule=reason.rule,
        outcome=reason.outcome,
        title=reason.title,
        message=reason.message,
        layer=reason.layer,
        samples=sum(group.origins.values()),
        subject=reason.subject,
        clauses=(reason.clause,),
        fix=reason.fix,
        origins=tuple(sorted(origin for origin in group.origins if origin)),
    )
