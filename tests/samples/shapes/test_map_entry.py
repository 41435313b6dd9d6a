"""Lines of a map: what they say, and how a wrong one is told."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.errors import UsageError
from auditor.samples.shapes.map_entry import read_entries, written_columns


@pytest.mark.parametrize(
    ("text", "role", "slot", "path"),
    [
        ("learned=turns[who=tutor].text", "learned", "", "turns[who=tutor].text"),
        ("teacher@response_a=model_a", "teacher", "response_a", "model_a"),
        ("ignore=a@b", "ignore", "", "a@b"),
    ],
)
def test_a_line_is_read_and_written_alike(text: str, role: str, slot: str, path: str) -> None:
    (entry,) = read_entries([text])
    assert (entry.role, entry.slot, entry.path, str(entry)) == (role, slot, path, text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("techer=x", "teacher=x"),
        ("answer=x", "learned=x"),
        ("Ignore=x", "ignore=x"),
        ("judge@a=x", "leave `@a` out"),
        ("=x", "ROLE=PATH"),
        ("learned=", "ROLE=PATH"),
        ("learned", "ROLE=PATH"),
    ],
)
def test_a_wrong_line_is_refused_with_what_may_be_meant(text: str, meant: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_entries([text])
    assert meant in (refused.value.fix or "")


def test_columns_of_settings_are_lines() -> None:
    said = {"learned": ["a", "b"], "teacher": {"a": "m.a", "b": ["m.b"]}, "ignore": "n"}
    lines = ["learned=a", "learned=b", "teacher@a=m.a", "teacher@b=m.b", "ignore=n"]
    assert list(written_columns(said, "auditor.yaml")) == lines


@pytest.mark.parametrize("value", [3, [""], None, {"a": {"b": "c"}}])
def test_columns_that_hold_no_path_are_refused(value: Any) -> None:
    with pytest.raises(UsageError, match="columns"):
        list(written_columns({"learned": value}, "auditor.yaml"))
