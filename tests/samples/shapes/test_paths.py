"""Paths through a row: members, items, and items of one kind."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.samples.shapes.paths import is_at, is_below, values_at, without

TURNS = [{"who": "kid", "text": "q"}, {"who": "tutor", "text": "a"}, {"who": "tutor", "text": "b"}]
ROW = {
    "meta": {"gen": {"model": "m", "when": 3}},
    "turns": TURNS,
    "runs": ["x", "y"],
    "cell": json.dumps({"model": "n"}),
    "a.b": "dotted",
    "deep": [[{"t": "1"}], [{"t": "2"}]],
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("meta.gen.model", ["m"]),
        ("meta.gen.when", [3]),
        ("turns[].text", ["q", "a", "b"]),
        ("turns.text", ["q", "a", "b"]),
        ("turns[who=tutor].text", ["a", "b"]),
        ("turns[who=nobody].text", []),
        ("runs[1]", ["y"]),
        ("runs[]", ["x", "y"]),
        ("runs[7]", []),
        ("cell.model", ["n"]),
        ("a.b", ["dotted"]),
        ("deep[].t", ["1", "2"]),
        ("nothing", []),
        ("runs.x", []),
    ],
)
def test_a_path_leads_to_values(path: str, found: list[Any]) -> None:
    assert values_at(ROW, path) == found


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("meta.gen.model", {**ROW, "meta": {"gen": {"when": 3}}}),
        ("runs[0]", {**ROW, "runs": ["y"]}),
        ("turns[who=tutor].text", {**ROW, "turns": [TURNS[0], {"who": "tutor"}, {"who": "tutor"}]}),
        ("nothing", ROW),
    ],
)
def test_a_row_without_what_stands_at_a_path(path: str, left: dict[str, Any]) -> None:
    before = json.dumps(ROW)
    assert without(ROW, path) == left
    assert json.dumps(ROW) == before


def test_places_of_claims_are_told_from_those_beside_them() -> None:
    assert is_at("models", "models[1]")
    assert is_at("turns[].model", "turns[3].model")
    assert not is_at("meta", "meta.model")
    assert is_below("meta", "meta.model")
    assert not is_below("meta", "metadata.model")
