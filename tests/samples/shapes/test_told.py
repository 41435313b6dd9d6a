"""What a layout or a record does not know of its row is added where its role is told."""

from __future__ import annotations

from typing import Any

from auditor.samples.parts import PROMPT, TEACHER, Part
from auditor.samples.shapes.told import with_others, with_told

KNOWN = [Part(PROMPT, "prompt", "Q"), Part(TEACHER, "", "A")]


def test_prompts_of_a_history_are_prompts_and_its_answers_are_learned() -> None:
    row: dict[str, Any] = {"instruction": "Q", "output": "A", "history": [["before", "then"]]}
    assert with_others(row, KNOWN) == [*KNOWN, Part(PROMPT, "prompt", "before"), Part(TEACHER, "", "then")]


def test_a_side_keeps_its_slot() -> None:
    row: dict[str, Any] = {"messages": [{"role": "user", "content": "Q"}], "rejected_response": "R"}
    assert with_others(row, KNOWN)[-1] == Part(TEACHER, "rejected_response", "R")


def test_what_a_record_read_is_not_read_again() -> None:
    row: dict[str, Any] = {
        "request": {"messages": [{"role": "user", "content": "Q2"}]},
        "response": {"text": "A2"},
    }
    assert with_told(row, KNOWN, ("response",)) == [*KNOWN, Part(PROMPT, "prompt", "Q2")]
    assert with_told({"answer": "A"}, KNOWN, ()) == KNOWN


def test_a_prompt_that_repeats_the_answer_hides_no_answer() -> None:
    row = {"question": "A", "reply": "Q"}
    assert with_told(row, KNOWN, ()) == [*KNOWN, Part(TEACHER, "", "Q")]
