"""Which columns were judged as what, and which prose was not judged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.domain.permit import is_judged
from auditor.errors import UsageError
from auditor.samples.shapes.column_map import ColumnMap
from auditor.samples.shapes.mapping import read_mapping
from auditor.samples.source import ReadOptions, Source, open_source

PROSE = " ".join(["the quick brown fox jumps over a lazy dog and then some"] * 3)
ROW = {"prompt": "q", "completion": "a", "model": "gpt-4o"}


def _read(folder: Path, rows: list[dict[str, Any]], *mapping: str) -> Source:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    source = open_source([str(path)], ReadOptions(bind=True, mapping=read_mapping(mapping)))
    for _ in source:
        pass
    return source


def _flagged(folder: Path, rows: list[dict[str, Any]], *mapping: str) -> list[str]:
    return [one.path for one in _read(folder, rows, *mapping).column_map.unjudged_prose()]


def test_the_map_says_what_each_column_was_judged_as(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a", "thinking": "b"}]
    rows = [ROW, {"messages": turns, "metadata": {"license": "mit"}, "note": "x", "tools": [{"name": "t"}]}]
    assert _read(tmp_path, rows).column_map.columns() == {
        "claim": ("metadata.license", "model"),
        "learned": ("completion", "messages[].content", "messages[].thinking"),
        "prompt": ("messages[].content", "prompt"),
        "system": ("tools[].name",),
        "unjudged": ("note",),
    }


def test_equal_texts_in_two_columns_do_not_make_both_judged(tmp_path: Path) -> None:
    columns = _read(tmp_path, [{"prompt": "q", "completion": "A", "gold": "A"}]).column_map.columns()
    assert columns["learned"] == ("completion",)
    assert columns["unjudged"] == ("gold",)


@pytest.mark.parametrize(
    ("column", "value", "path"),
    [
        ("better_answer", PROSE, "better_answer"),
        ("better", [PROSE], "better[]"),
        ("sentences", PROSE.split(" jumps "), None),
        ("sentences", [f"word{i} other{i} third{i}" for i in range(9)], "sentences[]"),
        ("extra", {"deep": {"text": PROSE}}, "extra.deep.text"),
        ("metadata", json.dumps({"notes": PROSE}), "metadata.notes"),
        ("source", PROSE, "source"),
        (
            "zh",
            "机器学习是人工智能的一个分支它使计算机能够" * 3,
            "zh",
        ),
        ("license", PROSE, None),
        ("url", "https://example.org/" + "a/" * 60, None),
        ("numbers", "0.1 0.2 0.3 " * 30, None),
        ("tags", ["B-PER", "I-PER", "O"] * 30, None),
        ("tools", [{"description": PROSE}], None),
        ("copy", "a", None),
    ],
)
def test_prose_outside_the_shape_is_found_wherever_it_lies(
    tmp_path: Path, column: str, value: Any, path: str | None
) -> None:
    assert _flagged(tmp_path, [{**ROW, column: value}]) == ([path] if path else [])


def test_members_of_turns_beside_their_text_are_measured(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a", "hidden": PROSE}]
    assert _flagged(tmp_path, [{"messages": turns}]) == ["messages[].hidden"]


def test_text_that_a_part_of_the_row_holds_was_judged(tmp_path: Path) -> None:
    assert _flagged(tmp_path, [{"prompt": "q", "completion": f"{PROSE} end", "summary": PROSE}]) == []


def test_one_cell_in_a_hundred_is_enough_wherever_it_stands(tmp_path: Path) -> None:
    plain = [{**ROW, "note": "short"}] * 99
    assert _flagged(tmp_path, [*plain, {**ROW, "note": PROSE}]) == ["note"]
    assert _flagged(tmp_path, [*plain, *plain, *plain, {**ROW, "note": PROSE}]) == []


def test_the_order_of_the_rows_does_not_count(tmp_path: Path) -> None:
    rows = [{**ROW, "note": PROSE}] * 3 + [{**ROW, "note": None}, {"text": PROSE, "note": "x"}] * 9
    maps = [_read(tmp_path, some).column_map for some in (rows, rows[::-1])]
    assert maps[0].columns() == maps[1].columns()
    assert [one.cells for one in maps[0].unjudged_prose()] == [one.cells for one in maps[1].unjudged_prose()]


def test_a_mapped_column_is_judged_with_the_rest(tmp_path: Path) -> None:
    rows = [{**ROW, "better": PROSE, "ask": PROSE}]
    source = _read(tmp_path, rows, "learned=better", "prompt=ask")
    assert source.column_map.unjudged_prose() == []
    assert source.column_map.columns()["learned"] == ("better", "completion")
    assert source.column_map.columns()["prompt"] == ("ask", "prompt")


def test_an_ignored_column_is_silent_and_named(tmp_path: Path) -> None:
    source = _read(tmp_path, [{**ROW, "note": PROSE}], "ignore=note")
    assert source.column_map.unjudged_prose() == []
    assert source.column_map.columns()["ignored"] == ("note",)
    assert source.column_map.columns()["learned"] == ("completion",)


def test_a_mapped_claim_is_read(tmp_path: Path) -> None:
    source = _read(tmp_path, [{"prompt": "q", "completion": "a", "writer": "gpt-4o"}], "teacher=writer")
    assert [(claim.value, claim.where) for claim in source.claim_sets[0].claims] == [("gpt-4o", "writer")]


@pytest.mark.parametrize("text", ["note", "=note", "ignore=", "nothing=note"])
def test_a_mapping_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="does not say what a column is"):
        read_mapping([text])


def test_a_name_that_may_be_a_rows_text_is_written_as_a_digest(tmp_path: Path) -> None:
    name = "this is the text of a row, not a name"
    columns = _read(tmp_path, [{**ROW, name: "x"}]).column_map.columns()
    assert columns["unjudged"][0].startswith("~")


def test_a_permit_tells_which_columns_were_judged() -> None:
    columns = {"learned": ("messages[].content",), "prompt": ("prompt",), "unjudged": ("note",)}
    assert [is_judged(columns, name) for name in ("messages", "prompt", "note", "message")] == [
        True,
        True,
        False,
        False,
    ]


def test_rows_of_endless_kinds_are_counted_in_bounded_memory() -> None:
    columns = ColumnMap()
    for number in range(12_000):
        columns.add({f"c{number}": PROSE}, [], "none", lambda row: None, ("f", number, None))
    assert len(columns.columns()["unjudged"]) <= 10_001
    assert columns.unjudged_prose()


TURNS = [{"role": "user", "content": "Say hi"}, {"role": "assistant", "content": PROSE}]


@pytest.mark.parametrize("written", [json.dumps(TURNS), repr(TURNS)])
def test_the_texts_of_an_opened_cell_are_told_by_what_they_say(tmp_path: Path, written: str) -> None:
    source = _read(tmp_path, [{"messages": written}])
    columns = source.column_map.columns()
    assert columns == {"learned": ("messages[].content",), "prompt": ("messages[].content",)}
    assert source.column_map.unjudged_prose() == []
    assert is_judged(columns, "messages")


def test_answers_in_cells_of_json_are_learned_and_compared(tmp_path: Path) -> None:
    row = {"prompt": json.dumps(["Say hi"]), "model_a": "x", "model_b": "y", "winner_model_a": "1"}
    answers = {"response_a": json.dumps([PROSE]), "response_b": json.dumps([f"No: {PROSE}"])}
    source = _read(tmp_path, [{**row, **answers}])
    columns = source.column_map.columns()
    assert columns["learned"] == ("response_a[]", "response_b[]")
    assert "unjudged" not in columns
    assert source.files[0].left_out == ()


def test_a_text_of_several_parts_is_learned(tmp_path: Path) -> None:
    turn = {"role": "assistant", "parts": [{"text": "Hi"}, {"text": PROSE}]}
    columns = _read(tmp_path, [{"messages": [TURNS[0], turn]}]).column_map.columns()
    assert columns["learned"] == ("messages[].parts[].text",)


def test_ids_and_settings_are_no_learned_text(tmp_path: Path) -> None:
    settings = {
        "run_type": "llm",
        "parentUuid": "a-b",
        "ability": "math",
        "session_id": "s",
        "schema_version": "1",
    }
    row = {"outputs": {"reply": PROSE}, "inputs": {"ask": "q"}, **settings}
    columns = _read(tmp_path, [row]).column_map.columns()
    assert columns["learned"] == ("outputs.reply",)
    assert set(settings) <= {*columns["claim"], *columns.get("unjudged", ())}
