"""What of a row a student learns."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.train.config import TrainConfig

pytest.importorskip("torch")
pytest.importorskip("transformers")


def test_a_long_prompt_leaves_room_for_the_answer(tiny: Path) -> None:
    from transformers import AutoTokenizer

    from auditor.train.lesson import IGNORED, Lesson

    tokenizer = AutoTokenizer.from_pretrained(tiny)
    lesson = Lesson(tokenizer, TrainConfig(student="", out="", max_length=12))
    cut = lesson({"prompt": "Add 1 and 2. " * 9, "answer": "3"})
    assert len(cut["input_ids"]) == len(cut["labels"]) == 12
    assert [label for label in cut["labels"] if label != IGNORED][-1] == tokenizer.eos_token_id
    both = lesson({"prompt": "Add 1 and 2. " * 9, "answer": "1 and 2 make 3. " * 9})
    assert sum(label != IGNORED for label in both["labels"]) == 6


CHAT = [
    {"role": "system", "content": "Be brief."},
    {"from": "human", "value": "Hello?"},
    {"role": "assistant", "content": [{"type": "text", "text": "Hi."}]},
    {"role": "user", "content": "Thanks."},
    {"role": "assistant", "content": None},
]


def test_a_chat_is_learned_from_its_last_answer_in_the_roles_it_has() -> None:
    from auditor.train.lesson import turns

    before, answer = turns({"conversations": CHAT}, TrainConfig(student="", out=""))
    assert answer == "Hi."
    assert before == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello?"}]
