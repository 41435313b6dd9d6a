"""A finished audit, read back from its folder: what `attest` signs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from auditor.attest.files import read_bounded
from auditor.attest.row_list import RowList
from auditor.digest import canonical
from auditor.domain.outcome import Outcome
from auditor.domain.plan import Plan
from auditor.errors import EvidenceError, InputError
from auditor.ids import Digest

MAX_REPORT_BYTES = 1 << 30
_NO_PLAN_KEYS = frozenset({"source", "teachers", "dataset_licenses"})
_REDO = "run `auditor audit` again"


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """What an audit's folder states, checked against itself."""

    report: Mapping[str, Any]
    report_digest: Digest
    outcome: Outcome
    dataset_digest: Digest
    rows: RowList
    plan_digest: Digest | None
    sheet_digest: Digest | None

    @property
    def whole(self) -> bool:
        """Tell whether every row of the set was read and judged, and nothing else went wrong."""
        dataset = self.report["dataset"]
        counts = (self.report.get("exit_code"), dataset.get("unreadable"), self.report.get("sampled"))
        return not any(counts) and len(self.rows.digests) > 0


def content_digest(value: object) -> Digest:
    """Return SHA-256 over the canonical JSON of any JSON-like value."""
    return Digest(f"sha256:{hashlib.sha256(canonical(value)).hexdigest()}")


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
        "trainer_teachers": [asdict(one) for one in plan.trainer_teachers] or None,
    }


def read_record(folder: Path) -> AuditRecord:
    """Read an audit's folder.

    Raises:
        InputError: the folder holds no report.
        EvidenceError: `report.json` or `samples.parquet` is damaged, or they contradict each other.
    """
    path = folder / "report.json"
    if not os.path.lexists(path):
        raise InputError("no audit is in this folder", where=str(folder), fix="give the --out of an audit")
    raw = read_bounded(path, MAX_REPORT_BYTES)
    try:
        report = orjson.loads(raw)
        outcome = Outcome(report["outcome"])
        stated = Digest(report["dataset"]["digest"])
        if not str(report["policy"]["digest"]).startswith("sha256:"):
            raise ValueError("policy digest")
        _check_entries(report)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        raise EvidenceError("this is no report of a finished audit", where=str(path), fix=_REDO) from None
    rows = RowList.of(_sample_rows(folder / "samples.parquet"))
    if rows.root() != stated:
        raise EvidenceError(
            "samples.parquet and report.json tell of different rows", where=str(folder), fix=_REDO
        )
    _check_outcome(report, outcome, folder)
    report_digest = Digest(f"sha256:{hashlib.sha256(raw).hexdigest()}")
    plan = _plan_digest(report.get("plan"))
    return AuditRecord(report, report_digest, outcome, stated, rows, plan, _sheet(report))


def _check_entries(report: Mapping[str, Any]) -> None:
    for name, key in (("findings", "rule"), ("origins", "id")):
        for entry in report.get(name, ()):
            if not isinstance(entry[key], str):
                raise TypeError(key)
            if entry.get("outcome") is not None:
                Outcome(entry["outcome"])


def _check_outcome(report: Mapping[str, Any], outcome: Outcome, folder: Path) -> None:
    """Hold a passing outcome against the findings, and without waivers against origins and rows too."""
    if not outcome.passes:
        return
    found = [one.get("outcome") for one in report.get("findings", ()) if not one.get("waived_by")]
    if not report.get("waivers"):
        found += [origin.get("outcome") for origin in report.get("origins", ())]
        found += _row_outcomes(folder / "samples.parquet")
    worse = [word for word in found if word is not None and not Outcome(word).passes]
    if worse:
        raise EvidenceError(
            f"the report says {outcome.value}, yet holds what is {worse[0]}", where=str(folder), fix=_REDO
        )


def _row_outcomes(path: Path) -> list[str]:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with _reading(path), pq.ParquetFile(path) as file:
        if "outcome" not in file.schema_arrow.names:
            return []
        words: list[str] = pc.unique(file.read(["outcome"]).column("outcome")).to_pylist()
        return words


def _sample_rows(path: Path) -> Iterator[tuple[str, bytes]]:
    import pyarrow.parquet as pq

    with _reading(path), pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=["sample_id", "digest"]):
            ids, digests = (column.to_pylist() for column in batch.columns)
            for name, digest in zip(ids, digests, strict=True):
                if digest is not None:
                    yield f"{name}", bytes.fromhex(digest.removeprefix("sha256:"))


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Name the file of rows where it is damaged."""
    import pyarrow as pa

    try:
        yield
    except (OSError, pa.ArrowException, ValueError, TypeError, AttributeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise EvidenceError(f"cannot read: {reason}", where=str(path), fix=_REDO) from error


def _plan_digest(plan: object) -> Digest | None:
    if not isinstance(plan, Mapping) or not plan:
        return None
    return plan_digest(plan)


def _sheet(report: Mapping[str, Any]) -> Digest | None:
    sheet = report.get("fair_use")
    if not isinstance(sheet, Mapping) or not sheet.get("entries"):
        return None
    return content_digest(sheet)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else value
