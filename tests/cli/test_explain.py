"""From a row, a finding or an origin to the facts and rules behind it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from audited import findings

from auditor.cli.main import execute


def test_explain_a_row_names_fact_clause_rule_and_what_would_change_it(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["explain", "mix.jsonl#1", "--audit", str(out)]) == 0
    text = capsys.readouterr().out
    assert "DENY" in text
    assert "LicenseRef-Llama-3-Community 1.b.v" in text
    assert "outputs-forbidden" in text
    assert "if separate license were on record: review" in text
    assert "legal" not in text.replace("/legal", "").lower()


def test_explain_a_finding_and_an_origin_as_json(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (deny, *_) = findings(out)
    assert execute(["explain", deny["id"], "--audit", str(out), "--format", "json"]) == 0
    (proof,) = json.loads(capsys.readouterr().out)
    assert proof["outcome"] == "deny"
    assert proof["would_pass_if"] == []
    assert execute(["explain", proof["origin"], "--audit", str(out), "--format", "json"]) == 0


def test_explain_a_row_that_is_not_there(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["explain", "mix.jsonl#99", "--audit", str(out)]) == 2
    assert "no finding, row or origin" in capsys.readouterr().err
