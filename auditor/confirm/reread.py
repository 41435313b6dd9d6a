"""Read and judge the rows of an audit once more, and compare what comes out with its report."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from auditor.attest.files import file_digest
from auditor.attest.record import AuditRecord
from auditor.confirm.rejudge import refuse
from auditor.confirm.rows import OtherAccount, first_difference, in_order
from auditor.domain.finding import Finding
from auditor.domain.report.judged_by import RequestFacts
from auditor.domain.report.report import Report
from auditor.domain.sample import Shape
from auditor.engine.request import AuditRequest
from auditor.errors import AuditorError, EvidenceError, InputError
from auditor.policy.evaluate.context import EvaluationContext
from auditor.samples.inputs.sources import find_files
from auditor.serialize import encode

_OF_THE_RUN = frozenset(
    {"schema", "audit_id", "command", "next_commands", "created_at", "exit_code", "excerpts", "redaction"}
    | {"notes", "request", "config", "sentence", "tool_version", "tool_digest"}
)
"""What tells of one run, not of the rows; all other members must come out the same."""


def what_lacks(record: AuditRecord, data: Sequence[str], *, named: bool) -> str | None:
    """Say what is missing for judging the rows again; None where everything is at hand.

    Args:
        named: the data was named for this; that it is missing is then an error.
    """
    request = record.report.request
    if request is None:
        return "the report is of an older program and does not say how the audit was asked for"
    if record.report.sampled:
        return "the audit read only a part of the set"
    if not data:
        return "the report does not say where the rows are"
    if any(place.startswith("hf://") for place in data):
        return "the rows lie on a hub; name a copy by --dataset"
    try:
        find_files(data)
    except InputError as error:
        if named:
            raise
        return f"the rows are not here: {error.message} ({error.where})"
    if request.waivers and not Path(request.waivers).is_file():
        return f"the file of waivers is not here: {request.waivers}"
    for path in request.map_from:
        if not Path(path).is_file():
            return f"the file that the map of columns was read from is not here: {path}"
    return _index_lacks(record, request)


def _index_lacks(record: AuditRecord, request: RequestFacts) -> str | None:
    """Say which index is missing: without it, a match that a report leaves out would not be noticed."""
    recorded = record.report.indexes
    if len(request.indexes) != len(recorded):
        return "the report names other indexes than the audit was asked to search"
    for path, facts in zip(request.indexes, recorded, strict=True):
        try:
            if file_digest(Path(path)) != facts.digest:
                return f"the index is another than the audit searched: {path}"
        except EvidenceError:
            return f"the index is not here: {path}"
    for path in request.public:
        if not Path(path).is_file():
            return f"the index of public texts is not here: {path}"
    return None


def read_again(
    record: AuditRecord,
    grounds: EvaluationContext,
    data: Sequence[str],
    progress: Callable[[int, int], None] = lambda rows, total: None,
) -> None:
    """Judge the rows of `data` as the audit was asked to, and compare.

    Args:
        progress: told how many rows were judged, and of how many.

    Raises:
        EvidenceError: the rows are others, or they come out otherwise than the report says.
    """
    # What reads and searches rows is loaded only where rows are read.
    from auditor.engine.assemble_report import build_report
    from auditor.engine.inputs import prepare
    from auditor.engine.waiving import read_waiver_set
    from auditor.main_job import judge_rows

    said, judged = record.report, OtherAccount(record)

    def done(rows: int, share: float) -> None:
        progress(rows, said.dataset.samples)

    with tempfile.TemporaryDirectory(prefix="auditor-") as empty:
        request = _request(said, data, Path(empty))
        try:
            inputs = prepare(request)
            # The plan is the recorded one, so a waiver that was accepted for its use is one for it here.
            waivers = read_waiver_set(request, grounds.pack.pack, grounds.plan)
            inputs = replace(
                inputs,
                plan=grounds.plan,
                pack=grounds.pack,
                knowledge=grounds.knowledge,
                waivers=waivers,
            )
            scan = judge_rows(inputs, [lambda rows, batch: judged.add(rows)], done)
            found = build_report(inputs, scan)
        except AuditorError as error:
            raise refuse(record, f"the rows cannot be judged again: {error}") from None
    if found.dataset.digest != said.dataset.digest:
        raise refuse(
            record,
            f"the data holds other rows: {found.dataset.samples:,} rows {found.dataset.digest}, the report "
            f"says {said.dataset.samples:,} rows {said.dataset.digest}",
        )
    difference = next(_differences(said, found), None) or _rows_differ(judged)
    if difference:
        raise refuse(record, difference)


def _request(said: Report, data: Sequence[str], out: Path) -> AuditRequest:
    asked = said.request or RequestFacts()
    return AuditRequest(
        data=tuple(data),
        now=datetime.fromisoformat(said.created_at),
        policy=said.policy.source or said.policy.name,
        indexes=tuple(map(Path, asked.indexes)),
        public=tuple(map(Path, asked.public)),
        knowledge=Path(asked.knowledge) if asked.knowledge else None,
        ledger=None,
        out=out,
        claims=asked.claims,
        shape=Shape(asked.shape) if asked.shape else None,
        fpr=asked.fpr,
        waivers=Path(asked.waivers) if asked.waivers else None,
        approver_keys=tuple(map(Path, asked.approver_keys)),
        mapping=asked.mapping,
        mapping_by=asked.mapping_by or "--map",
        map_from=tuple(map(Path, asked.map_from)),
    )


def _differences(said: Report, found: Report) -> Iterator[str]:
    for field in fields(Report):
        old, new = getattr(said, field.name), getattr(found, field.name)
        if field.name in _OF_THE_RUN or old == new:
            continue
        if field.name == "dataset":
            if (old.samples, old.unreadable) != (new.samples, new.unreadable):
                yield "the data has other unreadable rows"
        elif field.name == "findings":
            yield from _findings_differ(old, new)
        elif field.name == "outcome":
            yield f"the set is {new}, the report says {old}"
        elif encode(old) != encode(new):
            yield f"`{field.name}` comes out differently from what the report says"


def _findings_differ(said: Sequence[Finding], found: Sequence[Finding]) -> Iterator[str]:
    """Compare findings but for their example rows, whose ids depend on where the data lies."""
    old, new = ({one.id: replace(one, evidence=()) for one in findings} for findings in (said, found))
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            yield f"the finding {key} ({new[key].rule}, {new[key].outcome}) is missing"
        elif key not in new:
            yield f"the finding {key} ({old[key].rule}) is not found in the rows"
        elif old[key] != new[key]:
            yield f"the finding {key} ({old[key].rule}) has a different content"


def _rows_differ(judged: OtherAccount) -> str | None:
    """Compare row by row; ids depend on where the data lies, digests do not."""
    if judged.agrees():
        return None
    said, found = judged.tables()
    blank = pa.nulls(len(said), pa.string())
    if sorted(said.column("sample_id").to_pylist()) != sorted(found.column("sample_id").to_pylist()):
        said, found = (
            in_order(table.set_column(table.schema.get_field_index("sample_id"), "sample_id", blank))
            for table in (said, found)
        )
    return first_difference(said, found)
