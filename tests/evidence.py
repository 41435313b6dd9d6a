"""A finished audit in the least form that is read, for tests of signatures and the gate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.attest.binding import bind_all
from auditor.attest.keys import load_private
from auditor.attest.permit_files import write_permit
from auditor.attest.record import read_record
from auditor.attest.statement import Signing
from auditor.cli.attest import duration
from auditor.cli.common import now
from auditor.digest import dataset_digest
from auditor.domain.permit import EvidenceMode
from auditor.samples.rows import iter_row_digests

ROWS = [
    {"id": f"r{number}", "prompt": f"Add {number} and 2.", "answer": f"{number} and 2 make {number + 2}."}
    for number in range(24)
]
PLAN = {"intended_use": "research-only", "student_name": "tiny", "facts": {"distributed": True}}


ORIGIN = {
    "id": "o-1",
    "teachers": ["smollm2"],
    "terms": [],
    "licenses": ["Apache-2.0"],
    "basis": "row",
    "grade": "C",
    "share": 1.0,
    "outcome": "allow",
}


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def write_audit(folder: Path, data: Path, outcome: str = "allow", **changes: Any) -> Path:
    """Write the parts of an audit's folder that `attest` reads."""
    rows = list(iter_row_digests([str(data)]))
    folder.mkdir(parents=True, exist_ok=True)
    report = {
        "schema": "auditor.report/v1",
        "outcome": outcome,
        "exit_code": 0,
        "dataset": {
            "digest": f"sha256:{dataset_digest(digest for _, digest in rows)}",
            "samples": len(rows),
            "unreadable": 0,
            "files": [{"path": data.name}],
        },
        "policy": {"name": "default", "version": "1", "digest": f"sha256:{'ab' * 32}"},
        "plan": {**PLAN, "source": "plan.yaml", "student_base": None},
        "knowledge": {"version": "1", "digest": f"sha256:{'cd' * 32}"},
        "coverage": {"declared": len(rows), "searched_rows": 0},
        "fair_use": {"digest": f"sha256:{'ef' * 32}", "entries": [{"factor": "purpose", "question": "?"}]},
        "findings": [],
        "origins": [ORIGIN | {"samples": len(rows)}],
        **changes,
    }
    (folder / "report.json").write_text(json.dumps(report))
    table = {"sample_id": [name for name, _ in rows], "digest": [f"sha256:{d.hex()}" for _, d in rows]}
    pq.write_table(pa.table(table), folder / "samples.parquet")
    return folder


def sign(folder: Path, key: Path, out: Path, *options: str) -> None:
    """Sign an audit's folder as `attest --key KEY --out OUT [--expires T] [--bind N=P]` does."""
    given = dict(zip(options[::2], options[1::2], strict=True))
    moment = now()
    until = moment + duration(given["--expires"]) if "--expires" in given else None
    bound = bind_all([given["--bind"]] if "--bind" in given else [])
    signing = Signing(moment, until, bound, EvidenceMode.ROWS)
    write_permit(read_record(folder), signing, [load_private(key, None)], out)
