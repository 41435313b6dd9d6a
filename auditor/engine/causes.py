"""Findings by cause: one per rule and subject, with every clause; copies apart by whose text they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Finding
from auditor.domain.origin import Origin, View
from auditor.ids import FindingId
from auditor.policy.evaluate.findings import finding_id

_COPIED = "Teacher text was found in rows that nobody declares"
_ABOUT_ORIGINS = ("origin-contradiction", "origin-undeclared")


def by_cause(
    findings: Iterable[Finding], origins: Sequence[Origin], counts: Mapping[str, int]
) -> tuple[Finding, ...]:
    """Bring findings to one per cause.

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
