"""The conversation is found in whatever wraps it, and a prompt is never taken for an answer."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from auditor.samples.shapes.conversation import conversation, roles_alone, turn_alone
from auditor.samples.shapes.layouts import ANY_TEXT, LAYOUTS
from auditor.samples.shapes.recognize import guess_shape

ASK, SAY, OTHER = "Where do we pitch the tent?", "On the high side of the field.", "In the dip."
USER, ANSWER = {"role": "user", "content": ASK}, {"role": "assistant", "content": SAY}

ONE_ANSWER: dict[str, dict[str, Any]] = {
    "turns": {"messages": [USER, ANSWER]},
    "turns as JSON in a cell": {"messages": json.dumps([USER, ANSWER])},
    "turns as Python writes them": {
        "conversations": str([{"from": "human", "value": ASK}, {"from": "gpt", "value": SAY}])
    },
    "texts that take turns": {"id": "0", "data": [ASK, SAY]},
    "pairs": {"conversation": [[ASK, SAY]]},
    "pairs with names": {"conversation": [{"input": ASK, "output": SAY}]},
    "history and answer": {"history": [], "ask": ASK, "say": SAY},
    "masked segments": {"segments": [{"label": False, "text": ASK}, {"label": True, "text": SAY}]},
    "request and response": {"request": {"messages": [USER]}, "response": {"choices": [{"message": ANSWER}]}},
    "candidates of a service": {
        "request": {"contents": [{"role": "user", "parts": [{"text": ASK}]}]},
        "response": {"candidates": [{"content": {"role": "model", "parts": [{"text": SAY}]}}]},
    },
    "camel case": {
        "modelInput": {"messages": [USER]},
        "modelOutput": {"content": [{"type": "text", "text": SAY}]},
    },
    "steps of an agent": {"steps": [{"source": "user", "message": ASK}, {"source": "agent", "message": SAY}]},
    "nodes of a tree": {
        "mapping": {
            "a": {"message": None},
            "b": {
                "message": {"author": {"role": "user"}, "content": {"content_type": "text", "parts": [ASK]}}
            },
            "c": {
                "message": {
                    "author": {"role": "assistant"},
                    "content": {"content_type": "text", "parts": [SAY]},
                }
            },
        }
    },
    "speakers by type": {"messages": [{"type": "human", "content": ASK}, {"type": "ai", "content": SAY}]},
    "roles in capitals": {
        "messages": [{"role": "User", "content": ASK}, {"role": "Chatbot", "content": SAY}]
    },
}


@pytest.mark.parametrize("row", ONE_ANSWER.values(), ids=ONE_ANSWER.keys())
def test_prompt_and_answer_are_told_apart(row: dict[str, Any]) -> None:
    parts = conversation(row)
    assert parts is not None
    assert [(str(part.role), part.text) for part in parts] == [("prompt", ASK), ("teacher", SAY)]


@pytest.mark.parametrize(
    ("row", "slots"),
    [
        ({"prompt": ASK, "response_0": SAY, "response_1": OTHER}, ("response_0", "response_1")),
        ({"prompt": ASK, "response_a": [SAY], "response_b": [OTHER]}, ("response_a", "response_b")),
        (
            {
                "input": {"messages": [USER]},
                "preferred_output": [ANSWER],
                "non_preferred_output": [{**ANSWER, "content": OTHER}],
            },
            ("preferred_output", "non_preferred_output"),
        ),
        (
            {"question": ASK, "human_answers": [SAY], "chatgpt_answers": [OTHER]},
            ("human_answers", "chatgpt_answers"),
        ),
        ({"question": ASK, "responses": [SAY, OTHER]}, ("responses[0]", "responses[1]")),
    ],
)
def test_answers_against_each_other_have_slots(row: dict[str, Any], slots: tuple[str, ...]) -> None:
    answers = [part for part in conversation(row) or () if part.role == "teacher"]
    assert [(part.slot, part.text) for part in answers] == [(slots[0], SAY), (slots[1], OTHER)]


@pytest.mark.parametrize(
    ("turn", "texts"),
    [
        ({**ANSWER, "reasoning_content": "Water runs down."}, ["Water runs down.", SAY]),
        ({"role": "assistant", "content": None, "refusal": "I will not."}, ["I will not."]),
        (
            {"role": "assistant", "content": None, "tool_calls": [{"function": {"arguments": '{"a":1}'}}]},
            ['{"a":1}'],
        ),
        ({"role": "assistant", "content": [{"type": "tool_use", "input": {"a": 1}}]}, ['{"a":1}']),
        (
            {
                "role": "assistant",
                "content": [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": SAY}],
            },
            ["Hm.", SAY],
        ),
    ],
)
def test_all_that_a_model_says_is_its_text(turn: dict[str, Any], texts: list[str]) -> None:
    parts = conversation({"messages": [USER, turn]}) or []
    assert [part.text for part in parts if part.role == "teacher"] == texts


@pytest.mark.parametrize("mask", [{"weight": 0}, {"train": False}, {"loss_weight": 0.0}])
def test_a_turn_that_is_not_learned_is_shown_text(mask: dict[str, Any]) -> None:
    parts = conversation({"messages": [USER, {**ANSWER, **mask}, {**ANSWER, "content": OTHER}]}) or []
    assert [part.text for part in parts if part.role == "teacher"] == [OTHER]


@pytest.mark.parametrize("answer", [42, True, 0.5, ["a", "b"], {"k": "v"}])
def test_an_answer_that_is_no_text_is_an_answer(answer: Any) -> None:
    parts = conversation({"instruction": ASK, "output": answer})
    assert parts is not None
    assert parts[-1].role == "teacher"


def test_what_a_turn_says_of_itself_is_no_text() -> None:
    parts = (
        conversation({"messages": [USER, {**ANSWER, "model": "gpt-4o", "label": "good one", "score": 3}]})
        or []
    )
    assert [part.text for part in parts] == [ASK, SAY]


@pytest.mark.parametrize(
    "row", [{}, {"text": SAY}, {"a": {"b": [SAY]}}, {"prompt": ASK}, {"messages": [USER]}, {"model": "x"}]
)
def test_a_row_without_an_answer_that_is_told_is_none(row: dict[str, Any]) -> None:
    assert conversation(row) is None


def test_a_line_of_a_log_is_a_turn_whoever_speaks() -> None:
    log = {
        "type": "user",
        "message": {"role": "user", "content": [{"type": "tool_result", "content": "out"}]},
    }
    assert [(str(part.role), part.text) for part in turn_alone(log) or ()] == [("tool", "out")]
    assert turn_alone({"prompt": ASK}) is None


def test_a_prompt_without_an_answer_is_no_answer_and_what_stands_beside_it_is_asked_about() -> None:
    assert [(str(part.role), part.slot) for part in roles_alone({"prompt": ASK, "verdict": SAY}) or ()] == [
        ("prompt", "prompt"),
        ("teacher", "unknown-role"),
    ]
    assert [str(part.role) for part in roles_alone({"messages": [USER], "id": 7}) or ()] == ["prompt"]


@pytest.mark.parametrize("name", ["story", "context", "document", "input", "text"])
def test_a_text_that_might_be_learned_is_no_prompt_for_its_name(name: str) -> None:
    assert roles_alone({name: SAY, "id": 7}) is None


def test_what_hangs_at_a_question_is_no_answer_of_it() -> None:
    turn = {**USER, "annotations": {"answer": OTHER}}
    assert [part.text for part in conversation({"messages": [turn, ANSWER]}) or ()] == [ASK, SAY]


def test_an_answer_in_pieces_is_one() -> None:
    row = {"input": {"prompt": ASK}, "output": [f"{word} " for word in f"{SAY} {OTHER}".split()]}
    assert [part.text for part in conversation(row) or () if part.role == "teacher"] == [f"{SAY} {OTHER} "]
    several = {"question": ASK, "output": [SAY, OTHER] * 4}
    assert len([part for part in conversation(several) or () if part.slot.startswith("output[")]) == 8


def test_a_dialog_that_is_one_text_is_searched() -> None:
    (asked, told) = roles_alone({"system": ASK, "chat": f"USER: {ASK} ASSISTANT: {SAY}"}) or ()
    assert (str(asked.role), told.slot) == ("system", "unknown-role")


def test_endless_nesting_ends() -> None:
    row: Any = SAY
    for _ in range(10_000):
        row = {"response": row, "model": "m"}
    assert conversation(row) is None


@pytest.mark.parametrize(
    "row",
    [
        {"model": "m", "turns": [SAY, OTHER]},
        {"dialog": [SAY, OTHER]},
        {"model_id": "m", "choices": [{"index": 0, "turns": [SAY, OTHER]}]},
        {"data": [SAY, OTHER, "three"]},
    ],
)
def test_texts_that_follow_one_another_are_no_prompts_by_their_place_alone(row: dict[str, Any]) -> None:
    layouts = [layout for layout in LAYOUTS if layout.extract(row) is not None] or [ANY_TEXT]
    parts = layouts[0].extract(row) or []
    assert {SAY, OTHER} <= {part.text for part in parts if part.role == "teacher"}


@pytest.mark.parametrize(
    "more",
    [
        {"history": [["Before?", OTHER]]},
        {"thinking_trajectories": [OTHER]},
        {"generations": [SAY, OTHER]},
        {"response": {"choices": [{"message": {"role": "assistant", "content": OTHER}}]}},
    ],
)
def test_answers_beside_those_that_the_layout_knows_are_searched(more: dict[str, Any]) -> None:
    row = {"messages": [USER, ANSWER], **more}
    fit = guess_shape([row]).fit(row)
    assert fit is not None
    assert sorted(part.text for part in fit[1] if part.role == "teacher") == sorted([SAY, OTHER])


def test_turns_below_a_turn_are_turns() -> None:
    tree = {
        "prompt": {
            "role": "prompter",
            "text": ASK,
            "replies": [{"role": "assistant", "text": SAY, "replies": []}],
        }
    }
    parts = conversation(tree) or []
    assert [(str(part.role), part.text) for part in parts] == [("prompt", ASK), ("teacher", SAY)]


@pytest.mark.parametrize(
    "row",
    [
        {"text_input": ASK, "output": SAY},
        {"modelInput": {"inputText": ASK}, "modelOutput": {"outputText": SAY}},
        {"turns": [{"speaker": "user", "utterance": ASK}, {"speaker": "bot", "utterance": SAY}]},
        {"问题": ASK, "回答": SAY},
    ],
)
def test_names_of_other_tools_and_tongues_are_known(row: dict[str, Any]) -> None:
    parts = conversation(row) or []
    assert [(str(part.role), part.text) for part in parts] == [("prompt", ASK), ("teacher", SAY)]


def test_thinking_and_calls_in_blocks_are_learned_with_the_known_layout_too() -> None:
    blocks = [
        {"type": "thinking", "thinking": "Hm."},
        {"type": "text", "text": SAY},
        {"type": "tool_use", "input": {"a": 1}},
    ]
    row = {"messages": [USER, {"role": "assistant", "content": blocks}]}
    fit = guess_shape([row]).fit(row)
    assert fit is not None
    assert {part.text for part in fit[1] if part.role == "teacher"} == {"Hm.", SAY, '{"a":1}'}


@pytest.mark.parametrize(
    ("name", "text", "slot"),
    [
        ("judgment", "The answer says what to do first, and does not say why.", "judge"),
        ("g1_judgment", "The answer says what to do first, and does not say why.", "judge"),
        ("blurb", "The answer says what to do first, and does not say why.", "unknown-role"),
        ("judgment", "Rating: 7", "unknown-role"),
    ],
)
def test_what_a_judge_wrote_is_no_answer_and_short_verdicts_are_facts(
    name: str, text: str, slot: str
) -> None:
    found = roles_alone({"user_prompt": ASK, name: text}) or []
    assert [part.slot for part in found] == ["prompt", slot]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (2**64, "18446744073709551616"),
        ({"sum": -(2**70)}, '{"sum":-1180591620717411303424}'),
        ({"price": Decimal("1.50"), "é": True}, '{"price":"1.50","é":true}'),
    ],
)
def test_an_answer_of_numbers_past_64_bits_is_its_digits(answer: object, text: str) -> None:
    found = guess_shape([row := {"prompt": ASK, "output": answer}]).fit(row)
    assert found is not None
    assert [part.text for part in found[1] if part.role == "teacher"] == [text]
