"""Reasons of many origins, grouped into findings: by rule, subject and clause, then one for each cause."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Finding
from auditor.domain.origin import Origin, View
from auditor.domain.verdict import Reason, Verdict
from auditor.ids import FindingId

ID_DIGITS = 10
_COPIED = "Teacher text was found in rows that nobody declares"
_ABOUT_ORIGINS = ("origin-contradiction", "origin-undeclared")


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


def by_cause(
    findings: Iterable[Finding], origins: Sequence[Origin], counts: Mapping[str, int]
) -> tuple[Finding, ...]:
    """Bring findings to one per cause: a rule on one subject, with every clause, copies apart by whose text.

    Args:
        findings: one per rule, subject and clause.
        counts: rows by origin id.
    """
    by_id = {origin.id: origin for origin in origins}
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        for part in _apart(finding, by_id, counts):
            groups.setdefault((part.rule, part.subject, part.outcome), []).append(part)
    return tuple(_merged(parts, counts) for parts in groups.values())


def _apart(found: Finding, origins: Mapping[str, Origin], counts: Mapping[str, int]) -> Iterator[Finding]:
    """Split a finding about origins by the labels found in them; the id of an origin names nothing."""
    if found.rule not in _ABOUT_ORIGINS:
        yield replace(found, subject="") if found.subject in origins else found
        return
    groups: dict[str, list[str]] = {}
    for id in found.origins:
        groups.setdefault(_detected(origins[id]), []).append(id)
    for labels, ids in groups.items():
        said = f" Text of `{labels}` was found in these rows." if labels else ""
        yield replace(
            found,
            id=_name(found.rule, labels, found.clauses),
            subject=labels,
            title=_COPIED if labels and found.rule == "origin-undeclared" else found.title,
            message=f"{found.message}{said}",
            origins=tuple(ids),
            samples=_rows(ids, counts),
        )


def _detected(origin: Origin) -> str:
    return " + ".join(sorted({t.name for t in origin.teachers if View.DECLARED not in t.views}))


def _merged(parts: list[Finding], counts: Mapping[str, int]) -> Finding:
    """Join findings of one rule on one subject: the id stands for all their clauses together."""
    first = parts[0]
    if len(parts) == 1:
        return first
    cited = dict.fromkeys(clause for part in parts for clause in part.clauses)
    clauses = tuple(sorted(cited, key=lambda clause: (clause.ref, clause.section)))
    origins = tuple(dict.fromkeys(id for part in parts for id in part.origins))
    return replace(
        first,
        id=_name(first.rule, first.subject, clauses),
        clauses=clauses,
        origins=origins,
        message=" ".join(dict.fromkeys(part.message for part in parts)),
        fix=" ".join(dict.fromkeys(part.fix for part in parts if part.fix)),
        samples=_rows(origins, counts) if origins else max(part.samples for part in parts),
    )


def _rows(origins: Iterable[str], counts: Mapping[str, int]) -> int:
    return sum(counts[id] for id in origins)


def _name(rule: str, subject: str, clauses: Iterable[ClauseRef]) -> FindingId:
    listed = sorted((clause.ref, clause.section) for clause in clauses)
    whole = ClauseRef("+".join(ref for ref, _ in listed), "+".join(section for _, section in listed))
    return finding_id(rule, subject, whole)
