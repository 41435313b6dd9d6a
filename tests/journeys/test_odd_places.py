"""What names a teacher or license in an odd place stops a set, and what only looks so does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.cli.main import execute
from tests.journeys.odd_places import CALLS, HARMLESS, JUDGES, KEYS, MAKERS, PLAN, SIGNED, SPEAKERS, Row

FACTS = [*CALLS, *SPEAKERS, *KEYS, *MAKERS, *JUDGES, *SIGNED]


def outcome(row: Row) -> str:
    """Return the outcome of an audit of one row in the working directory."""
    Path("rows.jsonl").write_text(json.dumps(row) + "\n")
    Path("plan.yaml").write_text(PLAN)
    execute(["audit", "rows.jsonl", "--plan", "plan.yaml", "--no-ledger", "--quiet", "--out", "out"])
    return str(json.loads(Path("out/report.json").read_text())["outcome"])


@pytest.mark.parametrize(("fact", "twin"), [one[1:] for one in FACTS], ids=[one[0] for one in FACTS])
def test_a_fact_in_an_odd_place_stops_the_row_and_a_harmless_one_does_not(
    fact: Row, twin: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert outcome(fact) in ("review", "deny")
    assert outcome(twin).startswith("allow")


@pytest.mark.parametrize("row", [one[1] for one in HARMLESS], ids=[one[0] for one in HARMLESS])
def test_a_name_that_is_none_there_changes_nothing(
    row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert outcome(row).startswith("allow")
