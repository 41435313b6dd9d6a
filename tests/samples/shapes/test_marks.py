"""A mark answers what a schema tells, writes down what a row must be asked, and refuses the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from auditor.samples.shapes.marks import Asked, LooksInsideError, marked_rows


def _marked(row: dict[str, Any]) -> tuple[dict[str, Any], Asked]:
    ((marks, asked),) = marked_rows(row, ())
    return marks, asked


def test_a_mark_is_text_with_something_in_it() -> None:
    marks, asked = _marked({"a": "x", "b": "", "c": None})
    assert isinstance(marks["a"], str)
    assert marks["a"]
    assert marks["a"] != ""
    assert marks == {"a": marks["a"], "b": "", "c": None}
    assert asked == Asked()


def test_what_a_mark_is_compared_with_is_written_down() -> None:
    marks, asked = _marked({"a": "x", "b": ["y"]})
    assert marks["a"] != marks["b"][0]
    assert marks["a"] not in ("message", "response")
    assert marks["a"][:1] not in ("{", "[")
    assert asked.distinct.keys() == {("a",), ("b", 0)}
    assert asked.equal == {("a",): {"message", "response"}}
    assert asked.begins == {("a",): {"{", "["}}


@pytest.mark.parametrize(
    "look",
    [
        len, hash, iter, str, repr, sorted, lambda text: text.lower(), lambda text: text + "x",
        lambda text: "x" + text, lambda text: "x" in text, lambda text: f"{text}", lambda text: text < "x",
        lambda text: text[0], lambda text: text[:2], lambda text: text in {"x"}, lambda text: {}.get(text),
        lambda text: " ".join(text), lambda text: text.startswith("x"), lambda text: text[:1] == text,
    ],
)  # fmt: skip
def test_whatever_else_is_asked_of_a_text_is_refused(look: Callable[[Any], Any]) -> None:
    with pytest.raises(LooksInsideError):
        look(_marked({"a": "x"})[0]["a"])


@pytest.mark.parametrize("number", [1, 1.5])
@pytest.mark.parametrize(
    "look", [bool, hash, str, int, lambda one: one == 1, lambda one: one in (0, 1), lambda one: one > 1]
)
def test_whatever_is_asked_of_a_number_is_refused(number: float, look: Callable[[Any], Any]) -> None:
    with pytest.raises(LooksInsideError):
        look(_marked({"a": number})[0]["a"])


def test_truth_values_are_tried_both_ways() -> None:
    rows = [marks for marks, _ in marked_rows({"a": True, "b": [False]}, ())]
    assert [(row["a"], row["b"][0]) for row in rows] == [
        (False, False),
        (False, True),
        (True, False),
        (True, True),
    ]
    with pytest.raises(LooksInsideError):
        next(marked_rows(dict.fromkeys("abcd", True), ()))


def test_what_is_plain_stays() -> None:
    row = {"a": "x", "b": {"c": 5}}
    ((marks, _),) = marked_rows(row, {("a",), ("b", "c")})
    assert marks == row
