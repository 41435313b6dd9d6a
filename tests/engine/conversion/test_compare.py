"""What a conversion kept, lost, invented and changed, and which claims went with the columns."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.engine.conversion.compare import Conversion, compare
from auditor.engine.conversion.side import read_side
from auditor.knowledge.load import load_knowledge

Row = dict[str, Any]
KNOWN = load_knowledge()
WORDS = ["kiln", "clay", "glaze", "oven", "wheel", "bowl", "fire", "salt", "ash", "stone", "river", "hill"]


def _text(seed: int, words: int = 14) -> str:
    return " ".join(f"{WORDS[(seed * 7 + at * at) % 12]}{(seed * 31 + at) % 97}" for at in range(words))


def alpaca(count: int) -> list[Row]:
    return [
        {
            "instruction": f"Question {at}: {_text(at, 5)}?",
            "input": f"Given {_text(at + 500, 3)}" if at % 3 == 0 else "",
            "output": f"{_text(at + 1000)}\n\n  {_text(at + 2000)} ",
            "model": "gpt-4" if at % 2 else "Qwen/Qwen3-8B",
            "license": "MIT",
        }
        for at in range(count)
    ]


def _asked(row: Row) -> str:
    return f"{row['instruction']}\n{row['input']}" if row["input"] else row["instruction"]


def _claims(row: Row) -> Row:
    return {"model": row["model"], "license": row["license"]}


def sharegpt(row: Row) -> Row:
    turns = [("human", _asked(row)), ("gpt", row["output"].strip())]
    return {"conversations": [{"from": who, "value": text} for who, text in turns], **_claims(row)}


def messages(row: Row) -> Row:
    turns = [("system", "Be kind."), ("user", _asked(row)), ("assistant", row["output"])]
    return {"messages": [{"role": who, "content": text} for who, text in turns], **_claims(row)}


def templated(row: Row) -> Row:
    said = row["output"].strip()
    text = f"<|im_start|>user\n{_asked(row)}<|im_end|>\n<|im_start|>assistant\n{said}<|im_end|>\n"
    return {"text": text, **_claims(row)}


def llama_text(row: Row) -> Row:
    return {"text": f"<s>[INST] {_asked(row)} [/INST] {row['output']} </s>", **_claims(row)}


def without_model(row: Row) -> Row:
    return {name: value for name, value in sharegpt(row).items() if name != "model"}


def renamed(row: Row) -> Row:
    return {**without_model(row), "teacher": row["model"]}


def compared(folder: Path, before: list[Row], after: list[Row], card: str = "") -> Conversion:
    sides = []
    for name, rows in (("before", before), ("after", after)):
        (folder / name).mkdir()
        (folder / name / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        if card and name == "before":
            (folder / name / "README.md").write_text(card)
        sides.append(read_side([str(folder / name)], KNOWN))
    return compare(*sides)


def _rows(found: Conversion) -> tuple[int, int, int, int]:
    return found.kept, found.changed, found.lost, found.invented


@pytest.mark.parametrize("convert", [sharegpt, messages, templated, llama_text, renamed])
def test_a_conversion_that_keeps_all_has_nothing_to_say(
    tmp_path: Path, convert: Callable[[Row], Row]
) -> None:
    rows = alpaca(40)
    found = compared(tmp_path, rows, [convert(row) for row in reversed(rows)])
    assert _rows(found) == (40, 0, 0, 0)
    assert found.provenance_lost == ()


@pytest.mark.parametrize("back", [templated, messages])
def test_the_way_back_is_followed_too(tmp_path: Path, back: Callable[[Row], Row]) -> None:
    rows = alpaca(12)
    found = compared(tmp_path, [back(row) for row in rows], rows)
    assert _rows(found) == (12, 0, 0, 0)
    assert found.provenance_lost == ()


def test_a_column_that_was_dropped_is_provenance_lost(tmp_path: Path) -> None:
    rows = alpaca(9)
    found = compared(tmp_path, rows, [without_model(row) for row in rows])
    assert _rows(found) == (9, 0, 0, 0)
    (lost,) = found.provenance_lost
    assert (lost.kind, lost.where, lost.rows) == ("teacher", "model", 9)
    assert lost.values == {"Qwen/Qwen3-8B": 5, "gpt-4": 4}
    (finding,) = found.findings()
    assert (finding.rule, finding.samples) == ("provenance-lost", 9)


def test_dates_sources_licenses_and_what_the_card_says_are_provenance(tmp_path: Path) -> None:
    rows = [{**row, "generated_at": "2024-03-01", "source": "Open-Orca/OpenOrca"} for row in alpaca(4)]
    card = "---\nlicense: cc-by-nc-4.0\n---\n"
    found = compared(tmp_path, rows, [{"text": row["output"]} for row in rows], card)
    assert {(one.kind, one.where) for one in found.provenance_lost} == {
        ("teacher", "model"),
        ("license", "license"),
        ("license", "README.md:license"),
        ("source", "source"),
        ("date", "generated_at"),
    }


def test_another_value_is_lost_and_said_what_it_is_now(tmp_path: Path) -> None:
    rows = alpaca(6)
    found = compared(tmp_path, rows, [{**sharegpt(row), "model": "Qwen/Qwen3-8B"} for row in rows])
    (lost,) = found.provenance_lost
    assert (lost.values, lost.says_now) == ({"gpt-4": 3}, {"Qwen/Qwen3-8B": 3})


def test_equal_rows_that_became_one_are_kept_and_counted(tmp_path: Path) -> None:
    rows = alpaca(5)
    found = compared(tmp_path, [*rows, *rows, rows[0]], [sharegpt(row) for row in rows])
    assert _rows(found) == (11, 0, 0, 0)
    assert (found.dropped, found.repeated) == (6, 0)
    assert found.provenance_lost == ()


def test_equal_rows_of_two_teachers_lose_the_one_that_goes(tmp_path: Path) -> None:
    row = alpaca(2)[1]
    found = compared(tmp_path, [row, {**row, "model": "Qwen/Qwen3-8B"}], [sharegpt(row)])
    (lost,) = found.provenance_lost
    assert lost.values == {"Qwen/Qwen3-8B": 1}


def test_equal_rows_in_another_order_lose_nothing(tmp_path: Path) -> None:
    row = alpaca(2)[1]
    rows = [{**row, "model": name} for name in ("gpt-4", "Qwen/Qwen3-8B", "gpt-4o")]
    found = compared(tmp_path, rows, [sharegpt(one) for one in reversed(rows)])
    assert (found.dropped, found.repeated, found.provenance_lost) == (0, 0, ())


def test_rows_that_went_came_and_changed_are_told_apart(tmp_path: Path) -> None:
    rows = alpaca(60)
    after = [sharegpt(row) for row in rows[3:]]
    after[0]["conversations"][1]["value"] = "Quite another answer that nobody gave before now."
    after += [sharegpt({**rows[0], "instruction": "Who?", "input": "", "output": _text(9999)})]
    found = compared(tmp_path, rows, after)
    assert _rows(found) == (56, 1, 3, 1)
    assert [one.split("#")[1] for one in found.examples["lost"]] == ["0", "1", "2"]
    assert [one.split("#")[1] for one in found.examples["changed"]] == ["3"]
    assert [one.split("#")[1] for one in found.examples["invented"]] == ["57"]


def test_a_changed_row_is_asked_for_its_claims(tmp_path: Path) -> None:
    rows = alpaca(3)
    after = [without_model({**row, "output": "Short now."}) for row in rows]
    found = compared(tmp_path, rows, after)
    assert found.changed == 3
    assert [one.rows for one in found.provenance_lost] == [3]


def test_a_conversation_in_several_rows_is_kept_whole(tmp_path: Path) -> None:
    turns = [{"role": role, "content": _text(at)} for at, role in enumerate(["user", "assistant"] * 3)]
    parts = [{"messages": turns[: 2 * at], "model": "gpt-4"} for at in (1, 2, 3)]
    found = compared(tmp_path, [{"messages": turns, "model": "gpt-4"}], parts)
    assert _rows(found) == (1, 0, 0, 0)
    assert found.provenance_lost == ()


def test_sources_that_were_not_kept_apart_are_counted(tmp_path: Path) -> None:
    rows = [{**row, "source": f"site {at}"} for at, row in enumerate(alpaca(300))]
    found = compared(tmp_path, rows, [sharegpt(row) for row in rows])
    (lost,) = found.provenance_lost
    assert (lost.kind, lost.rows, found.sources_left_out) == ("source", 256, 44)


def test_short_answers_are_told_by_their_prompts(tmp_path: Path) -> None:
    rows = [
        {"question": f"What is {at} + {at}?", "answer": str(at % 3), "model": f"m{at}"} for at in range(30)
    ]
    after = [
        {"prompt": row["question"], "completion": row["answer"], "model": row["model"]} for row in rows[5:]
    ]
    found = compared(tmp_path, rows, after)
    assert (found.kept, found.lost, found.invented) == (25, 5, 0)
    assert found.provenance_lost == ()
