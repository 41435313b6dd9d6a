"""Who speaks is told by a role, a sender, an event or a truth value."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.samples.shapes.speakers import is_spoken, turn_of


@pytest.mark.parametrize(
    ("turn", "role"),
    [
        ({"role": "assistant", "content": "a"}, "teacher"),
        ({"type": "agent_message", "message": "a"}, "teacher"),
        ({"type": "user_message", "message": "a"}, "prompt"),
        ({"type": "AIMessage", "content": "a"}, "teacher"),
        ({"isCreatedByUser": False, "sender": "GPT-4o", "text": "a"}, "teacher"),
        ({"is_user": True, "name": "Ann", "mes": "a"}, "prompt"),
        ({"author": {"role": "user"}, "content": "a"}, "prompt"),
        ({"role": "toolResult", "content": "a"}, "tool"),
    ],
)
def test_a_turn_has_a_speaker(turn: dict[str, Any], role: str) -> None:
    found = turn_of(turn)
    assert found is not None
    assert str(found[0]) == role


@pytest.mark.parametrize(
    "other", [{}, {"content": "a"}, {"role": "assistant"}, {"role": "nobody", "content": "a"}]
)
def test_what_nobody_speaks_is_no_turn(other: dict[str, Any]) -> None:
    assert turn_of(other) is None


@pytest.mark.parametrize(
    ("cell", "spoken"),
    [
        ('{"role": "assistant", "content": "a"}', True),
        ('{"choices": [], "model": "m"}', True),
        ('[{"type": "text", "text": "a"}]', True),
        ('["a", "b"]', True),
        ('{"answer": 42}', False),
        ("[1, 2]", False),
        ("[]", False),
    ],
)
def test_data_in_an_answer_is_the_answer_itself(cell: str, spoken: bool) -> None:
    assert is_spoken(json.loads(cell)) is spoken
