"""The main job: from a training set to origins, verdicts, a ledger entry and a report.

    rows ─► claims ─► matches ─► origins ─► verdicts ─► findings ─► report
                                    └─ one line per row: samples.parquet, ledger

Five steps: read, search, conclude, judge, write (`judge_rows`). The rows pass through them once, a batch at a
time, in bounded memory; what stays is a few dozen origins and counts, and the report is made of these. With
more than one job the first two steps run ahead in threads of their own, and nothing comes out differently.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import pyarrow as pa

from auditor import interrupts
from auditor.domain.report.report import Report
from auditor.engine.assemble_report import build_report
from auditor.engine.inputs import AuditInputs, prepare
from auditor.engine.ledger_sink import LedgerSink
from auditor.engine.names import CachedCatalog
from auditor.engine.request import AuditRequest
from auditor.engine.samples_file import SamplesFile
from auditor.engine.scan import Batch, Scan, Sink
from auditor.engine.searched_rows import OnUnreadable, searched_rows
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


Progress = Callable[[int, float], None]
"""Takes the rows done so far, and which part of the data was read by then."""


def audit(request: AuditRequest, progress: Progress = lambda rows, share: None) -> AuditResult:
    """Audit a set and write its folder: report.html, report.json, summary.md, samples.parquet and the rest.

    Raises:
        InputError: no data, no row, or an index that cannot be used.
        PolicyError: the pack does not compile.
        PlanError: the plan cannot be used.
        LedgerError: the ledger cannot be opened or written.
        EnvironmentFault: the output folder cannot be written.
    """
    inputs, out = prepare(request), request.out
    withdraw_report(out)
    with LedgerSink(inputs) as ledger:
        log, file = UnreadableLog(out / "unreadable.jsonl"), SamplesFile(out / "samples.parquet")
        with log as unreadable, file as samples:
            sinks = (lambda answers, batch: samples.write(answers), ledger.add)
            scan = judge_rows(inputs, sinks, progress, unreadable.add)
        report = build_report(inputs, scan)
        # A report that can be signed stands only for an audit that the ledger holds, and no entry alone.
        with interrupts.held_back():
            audit_id = ledger.commit(scan, report)
            report = replace(report, audit_id=audit_id)
            write_report(report, out)
            interrupts.note_done("the audit is finished and its report written; nothing was signed")
    return AuditResult(report, len(inputs.source.unreadable_files), audit_id)


def judge_rows(
    inputs: AuditInputs,
    sinks: Sequence[Sink],
    progress: Progress,
    on_unreadable: OnUnreadable = lambda row: None,
) -> Scan:
    """Pass the rows through the five steps once, and return what stays of them.

    Args:
        sinks: each is given the answers on every batch.
        on_unreadable: told of every row that cannot be read.
    """
    source, judge = inputs.source, Judge(inputs.context)
    scan = Scan(OriginTable(CachedCatalog(inputs.knowledge)), judge)
    with closing(searched_rows(inputs, on_unreadable)) as batches:
        for found in batches:
            interrupts.check()
            origins = scan.conclude(source.claim_sets, found.batch, found.matches)
            scan.judge()
            write(scan.answers(found.batch, found.texts, found.matches, origins), found.batch, sinks)
            progress(scan.samples, found.share)
    return scan


def write(answers: pa.RecordBatch, batch: Batch, sinks: Sequence[Sink]) -> None:
    """Give the answers on a batch to every sink: `samples.parquet` and the ledger."""
    for sink in sinks:
        sink(answers, batch)
