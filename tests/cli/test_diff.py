"""`auditor diff` by its exit code and its formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import execute

TEXT = "An answer of more than eight words, so that it tells its row from others, number"


@pytest.fixture
def sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [{"instruction": f"Q{at}", "output": f"{TEXT} {at}.", "model": "gpt-4"} for at in range(3)]
    said = [(("user", row["instruction"]), ("assistant", row["output"])) for row in rows]
    turns = [{"messages": [{"role": who, "content": text} for who, text in one]} for one in said]
    Path("before.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    Path("after.jsonl").write_text("".join(json.dumps(row) + "\n" for row in turns))


@pytest.mark.usefixtures("sides")
def test_a_conversion_without_the_model_exits_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["diff", "before.jsonl", "after.jsonl"]) == 3
    said = capsys.readouterr().out
    assert "kept               3" in said
    assert "provenance lost: teacher in `model`, 3 rows: gpt-4" in said
    assert TEXT not in said


@pytest.mark.usefixtures("sides")
def test_a_conversion_that_says_it_elsewhere_exits_0(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [json.loads(line) for line in Path("after.jsonl").read_text().splitlines()]
    Path("after.jsonl").write_text("".join(json.dumps({**row, "x": {"by": "gpt-4"}}) + "\n" for row in rows))
    assert execute(["diff", "before.jsonl", "after.jsonl", "--converted-map", "teacher=x.by"]) == 0
    assert "no claim was lost" in capsys.readouterr().out


@pytest.mark.usefixtures("sides")
def test_programs_and_pull_requests_read_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["diff", "before.jsonl", "after.jsonl", "--format", "json"]) == 3
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["rows"]["kept"] == 3
    assert found["provenance_lost"][0]["values"] == {"gpt-4": 3}
    assert found["findings"][0]["rule"] == "provenance-lost"
    assert execute(["diff", "before.jsonl", "after.jsonl", "--format", "markdown"]) == 3
    assert "| teacher | model | 3 | gpt-4 |" in capsys.readouterr().out


@pytest.mark.usefixtures("sides")
@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere", "after.jsonl"],
        ["before.jsonl", "nowhere"],
        ["before.jsonl", "after.jsonl", "--map", "teacher=nowhere"],
        ["before.jsonl", "after.jsonl", "--converted-map", "nobody=x"],
        ["before.jsonl"],
    ],
)
def test_what_cannot_be_compared_is_refused(arguments: list[str]) -> None:
    assert execute(["diff", *arguments]) == 2


@pytest.mark.usefixtures("sides")
@pytest.mark.parametrize("form", ["terminal", "markdown", "json"])
def test_sets_that_share_no_row_are_not_compared_and_exit_1(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"instruction": "q", "output": f"Something else altogether, number {n}."} for n in range(3)]
    Path("apart.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert execute(["diff", "before.jsonl", "apart.jsonl", "--format", form]) == 1
    printed = capsys.readouterr().out.lower()
    assert "no claim was lost" not in printed
    assert "no row of the source was found in the conversion" in printed
