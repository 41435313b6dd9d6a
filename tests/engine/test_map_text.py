"""The guessed map as text: what is pasted into auditor.yaml changes nothing, what is asked is a comment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.cli.main import execute
from auditor.engine.guessed_map import guessed_map
from auditor.engine.map_text import columns_text, table_lines

SAID = "A long enough answer of some eight words or more."
TURNS = [{"role": "user", "content": "Ask"}, {"role": "assistant", "content": SAID}]
ROWS: dict[str, dict[str, Any]] = {
    "alpaca": {"instruction": "q", "input": "i", "output": SAID, "model": "gpt-4", "license": "mit"},
    "messages": {"messages": TURNS, "meta": {"gen": {"model": "gpt-4"}}, "source": "Open-Orca/OpenOrca"},
    "cell": {"messages": json.dumps(TURNS), "generator": "Qwen/Qwen3-8B"},
    "pairs": {"prompt": "q", "chosen": SAID, "rejected": "No.", "chosen_model": "gpt-4", "judge_model": "m"},
    "battles": {"prompt": "q", "response_a": SAID, "response_b": "B", "model_a": "gpt-4", "model_b": "Qwen3"},
    "candidates": {"prompt": "q", "completions": [{"text": SAID, "model": "gpt-4"}, {"text": "B"}]},
    "asked": {"prompt": "q", "completion": SAID, "x": "gpt-4", "rights": "cc-by-nc-4.0", "note": "n"},
    "odd names": {"prompt": "q", "completion": SAID, "it's: a [name]": "gpt-4", "yes": "MIT", "~x": "y"},
    "text": {"text": SAID, "created_at": 1709251200, "provider": "together"},
    "tools": {"messages": TURNS, "tools": [{"name": "t"}], "models": ["gpt-4", "Qwen3"]},
}


def _audit(folder: Path, columns: str) -> dict[str, Any]:
    config = folder / "auditor.yaml"
    config.write_text(columns, encoding="utf-8")
    out = ["-q", "--no-ledger", "--out", str(folder / "out"), "--config", str(config)]
    execute(["audit", str(folder / "a.jsonl"), *out])
    report: dict[str, Any] = json.loads((folder / "out/report.json").read_text(encoding="utf-8"))
    return {name: report[name] for name in ("outcome", "origins", "findings", "columns", "assumptions")}


@pytest.mark.parametrize("kind", ROWS)
def test_a_pasted_map_changes_nothing(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(ROWS[kind]) + "\n")
    text = "\n".join(columns_text(guessed_map([str(tmp_path / "a.jsonl")])))
    assert yaml.safe_load(text)["columns"]["learned"]
    assert _audit(tmp_path, text + "\n") == _audit(tmp_path, "")


def test_questions_and_what_is_not_judged_are_comments(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(ROWS["asked"]) + "\n")
    guesses = guessed_map([str(tmp_path / "a.jsonl")])
    lines = columns_text(guesses)
    assert [line for line in lines if "#" not in line] == ["columns:", "  learned:", "    - 'completion'"]
    assert "  # teacher: ['x']  # these name models: teacher, judge or ignore?" in lines
    assert "  # ignore: ['note']  # nothing judged these: learned, prompt or ignore?" in lines
    ((heading, cells),) = table_lines(guesses)
    assert heading.endswith("a.jsonl: prompt-completion, 100% of the first 1 rows; next messages (100%)")
    assert ["x", "teacher?", "100%", "-"] in cells


def test_a_column_of_two_kinds_of_files_is_learned_where_one_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"question": "q", "answer": SAID}) + "\n")
    (tmp_path / "b.jsonl").write_text(json.dumps({"question": SAID, "text": SAID}) + "\n")
    lines = columns_text(guessed_map([str(tmp_path)]))
    assert "  # prompt: ['question']" in lines
    assert yaml.safe_load("\n".join(lines)) == {"columns": {"learned": ["answer", "text"]}}
