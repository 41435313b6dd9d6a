"""A set whose sources were not all looked up does not pass."""

from __future__ import annotations

import json
from pathlib import Path

from auditor.cli.main import execute


def test_a_set_with_more_sources_than_are_kept_apart_engine_finding(tmp_path: Path) -> None:
    row = {"prompt": "Q", "completion": "A", "model": "human", "license": "MIT"}
    rows = [{**row, "origin": f"site {at}"} for at in range(300)]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert execute(["audit", str(path), "-q", "--no-ledger", "--out", str(tmp_path / "out")]) == 3
    report = json.loads((tmp_path / "out/report.json").read_text(encoding="utf-8"))
    found = [one for one in report["findings"] if one["rule"] == "sources-unjudged"]
    assert [(one["samples"], one["outcome"]) for one in found] == [(44, "review")]
    assert "`origin`" in found[0]["message"]
