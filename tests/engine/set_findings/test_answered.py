"""A claim that the map sets aside is shown among the findings, not in the assumptions alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.cli.main import execute
from auditor.domain.outcome import Outcome
from auditor.engine.set_findings.answered import set_aside

ROW = {"instruction": "q", "output": "a", "model": "Qwen/Qwen2.5-7B-Instruct", "license": "Apache-2.0"}
PLAN = """student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: commercial-api
student_release_license: proprietary
student_name: Acme
competes_with_teacher_provider: 'yes'
"""


def test_each_line_and_column_has_a_note_with_what_it_names() -> None:
    claims = [("ignore=gen", "gen", f"gpt-{number}") for number in range(7)]
    notes = list(set_aside([*claims, ("judge=by", "by!name", "claude-3")]))
    assert [(one.subject, one.outcome) for one in notes] == [("gen", Outcome.ALLOW), ("by", Outcome.ALLOW)]
    assert "gpt-0, gpt-1, gpt-2, gpt-3, gpt-4 and 2 more" in notes[0].message
    assert "`judge=by`" in notes[1].message
    assert not list(set_aside([]))


@pytest.mark.parametrize(("values", "shown"), [(("gpt-4o",), True), (("batch one",), False)])
def test_the_terminal_shows_what_was_set_aside(
    values: tuple[str, ...],
    shown: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [{**ROW, "access": "open-weights", "gen": value} for value in values]
    Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    Path("plan.yaml").write_text(PLAN)
    code = execute(
        ["audit", "rows.jsonl", "--plan", "plan.yaml", "--map", "ignore=gen", "--no-ledger", "--out", "out"]
    )
    printed = capsys.readouterr().out
    assert code == 0
    assert ("set aside by the map" in printed) is shown
    assert ("gpt-4o" in " ".join(printed.split())) is shown
