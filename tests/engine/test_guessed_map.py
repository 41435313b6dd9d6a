"""What each column is taken for, how surely, and what it would be otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.engine.guessed_map import guessed_map
from auditor.errors import NoRowsError, UsageError
from auditor.samples.shapes.mapping import read_mapping

TURNS = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]


def guessed(folder: Path, rows: list[dict[str, Any]], *lines: str) -> dict[str, tuple[str, float, str]]:
    path = folder / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (found,) = guessed_map([str(path)], read_mapping(lines))
    return {one.path: (one.role, one.score, one.runner_up) for one in found.columns}


def test_a_column_has_a_role_a_score_and_a_runner_up(tmp_path: Path) -> None:
    answered = {"instruction": "q", "output": "a", "model": "gpt-4", "text": "q a"}
    found = guessed(tmp_path, [*[answered] * 3, {"text": "alone"}])
    assert found["output"] == ("learned", 1.0, "unjudged")
    assert found["instruction"] == ("prompt", 1.0, "unjudged")
    assert found["model"] == ("teacher", 1.0, "")
    assert found["text"] == ("unjudged", 0.75, "learned")


def test_turns_are_told_by_who_speaks_and_claims_by_what_they_say(tmp_path: Path) -> None:
    row = {"messages": TURNS, "meta": {"lic": "cc-by-nc-4.0", "rewritten_by": "gpt-4", "x": "Qwen/Qwen3-8B"}}
    found = guessed(tmp_path, [{**row, "model_a": "m", "when": 3}])
    assert found["messages[].content"][0] == "learned, prompt"
    assert found["meta.lic"][0] == "license?"
    assert found["meta.rewritten_by"][0] == "teacher@rewriter"
    assert found["meta.x"][0] == "teacher?"


def test_the_users_word_stands_in_the_map(tmp_path: Path) -> None:
    row = {"messages": TURNS, "note": "x", "by": "Qwen/Qwen3-8B"}
    assert guessed(tmp_path, [row], "ignore=note", "judge=by")["by"][0] == "judge"
    with pytest.raises(UsageError, match="no row has `nota`"):
        guessed(tmp_path, [row], "ignore=nota")


def test_without_a_row_there_is_nothing_to_guess(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("")
    with pytest.raises(NoRowsError):
        guessed_map([str(tmp_path)])
