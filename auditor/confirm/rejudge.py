"""Judge the recorded origins once more: the report must come out as it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.attest.record import AuditRecord
from auditor.confirm.grounds import AGAIN
from auditor.confirm.rows import RowCounts, check_rows
from auditor.domain.finding import Finding
from auditor.domain.origin import Origin
from auditor.domain.outcome import Outcome
from auditor.domain.report.origin_facts import origin_facts, origin_of
from auditor.domain.report.report import Report
from auditor.domain.verdict import Verdict
from auditor.engine.scan import is_unknown
from auditor.errors import EvidenceError
from auditor.policy.evaluate.context import EvaluationContext
from auditor.policy.evaluate.dataset import SetFacts, by_reason, judge_set
from auditor.policy.evaluate.evaluator import Judge
from auditor.policy.evaluate.findings import by_cause, group_findings
from auditor.policy.waivers.waivers import Applied, effective_outcome
from auditor.provenance.conclude import origin_id

_SUMMED = ("teachers", "licenses", "basis", "grade", "share", "rules")


@dataclass(frozen=True, slots=True)
class Judged:
    """The recorded origins with what they come to now."""

    origins: tuple[Origin, ...]
    verdicts: Mapping[str, Verdict]


def rejudge(record: AuditRecord, grounds: EvaluationContext) -> None:
    """Judge the origins of a report and compare origins, rows, findings and the outcome of the set.

    Raises:
        EvidenceError: something does not come out as the report says.
    """
    report = record.report
    judge = Judge(grounds)
    origins = tuple(map(origin_of, report.origins))
    verdicts = {one.id: judge.judge(one) for one in origins}
    judged = Judged(origins, verdicts)
    _check_origins(record, judged)
    counts = check_rows(record, judged.origins, judged.verdicts)
    _check_coverage(record, judged, counts)
    unnamed = tuple(sorted(judge.unnamed(origins))) if grounds.plan else ()
    facts = _set_facts(report, unnamed)
    whole = judge_set(grounds, facts)
    parts = by_reason(whole, grounds.pack, facts, report.dataset.unreadable)
    grouped = group_findings(verdicts, counts.rows, parts)
    _check_findings(record, by_cause(grouped, origins, counts.rows))
    _check_outcome(record, judged)


def refuse(record: AuditRecord, what: str) -> EvidenceError:
    """Return the error of a report that does not come out as it says."""
    return EvidenceError(
        f"the report does not come out the same: {what}", where=str(record.folder), fix=AGAIN
    )


def _check_origins(record: AuditRecord, judged: Judged) -> None:
    total = record.report.dataset.samples
    if len(judged.verdicts) != len(judged.origins):
        raise refuse(record, "an origin is listed twice")
    for facts, origin in zip(record.report.origins, judged.origins, strict=True):
        if origin_id(origin) != origin.id:
            raise refuse(record, f"the origin {origin.id} has a content that its id does not fit")
        verdict = judged.verdicts[origin.id]
        if verdict.outcome is not facts.outcome:
            raise refuse(record, f"{origin.id} is {verdict.outcome}, not {facts.outcome}")
        rules = tuple(reason.rule for reason in verdict.reasons)
        again = origin_facts(origin, facts.terms, facts.samples, total, verdict.outcome, rules)
        if any(getattr(again, name) != getattr(facts, name) for name in _SUMMED):
            raise refuse(record, f"the origin {origin.id} is summed up differently")


def _check_coverage(record: AuditRecord, judged: Judged, counts: RowCounts) -> None:
    report = record.report
    for facts in report.origins:
        if counts.rows.get(facts.id, 0) != facts.samples:
            found = counts.rows.get(facts.id, 0)
            raise refuse(record, f"{facts.id} has {found:,} rows, not {facts.samples:,}")
    stated = report.coverage
    by_rows = {
        "declared": sum(counts.rows[one.id] for one in judged.origins if one.declared),
        "unknown_origin": sum(counts.rows[one.id] for one in judged.origins if is_unknown(one)),
        "searched_rows": counts.searched,
        "detected": counts.copied,
        "insufficient": counts.insufficient,
        "unreadable_text": counts.unreadable_text,
        "public_text": counts.public_text,
    }
    for name, number in by_rows.items():
        if getattr(stated, name) != number:
            said = getattr(stated, name)
            raise refuse(record, f"coverage.{name} is {number:,} by the rows, the report says {said:,}")


def _set_facts(report: Report, unnamed: tuple[str, ...]) -> SetFacts:
    dataset = report.dataset
    return SetFacts(
        rows=dataset.samples,
        unreadable=dataset.unreadable + sum(bool(file.error) for file in dataset.files),
        coverage=report.coverage,
        fair_use_sheet=report.fair_use is not None,
        indexed=bool(report.indexes),
        unnamed=unnamed,
    )


def _key(one: Finding) -> tuple[object, ...]:
    return (one.rule, one.outcome, one.layer, one.samples, frozenset(one.origins), frozenset(one.clauses))


def _check_findings(record: AuditRecord, expected: Iterable[Finding]) -> None:
    recorded = {one.id: one for one in record.report.findings}
    for wanted in expected:
        found = recorded.get(wanted.id)
        if found is None:
            raise refuse(record, f"the finding {wanted.id} ({wanted.rule}, {wanted.outcome}) is missing")
        if _key(found) != _key(wanted):
            raise refuse(record, f"the finding {wanted.id} ({wanted.rule}) has a different content")


def _check_outcome(record: AuditRecord, judged: Judged) -> None:
    """Compare the outcome of the set with what its origins and findings come to once its waivers count."""
    report = record.report
    waived = {one.finding for one in report.waivers if one.expires >= report.created_at[:10]}
    for found in report.findings:
        if found.waived_by and found.id not in waived:
            raise refuse(record, f"no waiver in force names the finding {found.id}")
    partial = report.dataset.unreadable or report.sampled or any(file.error for file in report.dataset.files)
    least = (Outcome.REVIEW,) if partial else ()
    outcome = effective_outcome(judged.verdicts, Applied(report.findings, (), ()), least)
    if outcome.severity > report.outcome.severity:
        raise refuse(record, f"the set is {outcome}, the report says {report.outcome}")
