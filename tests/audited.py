"""An audit of four rows, as the commands that come after one read it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.engine.assemble_report import build_report
from auditor.engine.inputs import prepare
from auditor.engine.request import AuditRequest
from auditor.engine.samples_file import SamplesFile
from auditor.main_job import judge_rows
from auditor.report.interface import Style
from auditor.report.jsonfile import JsonWriter

WEIGHTS = {"access": "open-weights", "license": "MIT"}
ROWS = [
    {"instruction": "a", "output": "one", "model": "allenai/OLMo-2-1124-7B-Instruct", **WEIGHTS},
    {"instruction": "b", "output": "two", "model": "meta-llama/Llama-3-8B-Instruct", **WEIGHTS},
    {"instruction": "c", "output": "three", "model": "nobody-knows-this", **WEIGHTS},
    {"instruction": "d", "output": "four", "model": "allenai/OLMo-2-1124-7B-Instruct", **WEIGHTS},
]
PLAN = """
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: internal-commercial
student_release_license: none
student_name: Acme
competes_with_teacher_provider: no
"""
OVERLAY = """\
schema_version: 1
teachers:
- id: acme-1
  name: Acme 1
  developer: Acme
  access: open-weights
  terms: [MIT]
  patterns: ['^nobody-knows-this$']
  confidence: verified-from-text
  source: contract on file
"""
"""An overlay of the catalog that knows one model more."""


def audited(folder: Path, data: Path) -> Path:
    """Run the audit as the command does, and keep what these commands read."""
    (folder / "plan.yaml").write_text(PLAN)
    out = folder / "out"
    out.mkdir()
    request = AuditRequest(
        (str(data),), datetime(2026, 11, 24, tzinfo=UTC), plan=folder / "plan.yaml", ledger=None, out=out,
        command=f"auditor audit {data} --plan plan.yaml",
    )  # fmt: skip
    inputs = prepare(request)
    with SamplesFile(out / "samples.parquet") as samples:
        scan = judge_rows(inputs, [lambda rows, batch: samples.write(rows)], lambda rows, share: None)
    (out / "report.json").write_bytes(JsonWriter().render(build_report(inputs, scan), Style()))
    return out


def findings(out: Path) -> list[dict[str, Any]]:
    report = json.loads((out / "report.json").read_text())
    return list(report["findings"])
