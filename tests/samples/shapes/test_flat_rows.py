"""A cell of a flat format is opened where it holds what is nested, and stays an answer where it is one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.samples.shapes.flat_rows import opened_row

TURN = {"role": "assistant", "content": "A"}


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("messages", [TURN]),
        ("completions", [{"model": "m", "response": "A"}]),
        ("generation_models", ["m1", "m2"]),
        ("metadata", {"model": "m"}),
        ("response", {"choices": [{"message": TURN}], "model": "m"}),
        ("response", {"status_code": 200, "body": {"choices": [{"message": TURN}]}}),
        ("chosen", [TURN]),
        ("output", {"content": "A"}),
        ("response", [{"user_id": "u", "value": "A", "status": "submitted"}]),
    ],
)
def test_what_is_nested_is_opened(name: str, held: Any) -> None:
    row = {"id": "1", name: json.dumps(held), "note": "A [1]"}
    assert opened_row(row) == {**row, name: held}


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("output", "[1, 2, 3]"),
        ("output", '["a", "b"]'),
        ("answer", '{"city": "Bern", "people": 134}'),
        ("completion", '{"answer": "A", "colour": "red"}'),
        ("messages", "[INST] what is it? [/INST]"),
        ("prompt", "{name}, who are you?"),
    ],
)
def test_an_answer_that_is_data_stays_as_it_stands(name: str, cell: str) -> None:
    row = {"id": "1", name: cell}
    assert opened_row(row) is row
