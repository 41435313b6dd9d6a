"""A finished audit, read back from its folder: what `attest` signs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.attest.files import read_bounded
from auditor.attest.row_list import RowList
from auditor.canonical import content_digest
from auditor.domain.outcome import Outcome
from auditor.domain.plan import Plan
from auditor.domain.report.codec import FILE_NAME, MAX_BYTES, parse, to_json
from auditor.domain.report.fair_use import sheet_digest
from auditor.domain.report.report import Report
from auditor.errors import EvidenceError, InputError
from auditor.ids import Digest, digest_of, is_digest
from auditor.serialize import encode

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLES = "samples.parquet"
_NO_PLAN_KEYS = frozenset({"source", "teachers", "dataset_licenses"})
_REDO = "run `auditor audit` again"


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """What an audit's folder states, checked against itself."""

    folder: Path
    report: Report
    report_digest: Digest
    """Of the file."""
    rows: RowList

    @property
    def outcome(self) -> Outcome:
        """Return the outcome of the set."""
        return self.report.outcome

    @property
    def dataset_digest(self) -> Digest:
        """Return the digest over all rows."""
        return Digest(self.report.dataset.digest)

    @property
    def plan_digest(self) -> Digest | None:
        """Return the digest of the plan; None for an audit without one."""
        plan = self.report.plan
        return None if plan is None else plan_digest(declared(plan))

    @property
    def sheet_digest(self) -> Digest | None:
        """Return the digest of the fair-use sheet; None where there is none."""
        sheet = self.report.fair_use
        if sheet is None or not sheet.entries:
            return None
        return sheet_digest(encode(sheet))

    @property
    def samples_path(self) -> Path:
        """Return where the rows' answers lie."""
        return self.folder / SAMPLES

    @property
    def whole(self) -> bool:
        """Tell whether every row of the set was read and judged, and nothing else went wrong."""
        report = self.report
        unread = any(file.error for file in report.dataset.files)
        wrong = (unread, report.dataset.unreadable, report.sampled)
        return not any(wrong) and len(self.rows) > 0


def report_content(report: Report) -> Digest:
    """Return the digest of all that a report says, but for the ledger entry that holds this digest."""
    return content_digest(to_json(replace(report, audit_id="")))


def plan_digest(plan: Mapping[Any, Any]) -> Digest:
    """Return the digest of a plan as it was declared.

    YAML's true and false equal yes and no; the file's name, teachers and dataset licenses do not count, nor
    does a member without content.
    """
    counted = {
        key: item for key, item in plan.items() if key not in _NO_PLAN_KEYS and item not in ({}, [], None)
    }
    return content_digest(_plain(counted))


def declared(plan: Plan) -> dict[str, Any]:
    """Return a plan as the mapping that its digest is over."""
    base = plan.student_base
    return {
        "student_base": {"name": base.name, "terms": base.terms} if base else None,
        "intended_use": plan.intended_use,
        "student_release_license": plan.student_release_license,
        "student_name": plan.student_name,
        "competes_with_teacher_provider": plan.competes_with_teacher_provider,
        "facts": dict(plan.facts),
        "trainer_teachers": encode(plan.trainer_teachers) or None,
        "declarations": encode(plan.declarations) or None,
    }


def read_record(folder: Path) -> AuditRecord:
    """Read an audit's folder.

    Raises:
        InputError: the folder holds no report.
        EvidenceError: `report.json` or `samples.parquet` is damaged, or they contradict each other.
    """
    path = folder / FILE_NAME
    if not os.path.lexists(path):
        raise InputError("no audit is in this folder", where=str(folder), fix="give the --out of an audit")
    raw = read_bounded(path, MAX_BYTES)
    try:
        report = parse(raw)
    except InputError as error:
        why = f"this is not the report of a finished audit: {error.message}"
        raise EvidenceError(
            why, where=f"{path}: {error.where}" if error.where else str(path), fix=_REDO
        ) from None
    if not all(map(is_digest, (report.dataset.digest, report.policy.digest))):
        raise EvidenceError(
            "this is not the report of a finished audit: a digest is not one", where=str(path), fix=_REDO
        )
    rows = _sample_rows(folder / SAMPLES)
    if rows.root() != report.dataset.digest or len(rows) != report.dataset.samples:
        raise EvidenceError(
            "samples.parquet and report.json are about different rows", where=str(folder), fix=_REDO
        )
    digest = digest_of(raw)
    return AuditRecord(folder, report, digest, rows)


def _sample_rows(path: Path) -> RowList:
    import pyarrow as pa

    from auditor.attest.row_order import row_list

    with _reading(path):
        found = row_list(_judged(path))
        pa.default_memory_pool().release_unused()
        return found


def _judged(path: Path) -> Iterator[tuple[bytes, pa.StringArray]]:
    """Yield the digests and ids of the rows that were judged."""
    import pyarrow as pa

    from auditor.attest.row_order import raw_digests
    from auditor.parquet import open_parquet

    with open_parquet(path) as file:
        for batch in file.iter_batches(8192, columns=["sample_id", "digest"], use_threads=False):
            judged = batch.filter(batch.column("digest").is_valid())
            names = judged.column("sample_id").cast(pa.string()).fill_null("None")
            yield raw_digests(judged.column("digest")), names


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Name the file of rows where it is damaged."""
    import pyarrow as pa

    try:
        yield
    except (OSError, pa.ArrowException, KeyError, ValueError, TypeError, AttributeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise EvidenceError(f"cannot read: {reason}", where=str(path), fix=_REDO) from error


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else value
