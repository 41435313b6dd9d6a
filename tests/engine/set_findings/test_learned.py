"""A set in which nothing is learned does not pass, and single rows of that kind are said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import execute

ASKED = {"messages": [{"role": "user", "content": "Say hi"}, {"role": "user", "content": "Please do"}]}
ANSWERED = {"prompt": "Say hi", "completion": "Hi there my good friend."}


def audited(folder: Path, rows: list[dict[str, Any]], *more: str) -> dict[str, Any]:
    path = folder / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    said = ["--teacher", "Qwen/Qwen3-8B", "--access", "open-weights", "--license", "Apache-2.0"]
    execute(["audit", str(path), "-q", "--no-ledger", "--out", str(folder / "out"), *said, *more])
    report: dict[str, Any] = json.loads((folder / "out/report.json").read_text(encoding="utf-8"))
    return report


@pytest.mark.parametrize("row", [ASKED, {"messages": [{"role": "system", "content": "Be kind"}]}])
def test_a_set_without_an_answer_engine_finding(tmp_path: Path, row: dict[str, Any]) -> None:
    report = audited(tmp_path, [row, row])
    assert report["outcome"] == "review"
    found = [one for one in report["findings"] if one["rule"] == "nothing-learned"]
    assert [one["samples"] for one in found] == [2]


def test_a_row_without_an_answer_among_others_is_counted(tmp_path: Path) -> None:
    report = audited(tmp_path, [ASKED, ANSWERED, ANSWERED])
    assert report["outcome"] == "allow"
    assert any("1 of 3 rows holds no text that is learned" in note for note in report["notes"])
    assert not audited(tmp_path, [ANSWERED])["notes"]


def test_a_printed_map_says_that_nothing_was_audited(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(ANSWERED), encoding="utf-8")
    assert execute(["audit", str(path), "--show-map", "--no-config"]) == 0
    said = capsys.readouterr()
    assert "nothing was audited" in said.err
    assert "completion" in said.out


MASKED = [
    {"weight": 0},
    {"train": False},
    {"loss": False},
    {"loss_mask": 0},
    {"mask": True},
    {"label": False},
]
SHOWN = [{"weight": 1}, {"train": True}, {"loss": 1.5}, {"mask": False}, {"mask": 1}, {"label": 0}]


@pytest.mark.parametrize(
    ("marks", "masked"), [*((one, True) for one in MASKED), *((one, False) for one in SHOWN)]
)
@pytest.mark.parametrize("name", ["messages", "talk"])
def test_an_answer_that_its_mask_leaves_out_is_counted_and_shown(
    tmp_path: Path, name: str, marks: dict[str, Any], masked: bool
) -> None:
    asked = {"role": "user", "content": "Ask"}
    turns = [asked, {"role": "assistant", "content": "Old one.", **marks}, asked]
    row = {name: [*turns, {"role": "assistant", "content": "This is what is learned in the end."}]}
    report = audited(tmp_path, [row, row])
    assert report["coverage"]["masked"] == (2 if masked else 0)
    assert (f"{name}[].content" in report["columns"].get("masked", [])) == masked
    assert any("mask keeps from being learned" in note for note in report["notes"]) == masked
    assert report["outcome"] == "allow"


def test_rows_with_masked_answers_alone_teach_nothing(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "Ask"}, {"role": "assistant", "content": "Old one.", "weight": 0}]
    report = audited(tmp_path, [{"messages": turns}])
    assert [one["rule"] for one in report["findings"]] == ["nothing-learned"]


def test_what_a_masked_answer_says_of_its_maker_is_heard(tmp_path: Path) -> None:
    said = {"role": "assistant", "content": "I am ChatGPT, a language model made by OpenAI.", "weight": 0}
    last = {
        "role": "assistant",
        "content": "Rub the hinge with a dry bar of soap and wipe away what is left.",
    }
    report = audited(tmp_path, [{"messages": [{"role": "user", "content": "Ask"}, said, last]}])
    assert [(one["rule"], one["samples"]) for one in report["findings"]] == [
        ("phrase-self-identification", 1)
    ]


COPIED = (
    "Saltmarsh lamb tastes of what the tide leaves behind: samphire, sea lavender, and the green purslane "
    "that sheep prefer to grass once they have learned it is there. The flocks must be walked off before the "
    "spring tides, and a shepherd who trusts the printed table instead of the wind can lose thirty animals."
)


@pytest.mark.parametrize(("marks", "role"), [({"weight": 0}, "assistant"), ({"weight": 0}, "user")])
def test_a_copy_in_a_masked_answer_is_found_and_one_in_a_question_is_not(
    tmp_path: Path, marks: dict[str, Any], role: str
) -> None:
    (tmp_path / "teacher.jsonl").write_text(json.dumps({"text": COPIED, "teacher": "gpt-4o"}) + "\n")
    index = str(tmp_path / "t.idx")
    said = ["--text-column", "text", "--teacher-column", "teacher"]
    assert execute(["index", "build", str(tmp_path / "teacher.jsonl"), "--out", index, *said]) == 0
    last = {
        "role": "assistant",
        "content": "Rub the hinge with a dry bar of soap and wipe away what is left.",
    }
    turns = [{"role": "user", "content": "Ask"}, {"role": role, "content": COPIED, **marks}, last]
    report = audited(tmp_path, [{"messages": turns}], "--index", index)
    assert report["coverage"]["detected"] == (role == "assistant")
    assert report["outcome"] != "allow" or role == "user"
