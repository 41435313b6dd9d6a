"""Rows to tokens: the prompt is read, the answer is learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.errors import InputError
from auditor.train.config import TrainConfig

IGNORED = -100
"""Label of tokens without a loss."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Turn a raw row into token ids and labels."""

    tokenizer: Any
    config: TrainConfig

    def __call__(self, row: Mapping[str, Any]) -> dict[str, list[int]]:
        """Return `input_ids` and `labels`, equally long, at most `max_length`.

        Raises:
            InputError: the row has no text under the configured columns.
        """
        prompt, answer = turns(row, self.config)
        after = [*self._ids(answer), *self._end()]
        # Half of the room is the answer's before the prompt takes any: a row without labels has no loss.
        room = max(self.config.max_length - len(after), self.config.max_length // 2)
        before = self._ids(self._prompt(prompt))[-room:]
        after = after[: self.config.max_length - len(before)]
        return {"input_ids": before + after, "labels": [IGNORED] * len(before) + after}

    def _prompt(self, prompt: str) -> str:
        if self.tokenizer.chat_template:
            turn = [{"role": "user", "content": prompt}]
            return str(self.tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True))
        return f"{prompt}\n"

    def _ids(self, text: str) -> list[int]:
        return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def _end(self) -> list[int]:
        end = self.tokenizer.eos_token_id
        return [] if end is None else [end]


def turns(row: Mapping[str, Any], config: TrainConfig) -> tuple[str, str]:
    """Return what is asked and what is answered; `messages` rows give their last answer."""
    messages = row.get("messages")
    if isinstance(messages, list) and messages:
        texts = [str(turn.get("content", "")) for turn in messages if isinstance(turn, Mapping)]
        return "\n".join(texts[:-1]), texts[-1]
    prompt, answer = row.get(config.prompt_column), row.get(config.answer_column)
    if not isinstance(prompt, str) or not isinstance(answer, str):
        columns = f"`{config.prompt_column}` and `{config.answer_column}`"
        raise InputError(f"a row has no text under {columns}", fix="set prompt_column and answer_column")
    return prompt, answer


def collate(lessons: Sequence[Mapping[str, list[int]]], pad: int) -> dict[str, Any]:
    """Pad to the longest and return int64 tensors of shape (rows, tokens)."""
    import torch

    width = max(len(lesson["input_ids"]) for lesson in lessons)
    ids = torch.full((len(lessons), width), pad, dtype=torch.int64)
    labels = torch.full((len(lessons), width), IGNORED, dtype=torch.int64)
    mask = torch.zeros((len(lessons), width), dtype=torch.int64)
    for place, lesson in enumerate(lessons):
        length = len(lesson["input_ids"])
        ids[place, :length] = torch.tensor(lesson["input_ids"])
        labels[place, :length] = torch.tensor(lesson["labels"])
        mask[place, :length] = 1
    return {"input_ids": ids, "labels": labels, "attention_mask": mask}
