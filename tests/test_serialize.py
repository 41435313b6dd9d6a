from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.serialize import decode, encode


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Leaf:
    name: str
    color: Color = Color.RED
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    leaves: tuple[Leaf, ...]
    colors: frozenset[Color] = frozenset()
    counts: Mapping[str, int] | None = None


def test_fields_stand_in_their_order_and_none_is_written() -> None:
    assert list(encode(Leaf("a")).items()) == [("name", "a"), ("color", "red"), ("score", None)]


def test_fields_without_content_are_left_out_on_demand() -> None:
    assert encode(Tree((Leaf("", score=0.0),)), empties=False) == {"leaves": [{"color": "red", "score": 0.0}]}


def test_a_set_comes_sorted_and_a_mapping_in_its_own_order() -> None:
    assert encode({Color.RED, Color.BLUE}) == ["blue", "red"]
    assert list(encode({"b": 1, "a": 2})) == ["b", "a"]
    assert list(encode({"b": 1, "a": 2}, sort_keys=True)) == ["a", "b"]


def test_dates_and_paths_are_text() -> None:
    assert encode([date(2026, 1, 31), datetime(2026, 1, 31, tzinfo=UTC), Path("a/b")]) == [
        "2026-01-31",
        "2026-01-31T00:00:00+00:00",
        "a/b",
    ]


@pytest.mark.parametrize("value", [b"raw", object(), [b"raw"], {"a": b"raw"}])
def test_what_has_no_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no form in JSON"):
        encode(value)


def test_what_is_encoded_decodes_to_the_same() -> None:
    tree = Tree((Leaf("a", Color.BLUE, 1.0),), frozenset({Color.RED}), {"x": 1})
    assert decode(Tree, encode(tree)) == tree


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({}, "$"),
        ({"leaves": [{"name": "a"}, {"name": 3}]}, r"\$\.leaves\[1\]\.name"),
        ({"leaves": [], "colors": ["green"]}, r"\$\.colors\[0\]"),
        ({"leaves": [], "counts": {"x": True}}, r"\$\.counts\.x"),
    ],
)
def test_a_fault_is_told_with_its_place(value: object, place: str) -> None:
    with pytest.raises(InputError) as told:
        decode(Tree, value)
    assert told.value.where == place.replace("\\", "")


def test_a_member_of_a_newer_program_is_passed_over() -> None:
    assert decode(Leaf, {"name": "a", "later": 1}) == Leaf("a")
