"""The main job: from a training set to origins, verdicts, a ledger entry and a report.

    rows ─► claims ─► matches ─► origins ─► verdicts ─► findings ─► report
                                    └─ one line per row: samples.parquet, ledger

The rows pass once, in bounded memory; from the origins on everything is small.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from auditor.domain.report.report import Report
from auditor.engine.assemble_report import build_report
from auditor.engine.inputs import AuditInputs, prepare, searches
from auditor.engine.ledger_sink import LedgerSink
from auditor.engine.names import CachedCatalog
from auditor.engine.request import AuditRequest
from auditor.engine.samples_file import SamplesFile
from auditor.engine.scan import Scan, Sink
from auditor.engine.unreadable import UnreadableLog
from auditor.policy.evaluate.evaluator import Judge
from auditor.provenance.origins import OriginTable
from auditor.report.interface import withdraw_report, write_report


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What an audit leaves: its report, and whole files that could not be read."""

    report: Report
    unreadable_files: int
    audit_id: str = ""
    """Id in the ledger; empty where none was asked for."""


Progress = Callable[[int], None]


def audit(request: AuditRequest, progress: Progress = lambda rows: None) -> AuditResult:
    """Audit a set and write its folder: report.html, report.json, summary.md, samples.parquet and the rest.

    Raises:
        InputError: no data, no row, or an index that cannot be used.
        PolicyError: the pack does not compile.
        PlanError: the plan cannot be used.
        LedgerError: the ledger cannot be opened or written.
        EnvironmentFault: the output folder cannot be written.
    """
    unreadable = UnreadableLog(request.out / "unreadable.jsonl")
    setting = prepare(request, unreadable.add)
    withdraw_report(request.out)
    with LedgerSink(setting) as recording:
        with unreadable, SamplesFile(request.out / "samples.parquet") as samples:
            scan = read_rows(setting, [lambda rows, batch: samples.write(rows), recording.add], progress)
        report = build_report(setting, scan)
        audit_id = recording.commit(scan, report)
    # A report that can be signed stands only for an audit that the ledger holds.
    report = replace(report, audit_id=audit_id)
    write_report(report, request.out)
    return AuditResult(report, len(setting.source.unreadable_files), audit_id)


def read_rows(setting: AuditInputs, sinks: Sequence[Sink], progress: Progress) -> Scan:
    """Pass over the rows once, giving each batch of answers to every sink."""
    request, source = setting.request, setting.source
    judge = Judge(setting.context)
    scan = Scan(OriginTable(CachedCatalog(setting.knowledge)), judge.judge)
    scan.run(source, source.claim_sets, searches(setting), request.fpr, sinks, progress)
    return scan
