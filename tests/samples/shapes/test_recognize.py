"""Each shape is recognized by its rows, and a row is read by its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.domain.sample import Shape
from auditor.samples.shapes.recognize import why_not
from auditor.samples.source import ReadOptions
from tests.samples.reading import CHAT, QA, TURNS, claims, run, write

SHAPES: dict[str, tuple[dict[str, Any], Shape, list[tuple[str, str, str]]]] = {
    "messages": ({"messages": TURNS}, Shape.MESSAGES, CHAT),
    "content parts": (
        {
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": "Q"}, {"type": "image"}]},
                TURNS[2],
            ]
        },
        Shape.MESSAGES,
        QA,
    ),
    "tool calls": (
        {
            "messages": [
                TURNS[1],
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}],
                },
                {"role": "tool", "content": "R"},
                TURNS[2],
            ]
        },
        Shape.MESSAGES,
        [QA[0], ("teacher", "", "{}"), ("tool", "", "R"), QA[1]],
    ),
    "sharegpt": (
        {
            "conversations": [
                {"from": "system", "value": "S"},
                {"from": "human", "value": "Q"},
                {"from": "gpt", "value": "A"},
            ]
        },
        Shape.SHAREGPT,
        CHAT,
    ),
    "alpaca": ({"instruction": "Q", "input": "", "output": "A"}, Shape.ALPACA, QA),
    "alpaca with input": (
        {"instruction": "Q", "input": "I", "output": "A"},
        Shape.ALPACA,
        [QA[0], ("prompt", "prompt", "I"), QA[1]],
    ),
    "alpaca response": ({"instruction": "Q", "input": "", "response": "A"}, Shape.ALPACA, QA),
    "self-instruct": ({"instruction": "Q", "instances": [{"input": "", "output": "A"}]}, Shape.ALPACA, QA),
    "alpaca eval": (
        {"instruction": "Q", "output": "A", "generator": "g", "dataset": "d"},
        Shape.ALPACA_EVAL,
        QA,
    ),
    "orca": (
        {"id": "1", "system_prompt": "S", "question": "Q", "response": "A"},
        Shape.QUESTION_ANSWER,
        CHAT,
    ),
    "question answer": ({"question": "Q", "answer": "A"}, Shape.QUESTION_ANSWER, QA),
    "prompt completion": ({"prompt": "Q", "completion": "A"}, Shape.PROMPT_COMPLETION, QA),
    "prompt generation": ({"prompt": "Q", "generation": "A"}, Shape.PROMPT_COMPLETION, QA),
    "chat completion": ({"prompt": TURNS[:2], "completion": TURNS[2:]}, Shape.PROMPT_COMPLETION, CHAT),
    "generations": (
        {"instruction": "Q", "generations": ["A", "B"]},
        Shape.PROMPT_COMPLETION,
        [QA[0], ("teacher", "generations[0]", "A"), ("teacher", "generations[1]", "B")],
    ),
    "preference": (
        {"prompt": "Q", "chosen": "A", "rejected": "B"},
        Shape.PREFERENCE,
        [QA[0], ("teacher", "chosen", "A"), ("teacher", "rejected", "B")],
    ),
    "chat preference": (
        {"chosen": TURNS, "rejected": [*TURNS[:2], {"role": "assistant", "content": "B"}]},
        Shape.PREFERENCE,
        [*CHAT[:2], ("teacher", "chosen", "A"), ("teacher", "rejected", "B")],
    ),
    "text": ({"text": "A"}, Shape.TEXT, [("teacher", "", "A")]),
    "capitals": ({"INSTRUCTION": "Q", "RESPONSE": "A"}, Shape.ALPACA, QA),
    "flan": ({"inputs": "Q", "targets": "A"}, Shape.PROMPT_COMPLETION, QA),
    "response pairs": (
        {"question": "Q", "chosen_response": "A", "rejected_response": "B"},
        Shape.PREFERENCE,
        [QA[0], ("teacher", "chosen", "A"), ("teacher", "rejected", "B")],
    ),
    "generation objects": (
        {"instruction": "Q", "generations": [{"text": "A", "model": "m"}]},
        Shape.PROMPT_COMPLETION,
        [QA[0], ("teacher", "generations[0]", "A")],
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shape_and_parts(tmp_path: Path, name: str) -> None:
    row, shape, expected = SHAPES[name]
    source, parts = run(write(tmp_path / "a.jsonl", row))
    assert source.files[0].shape is shape
    assert parts == expected
    assert source.files[0].score == 1.0


def test_the_runner_up_is_named(tmp_path: Path) -> None:
    row = {"instruction": "Q", "output": "A", "text": "Q A"}
    source, _ = run(write(tmp_path / "a.jsonl", row, row, {"text": "T"}))
    facts = source.files[0]
    assert facts.shape is Shape.TEXT
    assert facts.runner_up == (Shape.ALPACA, pytest.approx(2 / 3))


def test_the_users_shape_beats_the_guess(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"instruction": "Q", "output": "A", "text": "T"})
    assert run(path, options=ReadOptions(shape=Shape.TEXT))[1] == [("teacher", "", "T")]
    named = ReadOptions(text_columns=("output",), prompt_columns=("instruction",))
    assert run(path, options=named)[1] == QA


def test_a_mixed_file_reads_each_row_by_its_own_shape(tmp_path: Path) -> None:
    good = [SHAPES["messages"][0]] * 3 + [SHAPES["alpaca"][0]]
    source, parts = run(
        write(tmp_path / "a.jsonl", *good, {"messages": "none"}, {}, {"messages": [{"role": "elf"}]})
    )
    assert parts == CHAT * 3 + QA
    assert [(row.sample_id, row.line) for row in source.unreadable] == [
        ("a.jsonl#4", 5),
        ("a.jsonl#5", 6),
        ("a.jsonl#6", 7),
    ]
    assert source.samples == 4
    assert source.files[0].unreadable == 3


def test_unknown_columns_are_searched_as_text(tmp_path: Path) -> None:
    source, parts = run(write(tmp_path / "a.jsonl", {"q1": "Q", "a1": "A"}))
    assert source.files[0].score == 0.0
    assert [text for *_, text in parts] == ["Q", "A"]


def test_where_no_shape_fits_text_is_found_however_deep(tmp_path: Path) -> None:
    row = {"id": 0, "data": ["Q", {"reply": "A", "more": [{"text": "B"}]}]}
    found = [(role, text) for role, _, text in run(write(tmp_path / "a.jsonl", row, row))[1]]
    assert found == [("teacher", text) for text in "QABQAB"]


def test_columns_that_are_no_part_of_the_shape_are_named(tmp_path: Path) -> None:
    said = "one two three four five six seven eight"
    row = {"prompt": "Q", "completion": said, "copy": said, "remark": f"{said} nine", "id": "x1"}
    source, _ = run(write(tmp_path / "a.jsonl", row | {"log": [{"text": f"ten {said}"}]}))
    assert source.files[0].left_out == ("log", "remark")


def test_a_role_named_gpt_is_no_teacher(tmp_path: Path) -> None:
    source, _ = run(write(tmp_path / "a.jsonl", SHAPES["sharegpt"][0]))
    assert claims(source) == []


def test_the_reason_names_the_columns_in_which_nothing_stands() -> None:
    assert why_not({"instruction": "a", "output": None}).endswith("; nothing stands in `output`")
    assert why_not({"n": 1}) == "no known shape fits the row's columns and types"
