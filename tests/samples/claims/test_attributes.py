"""Attributes are one object, however an exporter writes them."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.samples.claims.attributes import by_place, has_places, key_values


def test_keys_with_typed_values_are_an_object() -> None:
    listed = [
        {"key": "a", "value": {"stringValue": "x"}},
        {"key": "b", "value": {"arrayValue": {"values": [{"intValue": "1"}, {"stringValue": "y"}]}}},
        {"key": "c", "value": {"kvlistValue": {"values": [{"key": "d", "value": {"boolValue": True}}]}}},
    ]
    assert key_values(listed) == {"a": "x", "b": ["1", "y"], "c": {"d": True}}


@pytest.mark.parametrize(
    "other",
    [
        None,
        [],
        [{"key": "a"}],
        [{"key": "a", "value": "x"}],
        [{"key": "a", "value": {}}],
        [{"key": "a", "value": {"text": "x"}}],
        [{"key": "a", "value": {"stringValue": "x"}, "more": 1}],
    ],
)
def test_another_list_stays_a_list(other: Any) -> None:
    assert key_values(other) is None


def test_names_that_hold_places_are_lists() -> None:
    flat = {"m.0.role": "user", "m.0.content": "q", "m.1.role": "ai", "m.1.calls.0.arguments": "{}", "n": 1}
    assert has_places(flat)
    assert by_place(flat) == {
        "m": [
            {"role": "user", "content": "q"},
            {"role": "ai", "calls": [{"arguments": "{}"}]},
        ],
        "n": 1,
    }


def test_no_member_is_lost_where_a_name_stands_twice() -> None:
    assert by_place({"m.0": "a", "m.0.role": "user"}) == {"m": [{"": "a", "role": "user"}]}
    assert by_place({"m": "a", "m.0.role": "user"}) == {"m": "a", "m.0.role": "user"}
    assert by_place({"m.0.a": "x", "m.0.a.b": "y"}) == {"m": [{"a": "x", "a.b": "y"}]}
