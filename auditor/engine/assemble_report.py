"""Put the report together from what a pass over the rows found."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from types import MappingProxyType

from auditor import __version__
from auditor.attest.files import file_digest
from auditor.bundled import program_digest
from auditor.domain.clause import ClauseRef
from auditor.domain.coverage import Coverage
from auditor.domain.exit_code import of_audit
from auditor.domain.finding import Evidence, Finding
from auditor.domain.obligation import Obligation
from auditor.domain.origin import OriginTeacher
from auditor.domain.outcome import Outcome
from auditor.domain.pack_changes import catalog_said
from auditor.domain.report.dataset import BesideFile, BesideKind, DatasetFacts, FileFacts, UnreadableRow
from auditor.domain.report.judged_by import IndexFacts, KnowledgeFacts, PolicyFacts, RequestFacts
from auditor.domain.report.origin_facts import OriginFacts, origin_facts
from auditor.domain.report.report import Report
from auditor.domain.verdict import Layer, Verdict
from auditor.engine.columns import names, unjudged
from auditor.engine.inputs import AuditInputs
from auditor.engine.learned import nothing_learned, unlearned_note
from auditor.engine.places import seen_from_here
from auditor.engine.report_sections import effective, fair_use, openness_facts, other_uses
from auditor.engine.request import DEFAULT_OUT, AuditRequest
from auditor.engine.scan import Scan
from auditor.engine.unread import unread_files, unread_findings
from auditor.policy.evaluate.dataset import UNREADABLE, SetFacts, by_reason, judge_set
from auditor.policy.evaluate.evaluator import Judge
from auditor.policy.evaluate.findings import by_cause, finding_id, group_findings
from auditor.policy.fair_use.sheet import sheet_questions
from auditor.redact import redact
from auditor.report.words import plain

_SHOWN_UNREADABLE = 20
_SHOWN = 5
SAMPLED = "only-a-sample"
SOURCES = "sources-unjudged"


def build_report(setting: AuditInputs, scan: Scan) -> Report:
    """Return the report; its outcome is the strictest of all findings and origins, once waivers count."""
    request = setting.request
    origins = _origins(setting, scan)
    whole = judge_set(setting.context, _set_facts(setting, scan))
    unread = unread_files(setting)
    applied = setting.waivers.apply((*_findings(setting, scan, whole), *unread_findings(unread)))
    findings = tuple(sorted(applied.findings, key=lambda f: (-f.outcome.severity, -f.samples, f.id)))
    outcome = effective(scan, applied, _not_to_be_waived(setting))
    return Report(
        outcome=outcome,
        dataset=_dataset(setting, scan),
        policy=_policy(setting),
        coverage=coverage(setting, scan),
        tool_version=__version__,
        tool_digest=program_digest(),
        created_at=request.now.isoformat().replace("+00:00", "Z"),
        exit_code=of_audit(
            outcome,
            unreadable_files=bool(setting.source.unreadable_files),
            review_ok=request.review_ok,
        ),
        sampled=request.sample is not None,
        plan=setting.plan and replace(setting.plan, source=redact(setting.plan.source)),
        knowledge=KnowledgeFacts(
            setting.knowledge.version,
            setting.knowledge.digest,
            setting.knowledge.overlays,
            setting.knowledge.replaced,
            setting.knowledge.added,
        ),
        indexes=tuple(_indexes(setting)),
        origins=origins,
        findings=findings,
        obligations=_obligations((*scan.verdicts, whole)),
        waivers=setting.waivers.facts(applied),
        assumptions=_texts(verdict.assumptions for verdict in scan.verdicts),
        questions=_texts(
            (*(verdict.questions for verdict in (*scan.verdicts, whole)), sheet_questions(setting.plan))
        ),
        matrix=other_uses(setting, scan, whole, _not_to_be_waived(setting)),
        openness=openness_facts(setting, origins),
        fair_use=fair_use(setting, scan),
        config=request.config,
        command=request.command,
        request=request_facts(request),
        notes=(*_notes(setting), *unlearned_note(scan.samples, scan.unlearned)),
        next_commands=tuple(_next(setting, outcome, findings, origins)),
        columns=MappingProxyType(setting.source.column_map.columns()),
        beside=tuple(BesideFile(one.path, BesideKind(one.kind), one.digest) for one in setting.source.beside),
        unread=unread,
    )


def request_facts(request: AuditRequest) -> RequestFacts:
    """Return what the audit was asked, as far as it bears on the answer."""
    return RequestFacts(
        claims=request.claims,
        shape=str(request.shape or ""),
        indexes=tuple(redact(str(path)) for path in request.indexes),
        fpr=request.fpr,
        sample=request.sample,
        knowledge=redact(str(request.knowledge or "")),
        waivers=redact(str(request.waivers or "")),
        approver_keys=tuple(redact(str(path)) for path in request.approver_keys),
        mapping=request.mapping,
    )


def _notes(setting: AuditInputs) -> Iterator[str]:
    """Say what the one who set the audit up changed: rules switched off, shipped facts replaced."""
    pack, changes = setting.pack.pack, setting.pack.changes
    for name in changes.shadows:
        source = setting.request.policy
        yield f"The rules under the name {name} are NOT those of the shipped pack: they come from {source}."
    for rule in changes.overrides:
        yield f"Policy {pack.name} replaces the rule {rule} of an included pack by its own."
    for rule in sorted(set(changes.disabled) - pack.disabled.keys()):
        yield f"Policy {pack.name} lacks the rule {rule} of the shipped pack."
    for rule, reason in pack.disabled.items():
        yield f"Policy {pack.name} switches the rule {rule} off: {reason}"
    yield from (f"Policy {pack.name} {text}." for text in pack.eased)
    yield from setting.waivers.notes(pack.name)
    for overlay in setting.knowledge.overlays:
        yield f"The overlay {overlay} adds to the catalog and replaces shipped entries of the same id."
    if said := catalog_said(setting.knowledge.replaced, setting.knowledge.added):
        yield f"The catalog in force: {said}."


def _not_to_be_waived(setting: AuditInputs) -> Iterator[Outcome]:
    """Yield `review` where rows were not judged at all: nobody can accept what nobody has seen."""
    source = setting.source
    unjudged = source.unreadable_rows or source.unreadable_files or source.sources_left_out
    if unjudged or setting.request.sample is not None:
        yield Outcome.REVIEW
    # Whoever knows the column says so by --map, which the permit shows.
    if source.column_map.unjudged_prose():
        yield Outcome.REVIEW


def _origins(setting: AuditInputs, scan: Scan) -> tuple[OriginFacts, ...]:
    entries = [
        origin_facts(
            origin,
            _terms(setting, origin.teachers),
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
    return tuple(sorted(entries, key=lambda o: (-o.outcome.severity, -o.samples, o.id)))


def _terms(setting: AuditInputs, teachers: Iterable[OriginTeacher]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for teacher in teachers:
        resolution = setting.knowledge.resolve(
            teacher.name, access=teacher.access, date=teacher.generated_at, host=teacher.host
        )
        found.update(dict.fromkeys(resolution.terms))
    return tuple(found)


def _findings(setting: AuditInputs, scan: Scan, whole: Verdict) -> tuple[Finding, ...]:
    origins = scan.table.origins
    verdicts = {origin.id: verdict for origin, verdict in zip(origins, scan.verdicts, strict=True)}
    counts = {origin.id: rows for origin, rows in zip(origins, scan.table.samples, strict=True)}
    parts = by_reason(whole, setting.pack, _set_facts(setting, scan), setting.source.unreadable_rows)
    grouped = group_findings(verdicts, counts, parts)
    found = [
        replace(one, evidence=_evidence(one, setting, scan)) for one in by_cause(grouped, origins, counts)
    ]
    found += scan.phrases.findings(origins, setting.knowledge)
    found += unjudged(setting.source.column_map)
    found += nothing_learned(scan.samples, scan.unlearned)
    if setting.request.sample is not None:
        found.append(_sampled(setting.request.sample))
    found += [_sources(where, rows) for where, rows in sorted(setting.source.sources_left_out.items())]
    return tuple(sorted(found, key=lambda f: (-f.outcome.severity, -f.samples, f.id)))


def _evidence(finding: Finding, setting: AuditInputs, scan: Scan) -> tuple[Evidence, ...]:
    if finding.rule == UNREADABLE:
        shown = setting.source.unreadable[:_SHOWN]
        return tuple(Evidence(row.sample_id, note=row.reason, line=row.line) for row in shown)
    named = set(finding.origins)
    pairs = zip(scan.table.origins, scan.examples, strict=True)
    return tuple(islice((row for origin, rows in pairs if origin.id in named for row in rows), _SHOWN))


def _sampled(rows: int) -> Finding:
    clause = ClauseRef("engine-rule", "what was not judged never passes")
    return Finding(
        id=finding_id(SAMPLED, "dataset", clause),
        rule=SAMPLED,
        outcome=Outcome.REVIEW,
        title="Only a part of the set was read",
        message=f"The audit stopped after {rows:,} rows; the answer is not for the whole set.",
        layer=Layer.PROVENANCE,
        samples=0,
        subject="dataset",
        clauses=(clause,),
        fix="run it again without --sample",
    )


def _sources(where: str, rows: int) -> Finding:
    clause = ClauseRef("engine-rule", "what was not judged never passes")
    column = plain(where)
    return Finding(
        id=finding_id(SOURCES, column, clause),
        rule=SOURCES,
        outcome=Outcome.REVIEW,
        title="Sources were not all judged",
        message=f"The column `{column}` names more sources than are kept apart: those of {rows:,} rows were "
        "not looked up, so that what their licenses ask is not known.",
        layer=Layer.PROVENANCE,
        samples=rows,
        subject=column,
        clauses=(clause,),
        fix="name the set that a row is from in that column, and keep what names the row itself in another",
    )


def _set_facts(setting: AuditInputs, scan: Scan) -> SetFacts:
    source = setting.source
    return SetFacts(
        rows=scan.samples,
        unreadable=source.unreadable_rows + len(source.unreadable_files),
        declared=scan.declared,
        searched=scan.searched,
        copied=scan.detected,
        insufficient=scan.insufficient,
        unknown_origin=scan.unknown_origin,
        fair_use_sheet=True,
        indexed=bool(setting.indexes),
        unnamed=_unnamed(setting, scan),
    )


def _unnamed(setting: AuditInputs, scan: Scan) -> tuple[str, ...]:
    """Name permissions of one licensor that the plan grants to several by a bare yes, over all rows."""
    if setting.plan is None:
        return ()
    return tuple(sorted(Judge(setting.context).unnamed(scan.table.origins)))


def _dataset(setting: AuditInputs, scan: Scan) -> DatasetFacts:
    source = setting.source
    errors = {file.file: file.reason for file in source.unreadable_files}
    hub = any(argument.startswith("hf://") for argument in setting.request.data)
    seen = {file.name: redact(seen_from_here(file.path, hub=hub)) for file in source.inputs}
    files = [
        FileFacts(
            location=seen.get(file.name, ""),
            path=file.name,
            samples=file.rows,
            unreadable=file.unreadable,
            shape=str(file.shape or ""),
            runner_up=f"{file.runner_up[0]} ({file.runner_up[1]:.0%})" if file.runner_up else "",
            error=errors.pop(file.name, ""),
        )
        for file in source.files
    ]
    files += [
        FileFacts(path=name, error=reason, location=seen.get(name, "")) for name, reason in errors.items()
    ]
    shown = source.unreadable[:_SHOWN_UNREADABLE]
    return DatasetFacts(
        digest=scan.digest.digest(),
        samples=scan.samples,
        unreadable=source.unreadable_rows,
        files=tuple(files),
        unreadable_examples=tuple(UnreadableRow(row.sample_id, row.reason, row.line) for row in shown),
        arguments=tuple(map(redact, setting.request.data)),
    )


def _policy(setting: AuditInputs) -> PolicyFacts:
    pack = setting.pack
    changes = pack.changes
    return PolicyFacts(
        pack.name,
        pack.version,
        pack.digest,
        pack.pack.title,
        len(pack.rules),
        redact(setting.request.policy),
        overrides=changes.overrides,
        shadows=", ".join(changes.shadows),
        disabled=changes.disabled,
        local=changes.local,
        waivers=str(setting.waivers.mode),
        permit=pack.pack.permit.stated(),
    )


def coverage(setting: AuditInputs, scan: Scan) -> Coverage:
    """Return what was looked at and what was not."""
    searched = tuple(f"{name} ({index.spec}, {len(index):,} texts)" for name, index in setting.indexes)
    return Coverage(
        declared=scan.declared,
        searched_rows=scan.searched,
        detected=scan.detected,
        insufficient=scan.insufficient,
        unknown_origin=scan.unknown_origin,
        searched=searched,
        not_searched=tuple(_not_searched(setting)),
    )


def _not_searched(setting: AuditInputs) -> Iterator[str]:
    if not setting.indexes:
        yield "No index was given: no row was compared with any teacher's text (see `auditor index build`)."
        return
    yield "Prompts, system messages and tool output were not compared."
    said = (
        {path for _, path in setting.source.options.mapping.entries}
        if setting.source.options.mapping
        else set()
    )
    apart = sorted({name for file in setting.source.files for name in file.left_out} - said)
    if apart:
        yield f"Text in columns that are no part of the shape was not compared: {names(apart)}."
    yield "Teachers that no index holds cannot be found by comparison."


def _indexes(setting: AuditInputs) -> Iterator[IndexFacts]:
    for (name, index), path in zip(setting.indexes, setting.request.indexes, strict=True):
        asked = setting.request.fpr
        thresholds = index.calibration.thresholds if index.calibration else {}
        yield IndexFacts(
            name=name,
            spec_id=index.spec,
            fpr=index.calibration.promised(asked) if index.calibration else asked,
            references=len(index),
            digest=file_digest(path),
            teachers=tuple(index.teachers),
            thresholds={f"{rate:g}": round(float(score), 4) for rate, score in sorted(thresholds.items())},
        )


def _obligations(verdicts: Iterable[Verdict]) -> tuple[Obligation, ...]:
    found: dict[tuple[object, ...], Obligation] = {}
    for verdict in verdicts:
        for duty in verdict.obligations:
            found.setdefault((duty.id, tuple(sorted(duty.params.items())), duty.clause, duty.status), duty)
    return tuple(found.values())


def _texts(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for texts in groups for text in texts))


def _next(
    setting: AuditInputs, outcome: Outcome, findings: Iterable[Finding], origins: Sequence[OriginFacts]
) -> Iterator[str]:
    out = setting.request.out
    folder = "" if out == DEFAULT_OUT else f" --audit {shlex.quote(str(out))}"
    first = next((one for one in findings if not one.waived_by), None)
    if setting.plan is None:
        yield "auditor init"
    if first is not None:
        yield f"auditor explain {first.id}{folder}"
    if outcome.passes:
        yield f"auditor attest {shlex.quote(str(out))} --key KEY --out permit.intoto.json"
    elif any(one.outcome.passes for one in origins):
        yield f"auditor split {shlex.quote(str(out))}"
    elif any(one.outcome is Outcome.REVIEW for one in origins):
        # Without the option not a single row would be kept.
        yield f"auditor split {shlex.quote(str(out))} --keep-review"
