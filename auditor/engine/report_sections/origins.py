"""The origins of the rows as the report lists them, and what their verdicts ask for together."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.domain.obligation import Obligation
from auditor.domain.origin import OriginTeacher
from auditor.domain.report.origin_facts import OriginFacts, origin_facts
from auditor.domain.verdict import Verdict
from auditor.engine.scan import Scan
from auditor.knowledge.catalog import Knowledge


def origin_list(scan: Scan, knowledge: Knowledge) -> tuple[OriginFacts, ...]:
    """Return every origin that has rows, the strictest outcome first, then by rows."""
    entries = [
        origin_facts(
            origin,
            _terms(knowledge, origin.teachers),
            samples,
            scan.samples,
            verdict.outcome,
            tuple(reason.rule for reason in verdict.reasons),
        )
        for origin, verdict, samples in zip(
            scan.table.origins, scan.verdicts, scan.table.samples, strict=True
        )
        if samples
    ]
    return tuple(sorted(entries, key=lambda one: (-one.outcome.severity, -one.samples, one.id)))


def _terms(knowledge: Knowledge, teachers: Iterable[OriginTeacher]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for teacher in teachers:
        resolution = knowledge.resolve(
            teacher.name, access=teacher.access, date=teacher.generated_at, host=teacher.host
        )
        found.update(dict.fromkeys(resolution.terms))
    return tuple(found)


def obligations(verdicts: Iterable[Verdict]) -> tuple[Obligation, ...]:
    """Return what is owed, each obligation once."""
    found: dict[tuple[object, ...], Obligation] = {}
    for verdict in verdicts:
        for owed in verdict.obligations:
            found.setdefault((owed.id, tuple(sorted(owed.params.items())), owed.clause, owed.status), owed)
    return tuple(found.values())


def texts(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return the texts of all groups in order, each once."""
    return tuple(dict.fromkeys(text for group in groups for text in group))
