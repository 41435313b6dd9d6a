"""A finished audit and its permit, made by the product, for tests of signatures and the gate."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from auditor.attest.binding import bind_all
from auditor.attest.keys import load_private
from auditor.attest.permit_files import write_permit
from auditor.attest.record import read_record
from auditor.attest.statement import Signing
from auditor.cli.attest import duration
from auditor.cli.common import now
from auditor.digest import dataset_digest
from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.domain.permit import EvidenceMode
from auditor.engine.request import AuditRequest
from auditor.errors import NoRowsError
from auditor.main_job import audit
from auditor.samples.rows import iter_row_digests

ROWS = [
    {"id": f"r{number}", "prompt": f"Add {number} and 2.", "answer": f"{number} and 2 make {number + 2}."}
    for number in range(24)
]
PLAN = {"intended_use": "research-only", "student_name": "tiny", "facts": {"distributed": True}}
"""The plan that permits carry: short, so that a test can write it out."""
_WHOLE_PLAN = {
    **PLAN,
    "student_base": {"name": "HuggingFaceTB/SmolLM2-135M", "terms": "Apache-2.0"},
    "student_release_license": "none",
    "competes_with_teacher_provider": "no",
    "facts": {"distributed": False},
}
"""The plan of the audit: nothing is left to ask, and no duty comes of it."""
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
"""The one origin that permits carry."""
AUDITED = datetime(2026, 11, 24, 12, tzinfo=UTC)
_SAID = {ClaimKind.TEACHER: "smollm2", ClaimKind.ACCESS: "open-weights", ClaimKind.LICENSE: "CC0-1.0"}
_CLAIMS = tuple(Claim(kind, value, Basis("flag"), f"--{kind}") for kind, value in _SAID.items())


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@cache
def _audited(name: str, content: bytes) -> Path:
    """Audit one file as `auditor audit` does and return the folder, kept for all tests of this process."""
    folder = Path(tempfile.mkdtemp(prefix="audited-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / name).write_bytes(content)
    (folder / "plan.yaml").write_text(yaml.safe_dump(_WHOLE_PLAN))
    out = folder / "out"
    audit(
        AuditRequest(
            (str(folder / name),), AUDITED, plan=folder / "plan.yaml", ledger=None, out=out, claims=_CLAIMS
        )
    )
    return out


def write_audit(folder: Path, data: Path, outcome: str = "allow", **changes: Any) -> Path:
    """Copy what `attest` reads of an audit of the data, its report's members changed as asked."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = None
    try:
        made = _audited(data.name, data.read_bytes())
    except NoRowsError:  # a table without text
        made = None
    report = json.loads((made / "report.json").read_text()) if made else {"dataset": {"unreadable": 1}}
    if made is None or report["dataset"]["unreadable"]:
        # Rows that no audit passes take the place of those of one that does: what comes later must see them.
        made = _audited("data.jsonl", b"".join(json.dumps(row).encode() + b"\n" for row in ROWS))
        rows = list(iter_row_digests([str(data)]))
        report = json.loads((made / "report.json").read_text())
    assert report["outcome"] == "allow", report["findings"]
    if rows is None:
        shutil.copyfile(made / "samples.parquet", folder / "samples.parquet")
    else:
        table = {"sample_id": [name for name, _ in rows], "digest": [f"sha256:{d.hex()}" for _, d in rows]}
        pq.write_table(pa.table(table), folder / "samples.parquet")
        digest = f"sha256:{dataset_digest(digest for _, digest in rows)}"
        report["dataset"] |= {"digest": digest, "samples": len(rows), "files": [{"path": data.name}]}
    report.pop("columns", None)
    report["origins"] = [ORIGIN | {"samples": report["dataset"]["samples"]}]
    changes = {"outcome": outcome, "plan": {**PLAN, "source": "plan.yaml", "student_base": None}, **changes}
    (folder / "report.json").write_text(json.dumps(report | changes))
    return folder


def sign(folder: Path, key: Path, out: Path, *options: str) -> None:
    """Sign an audit's folder as `attest --key KEY --out OUT [--expires T] [--bind N=P]` does."""
    given = dict(zip(options[::2], options[1::2], strict=True))
    moment = now()
    until = moment + duration(given["--expires"]) if "--expires" in given else None
    bound = bind_all([given["--bind"]] if "--bind" in given else [])
    signing = Signing(moment, until, bound, EvidenceMode.ROWS)
    write_permit(read_record(folder), signing, [load_private(key, None)], out)
