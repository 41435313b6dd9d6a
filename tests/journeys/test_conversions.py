"""From a source to what is trained on: what conversions that people write keep, and what they lose."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.cli.main import execute

Row = dict[str, Any]
THINGS = ["kiln", "glaze", "wheel", "bowl", "stove", "window", "bicycle", "ladder", "harbor", "orchard"]


def _said(at: int) -> str:
    thing = THINGS[at % len(THINGS)]
    return f"Take the {thing} number {at} apart first.\n\nThen clean  every part {at * 7} times, and dry it."


ALPACA = [
    {
        "instruction": f"How do I mend a {THINGS[at % len(THINGS)]} of kind {at}?",
        "input": f"It is {at} years old." if at % 2 else "",
        "output": _said(at),
        "model": "gpt-4" if at % 3 else "Qwen/Qwen3-8B",
        "license": "MIT",
    }
    for at in range(24)
]
OPENAI = [
    {
        "messages": [
            {"role": "system", "content": "You mend things."},
            {"role": "user", "content": row["instruction"]},
            {"role": "assistant", "content": row["output"]},
        ],
        "model": row["model"],
    }
    for row in ALPACA
]


def _asked(row: Row) -> str:
    return f"{row['instruction']}\n{row['input']}".strip()


def _sharegpt(row: Row) -> Row:
    turns = [{"from": "human", "value": _asked(row)}, {"from": "gpt", "value": row["output"]}]
    return {"conversations": turns, "model": row["model"], "license": row["license"]}


def _chatml(row: Row) -> Row:
    turns = (f"<|im_start|>{turn['role']}\n{turn['content']}<|im_end|>\n" for turn in row["messages"])
    return {"text": "".join(turns), "model": row["model"]}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _json(name: str, rows: list[Row]) -> str:
    Path(name).write_text(json.dumps(rows, indent=1))
    return name


def _lines(name: str, rows: list[Row]) -> str:
    Path(name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return name


def _compared(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> dict[str, Any]:
    assert execute(["diff", *arguments, "--format", "json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_alpaca_to_sharegpt_loses_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before, after = _json("alpaca.json", ALPACA), _json("sharegpt.json", [_sharegpt(row) for row in ALPACA])
    rows = _compared(capsys, 0, before, after)["rows"]
    assert (rows["kept"], rows["lost"], rows["invented"]) == (24, 0, 0)
    assert _compared(capsys, 0, after, before)["rows"]["kept"] == 24


def test_messages_to_templated_text_in_parquet_lose_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    pq.write_table(pa.Table.from_pylist([_chatml(row) for row in OPENAI]), "train.parquet")
    rows = _compared(capsys, 0, _lines("raw.jsonl", OPENAI), "train.parquet")["rows"]
    assert (rows["kept"], rows["lost"], rows["invented"]) == (24, 0, 0)


def test_the_model_that_a_conversion_drops_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    turns = [{"conversations": _sharegpt(row)["conversations"], "license": "MIT"} for row in ALPACA]
    found = _compared(capsys, 3, _json("alpaca.json", ALPACA), _json("sharegpt.json", turns))
    (lost,) = found["provenance_lost"]
    assert (lost["kind"], lost["where"], lost["rows"]) == ("teacher", "model", 24)
    assert lost["values"] == {"gpt-4": 16, "Qwen/Qwen3-8B": 8}
    assert found["findings"][0]["outcome"] == "review"


def test_a_set_without_its_doubles_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    rows = _compared(capsys, 0, _lines("a.jsonl", [*ALPACA, *ALPACA[:9]]), _lines("b.jsonl", ALPACA))["rows"]
    assert (rows["kept"], rows["dropped"], rows["lost"]) == (33, 9, 0)


def test_a_table_with_rows_cut_and_added_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with open("b.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, ["instruction", "input", "output", "model", "license"])
        writer.writeheader()
        writer.writerows(ALPACA[4:])
        writer.writerow(
            {**ALPACA[0], "instruction": "Who are you?", "input": "", "output": "A potter of this town."}
        )
    found = _compared(capsys, 0, _lines("a.jsonl", ALPACA), "b.csv")
    assert (found["rows"]["lost"], found["rows"]["invented"]) == (4, 1)
    assert found["examples"]["invented"] == ["b.csv#20"]


def test_the_license_of_the_card_goes_with_the_folder(capsys: pytest.CaptureFixture[str]) -> None:
    Path("raw").mkdir()
    Path("raw/README.md").write_text("---\nlicense: cc-by-nc-4.0\n---\n")
    _lines("raw/rows.jsonl", ALPACA)
    found = _compared(capsys, 3, "raw", _lines("b.jsonl", ALPACA))
    assert [(one["kind"], one["where"]) for one in found["provenance_lost"]] == [
        ("license", "README.md:license")
    ]
