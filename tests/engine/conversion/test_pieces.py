"""Pieces of a text are the same whatever white space, template or turn marks stand around them."""

from __future__ import annotations

import pytest

from auditor.engine.conversion.pieces import piece_digest, pieces

ASKED, SAID = "What is a kiln?", "An oven.\n\nIt fires  clay."
TEMPLATES = [
    f"<|im_start|>user\n{ASKED}<|im_end|>\n<|im_start|>assistant\n{SAID}<|im_end|>\n",
    f"<s>[INST] {ASKED} [/INST] {SAID} </s>",
    f"### Instruction:\n{ASKED}\n\n### Response:\n{SAID}",
    f"Human: {ASKED}\r\n\r\nAssistant: {SAID}",
    f"<bos><start_of_turn>user\n{ASKED}<end_of_turn>\n<start_of_turn>model\n{SAID}<end_of_turn>",
    f"<｜User｜>{ASKED}<｜Assistant｜>{SAID}<｜end▁of▁sentence｜>",
    f"<|start_header_id|>user<|end_header_id|>\n\n{ASKED}<|eot_id|>"
    f"<|start_header_id|>assistant<|end_header_id|>\n\n{SAID}<|eot_id|>",
]


@pytest.mark.parametrize("text", TEMPLATES)
def test_templates_leave_the_same_pieces(text: str) -> None:
    assert pieces(text) == [ASKED, "An oven.", "It fires clay."]


@pytest.mark.parametrize(("text", "found"), [("user", ["user"]), ("", []), (" \n", []), ("4", ["4"])])
def test_short_answers_are_pieces_too(text: str, found: list[str]) -> None:
    assert pieces(text) == found


def test_only_who_begins_to_speak_is_left_out() -> None:
    assert pieces("Note the answer: 4") == ["Note the answer: 4"]


def test_a_piece_is_its_words_not_its_form() -> None:
    assert pieces("cafe\u0301  au lait") == pieces("caf\u00e9 au lait")
    assert piece_digest("a") != piece_digest("A")
    assert 0 <= piece_digest("\ud800") < 1 << 64


def test_what_is_beyond_a_number_is_one_piece() -> None:
    found = pieces("\n".join(f"line {number}" for number in range(5000)))
    assert len(found) == 4097
