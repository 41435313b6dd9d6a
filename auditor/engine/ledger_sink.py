"""Write an audit into the ledger as its rows go by; nobody sees it before it is whole."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa

from auditor import __version__
from auditor.attest.record import declared, plan_digest, report_content
from auditor.digest import end_to_end
from auditor.domain.report.report import Report
from auditor.engine.inputs import AuditInputs
from auditor.engine.scan import Batch, Scan
from auditor.ledger.recording import AuditHeader
from auditor.ledger.store import Ledger
from auditor.redact import redact


class LedgerSink:
    """One audit on its way into the ledger; without a ledger in the request it does nothing."""

    def __init__(self, inputs: AuditInputs) -> None:
        self._inputs = inputs
        self._claim_ids: list[str] = []
        """By the number of the claim set in the source."""
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Open the ledger and begin.

        Raises:
            LedgerError: it cannot be opened.
        """
        request = self._inputs.request
        self._recorder = None
        if request.ledger:
            ledger = self._stack.enter_context(Ledger.open(request.ledger, lambda: request.now))
            self._recorder = self._stack.enter_context(ledger.begin_audit(self._header()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the ledger; what was not committed is dropped."""
        self._stack.__exit__(kind, error, trace)

    def _header(self) -> AuditHeader:
        inputs, request = self._inputs, self._inputs.request
        return AuditHeader(
            dataset=dataset_name(request.data),
            policy=f"{inputs.pack.name}@{inputs.pack.version}",
            started_at=request.now,
            policy_digest=inputs.pack.digest,
            plan_digest=plan_digest(declared(inputs.plan)) if inputs.plan else "",
            knowledge_digest=inputs.knowledge.digest,
            indexes=tuple(f"{name}:{index.spec}" for name, index in inputs.indexes),
            tool=f"auditor {__version__}",
        )

    def add(self, rows: pa.RecordBatch, batch: Batch) -> None:
        """Record the rows of one batch."""
        if self._recorder is None:
            return
        fresh = self._inputs.source.claim_sets[len(self._claim_ids) :]
        self._claim_ids.extend(self._recorder.add_claim_sets(fresh))
        met, places = np.unique(batch.claim_sets, return_inverse=True)
        ids = pa.array([self._claim_ids[claim_set] for claim_set in met.tolist()], pa.string())
        claim_sets = ids.take(pa.array(places))
        joined = pa.py_buffer(end_to_end(batch.digests))
        digests = pa.Array.from_buffers(pa.binary(32), len(rows), [None, joined])
        rows = rows.set_column(rows.schema.get_field_index("digest"), "digest", digests)
        self._recorder.add_samples(rows.append_column("claim_set", claim_sets))

    def commit(self, scan: Scan, report: Report) -> str:
        """Make the audit visible and return its id; empty without a ledger."""
        if self._recorder is None:
            return ""
        origins = scan.table.origins
        terms = {facts.id: facts.terms for facts in report.origins}
        self._recorder.add_origins(origins)
        verdicts = {origin.id: verdict for origin, verdict in zip(origins, scan.verdicts, strict=True)}
        self._recorder.add_verdicts(verdicts, terms)
        self._recorder.add_findings(report.findings)
        self._recorder.add_waivers(map(asdict, report.waivers))
        dataset = report.dataset
        unreadable, digest = dataset.unreadable, report_content(report)
        return self._recorder.commit(dataset.digest, report.outcome, report.coverage, unreadable, digest)


def dataset_name(data: Sequence[str]) -> str:
    """Name a set after its arguments, as `ledger teachers` takes it."""
    return ", ".join(redact(Path(argument).name or argument) for argument in data)
