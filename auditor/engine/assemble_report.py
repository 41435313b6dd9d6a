"""Put the report together from what a pass over the rows found."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from auditor import __version__
from auditor.bundled import program_digest
from auditor.domain.exit_code import of_audit
from auditor.domain.outcome import Outcome
from auditor.domain.report.dataset import BesideFile, BesideKind
from auditor.domain.report.report import Report
from auditor.domain.verdict import Verdict
from auditor.engine.inputs import AuditInputs
from auditor.engine.report_sections.coverage import coverage
from auditor.engine.report_sections.dataset import dataset_facts
from auditor.engine.report_sections.fair_use import fair_use
from auditor.engine.report_sections.map_said import map_assumptions, map_notes
from auditor.engine.report_sections.notes import next_commands, notes
from auditor.engine.report_sections.openness import openness_facts
from auditor.engine.report_sections.origins import obligations, origin_list, texts
from auditor.engine.report_sections.setup import (
    index_facts,
    knowledge_facts,
    policy_facts,
    public_facts,
    request_facts,
)
from auditor.engine.report_sections.timelines import timelines
from auditor.engine.report_sections.uses import effective, not_to_be_waived, other_uses
from auditor.engine.scan import Scan
from auditor.engine.set_findings.gather import findings_about_rows, findings_of_rules
from auditor.engine.set_findings.learned import masked_note, unlearned_note
from auditor.engine.set_findings.unread import unread_files, unread_findings
from auditor.policy.evaluate.dataset import SetFacts, by_reason, judge_set
from auditor.policy.evaluate.findings import strictest_first
from auditor.policy.fair_use.sheet import sheet_questions
from auditor.redact import redact


def build_report(inputs: AuditInputs, scan: Scan) -> Report:
    """Return the report; its outcome is the strictest of all findings and origins, once waivers count."""
    request, source, pack = inputs.request, inputs.source, inputs.pack
    facts = _set_facts(inputs, scan)
    whole = judge_set(inputs.context, facts)
    parts = tuple(by_reason(whole, pack, facts, source.unreadable_rows))
    unread = unread_files(request.data, source.inputs, request.out)
    found = (
        *findings_of_rules(scan, parts, source.unreadable),
        *findings_about_rows(scan, source, request.sample, inputs.knowledge),
        *unread_findings(unread),
    )
    applied = inputs.waivers.apply(found)
    findings = strictest_first(applied.findings)
    floor = tuple(not_to_be_waived(source, request.sample is not None))
    outcome = effective(scan, applied, floor)
    origins = origin_list(scan, inputs.knowledge)
    release = inputs.plan.student_release_license if inputs.plan else None
    return replace(
        _of_the_rows(inputs, scan, facts, whole, outcome),
        origins=origins,
        findings=findings,
        waivers=inputs.waivers.facts(applied),
        matrix=other_uses(scan, whole.outcome, floor),
        openness=openness_facts(inputs.knowledge, release, origins),
        timelines=timelines(inputs.knowledge, origins, request.now.date()),
        next_commands=tuple(next_commands(request.out, inputs.plan is not None, outcome, findings, origins)),
        unread=unread,
    )


def _of_the_rows(
    inputs: AuditInputs, scan: Scan, facts: SetFacts, whole: Verdict, outcome: Outcome
) -> Report:
    """Return a report of what was read and of what it was judged by, without its origins and findings."""
    request, source, plan = inputs.request, inputs.source, inputs.plan
    verdicts = (*scan.verdicts, whole)
    changed = notes(inputs.pack, request.policy, inputs.waivers, inputs.knowledge)
    return Report(
        outcome=outcome,
        dataset=dataset_facts(source, scan.samples, scan.digest.digest(), request.data),
        policy=policy_facts(inputs.pack, request.policy, inputs.waivers.mode),
        coverage=facts.coverage,
        tool_version=__version__,
        tool_digest=program_digest(),
        created_at=request.now.isoformat().replace("+00:00", "Z"),
        exit_code=of_audit(
            outcome, unreadable_files=bool(source.unreadable_files), review_ok=request.review_ok
        ),
        sampled=request.sample is not None,
        plan=plan and replace(plan, source=redact(plan.source)),
        knowledge=knowledge_facts(inputs.knowledge),
        indexes=tuple(index_facts(inputs.indexes, request.indexes, request.fpr)),
        public=public_facts(inputs.public),
        obligations=obligations(verdicts),
        assumptions=texts((*(verdict.assumptions for verdict in scan.verdicts), map_assumptions(source))),
        questions=texts((*(verdict.questions for verdict in verdicts), sheet_questions(plan))),
        fair_use=fair_use(scan, plan, inputs.knowledge, inputs.indexes),
        config=request.config,
        command=request.command,
        request=request_facts(request),
        notes=(*changed, *map_notes(source), *_learned_notes(inputs, scan)),
        columns=MappingProxyType(source.column_map.columns()),
        beside=tuple(BesideFile(one.path, BesideKind(one.kind), one.digest) for one in source.beside),
    )


def _learned_notes(inputs: AuditInputs, scan: Scan) -> tuple[str, ...]:
    masked = masked_note(scan.samples, scan.masked, bool(inputs.indexes))
    return (*masked, *unlearned_note(scan.samples, scan.unlearned))


def _set_facts(inputs: AuditInputs, scan: Scan) -> SetFacts:
    source = inputs.source
    return SetFacts(
        rows=scan.samples,
        unreadable=source.unreadable_rows + len(source.unreadable_files),
        coverage=coverage(scan, source, inputs.indexes),
        fair_use_sheet=True,
        indexed=bool(inputs.indexes),
        unnamed=() if inputs.plan is None else tuple(sorted(scan.rules.unnamed(scan.table.origins))),
    )
