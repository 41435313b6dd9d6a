"""A plan is checked, and tried against every use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.cli.main import execute


def test_plan_matrix_has_every_use(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["plan", "matrix", "--audit", str(out), "--format", "json"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert set(table) == {"research-only", "internal-commercial", "commercial-api", "open-weights-release"}
    assert {outcome for row in table.values() for outcome in row.values()} == {"deny"}
    assert execute(["plan", "matrix", "--audit", str(out)]) == 0


def test_plan_check_names_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "p.yaml"
    plan.write_text("intended_use: research-only\nfacts: {shoe_size: 44}\n")
    assert execute(["plan", "check", str(plan)]) == 0
    text = capsys.readouterr().out
    assert "student_name" in text
    assert "shoe_size" in text
    plan.write_text("intended_use: research\n")
    assert execute(["plan", "check", str(plan)]) == 2
