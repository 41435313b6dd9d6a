"""Put the report together from what a pass over the rows found."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from auditor import __version__
from auditor.attest.files import file_digest
from auditor.bundled import program_digest
from auditor.domain.clause import ClauseRef
from auditor.domain.coverage import Coverage
from auditor.domain.finding import Evidence, Finding
from auditor.domain.obligation import Obligation
from auditor.domain.origin import OriginTeacher
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Layer, Verdict
from auditor.engine.causes import by_cause
from auditor.engine.request import DEFAULT_OUT
from auditor.engine.scan import Scan
from auditor.engine.setting import Setting
from auditor.engine.unread import unread_files, unread_findings
from auditor.engine.weighing import effective, fair_use, openness_facts, other_uses, waived, waiver_facts
from auditor.policy.dataset import SetFacts, judge_set
from auditor.policy.findings import finding_id, group_findings
from auditor.report.model import (
    DatasetFacts,
    FileFacts,
    IndexFacts,
    KnowledgeFacts,
    OriginFacts,
    PolicyFacts,
    Report,
    UnreadableRow,
    origin_facts,
)

_SHOWN_UNREADABLE = 20
_SHOWN = 5
_SHOWN_COLUMNS = 20
_COLUMN = re.compile(r"\w[\w.-]{0,39}")
UNREADABLE = "rows-unreadable"
SAMPLED = "only-a-sample"


def build_report(setting: Setting, scan: Scan) -> Report:
    """Return the report; its outcome is the strictest of all findings and origins, once waivers count."""
    request = setting.request
    origins = _origins(setting, scan)
    whole = judge_set(_set_facts(setting, scan), setting.plan, setting.pack, setting.knowledge)
    unread = unread_files(setting)
    applied = waived(setting, (*_findings(setting, scan, whole), *unread_findings(unread)))
    findings = tuple(sorted(applied.findings, key=lambda f: (-f.outcome.severity, -f.samples, f.id)))
    outcome = effective(scan, applied, _not_to_be_waived(setting))
    unreadable_files = len(setting.source.unreadable_files)
    return Report(
        outcome=outcome,
        dataset=_dataset(setting, scan),
        policy=_policy(setting),
        coverage=coverage(setting, scan),
        tool_version=__version__,
        tool_digest=program_digest(),
        created_at=request.now.isoformat().replace("+00:00", "Z"),
        exit_code=request.exit_code(outcome, unreadable_files),
        sampled=request.sample is not None,
        plan=setting.plan,
        knowledge=KnowledgeFacts(
            setting.knowledge.version, setting.knowledge.digest, tuple(setting.knowledge.overlays)
        ),
        indexes=tuple(_indexes(setting)),
        origins=origins,
        findings=findings,
        obligations=_obligations((*scan.verdicts, whole)),
        waivers=waiver_facts(applied, findings),
        assumptions=_texts(verdict.assumptions for verdict in scan.verdicts),
        questions=_texts(verdict.questions for verdict in (*scan.verdicts, whole)),
        matrix=other_uses(setting, scan, whole),
        openness=openness_facts(setting, origins),
        fair_use=fair_use(setting, scan),
        command=request.command,
        notes=tuple(_notes(setting)),
        next_commands=tuple(_next(setting, outcome, findings)),
        unread=unread,
    )


def _notes(setting: Setting) -> Iterator[str]:
    """Say what the one who set the audit up changed: rules switched off, shipped facts replaced."""
    pack = setting.pack.pack
    for rule, reason in pack.disabled.items():
        yield f"Policy {pack.name} switches the rule {rule} off: {reason}"
    for overlay in setting.knowledge.overlays:
        yield f"The overlay {overlay} adds to the catalog and replaces shipped entries of the same id."


def _not_to_be_waived(setting: Setting) -> Iterator[Outcome]:
    """Yield `review` where rows were not judged at all: nobody can accept what nobody has seen."""
    source = setting.source
    if source.unreadable_rows or source.unreadable_files or setting.request.sample is not None:
        yield Outcome.REVIEW


def _origins(setting: Setting, scan: Scan) -> tuple[OriginFacts, ...]:
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


def _terms(setting: Setting, teachers: Iterable[OriginTeacher]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for teacher in teachers:
        resolution = setting.knowledge.resolve(
            teacher.name, access=teacher.access, date=teacher.generated_at, host=teacher.host
        )
        found.update(dict.fromkeys(resolution.terms))
    return tuple(found)


def _findings(setting: Setting, scan: Scan, whole: Verdict) -> tuple[Finding, ...]:
    origins = scan.table.origins
    verdicts = {origin.id: verdict for origin, verdict in zip(origins, scan.verdicts, strict=True)}
    counts = {origin.id: rows for origin, rows in zip(origins, scan.table.samples, strict=True)}
    grouped = group_findings(verdicts, counts, [(whole, setting.source.unreadable_rows)])
    found = [
        replace(one, evidence=_evidence(one, setting, scan)) for one in by_cause(grouped, origins, counts)
    ]
    found += scan.phrases.findings(origins, setting.knowledge)
    if setting.request.sample is not None:
        found.append(_sampled(setting.request.sample))
    return tuple(sorted(found, key=lambda f: (-f.outcome.severity, -f.samples, f.id)))


def _evidence(finding: Finding, setting: Setting, scan: Scan) -> tuple[Evidence, ...]:
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


def _set_facts(setting: Setting, scan: Scan) -> SetFacts:
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
    )


def _dataset(setting: Setting, scan: Scan) -> DatasetFacts:
    source = setting.source
    errors = {file.file: file.reason for file in source.unreadable_files}
    files = [
        FileFacts(
            path=file.name,
            samples=file.rows,
            unreadable=file.unreadable,
            shape=str(file.shape or ""),
            runner_up=f"{file.runner_up[0]} ({file.runner_up[1]:.0%})" if file.runner_up else "",
            error=errors.pop(file.name, ""),
        )
        for file in source.files
    ]
    files += [FileFacts(path=name, error=reason) for name, reason in errors.items()]
    shown = source.unreadable[:_SHOWN_UNREADABLE]
    return DatasetFacts(
        digest=f"sha256:{scan.digest.hexdigest()}",
        samples=scan.samples,
        unreadable=source.unreadable_rows,
        files=tuple(files),
        unreadable_examples=tuple(UnreadableRow(row.sample_id, row.reason, row.line) for row in shown),
        arguments=setting.request.data,
    )


def _policy(setting: Setting) -> PolicyFacts:
    pack = setting.pack
    asked = setting.request.policy
    return PolicyFacts(
        pack.name,
        pack.version,
        pack.digest,
        pack.pack.title,
        len(pack.rules),
        asked,
        permit=dict(pack.pack.permit),
    )


def coverage(setting: Setting, scan: Scan) -> Coverage:
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


def _not_searched(setting: Setting) -> Iterator[str]:
    if not setting.indexes:
        yield "No index was given: no row was compared with any teacher's text (see `auditor index build`)."
        return
    yield "Prompts, system messages and tool output were not compared."
    apart = sorted({name for file in setting.source.files for name in file.left_out})
    if apart:
        yield f"Text in columns that are no part of the shape was not compared: {_names(apart)}."
    yield "Teachers that no index holds cannot be found by comparison."


def _names(columns: Sequence[str]) -> str:
    # A file without a header has a row's text for names, which no report shows.
    plain = [name for name in columns if _COLUMN.fullmatch(name)][:_SHOWN_COLUMNS]
    more = len(columns) - len(plain)
    return ", ".join([*plain, *([f"{more} more"] if more else [])])


def _indexes(setting: Setting) -> Iterator[IndexFacts]:
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


def _next(setting: Setting, outcome: Outcome, findings: Iterable[Finding]) -> Iterator[str]:
    out = setting.request.out
    folder = "" if out == DEFAULT_OUT else f" --audit {shlex.quote(str(out))}"
    first = next((one for one in findings if not one.waived_by), None)
    if setting.plan is None:
        yield "auditor init"
    if first is not None:
        yield f"auditor explain {first.id}{folder}"
    if outcome.passes:
        yield f"auditor attest {shlex.quote(str(out))} --key KEY --out permit.intoto.json"
    else:
        yield f"auditor split {shlex.quote(str(out))}"
