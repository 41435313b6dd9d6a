"""Rows to tokens: the prompt is read, the answer is learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.domain.sample import PartRole
from auditor.errors import InputError
from auditor.samples.parts import content_text, role_of
from auditor.train.config import TrainConfig

IGNORED = -100
"""Label of tokens without a loss."""

Turn = dict[str, str]
"""`role` and `content`, as chat templates take them."""
_CHATS = ("messages", "conversations")
_ROLES = {
    PartRole.SYSTEM: "system",
    PartRole.PROMPT: "user",
    PartRole.TEACHER: "assistant",
    PartRole.TOOL: "tool",
    PartRole.MASKED: "assistant",
}


@dataclass(frozen=True, slots=True)
class Lesson:
    """Turn a raw row into token ids and labels."""

    tokenizer: Any
    config: TrainConfig

    def __call__(self, row: Mapping[str, Any]) -> dict[str, list[int]]:
        """Return `input_ids` and `labels`, equally long, at most `max_length`.

        Raises:
            InputError: the row has no answer, or the chat template does not take its turns.
        """
        before_it, answer = turns(row, self.config)
        after = [*self._ids(answer), *self._end()]
        # Half of the room is the answer's before the prompt takes any: a row without labels has no loss.
        room = max(self.config.max_length - len(after), self.config.max_length // 2)
        before = self._ids(self._prompt(before_it))[-room:]
        after = after[: self.config.max_length - len(before)]
        return {"input_ids": before + after, "labels": [IGNORED] * len(before) + after}

    def _prompt(self, said: list[Turn]) -> str:
        if not self.tokenizer.chat_template:
            return "".join(f"{turn['content']}\n" for turn in said)
        from jinja2 import TemplateError

        try:
            return str(self.tokenizer.apply_chat_template(said, tokenize=False, add_generation_prompt=True))
        except TemplateError as error:
            raise InputError(f"the chat template does not take a row's turns: {error}") from None

    def _ids(self, text: str) -> list[int]:
        return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def _end(self) -> list[int]:
        end = self.tokenizer.eos_token_id
        return [] if end is None else [end]


def turns(row: Mapping[str, Any], config: TrainConfig, where: str | None = None) -> tuple[list[Turn], str]:
    """Return the turns before the answer, and the answer: the last that an assistant gave, in a chat.

    Raises:
        InputError: the row has no text under the configured columns, or no answer in its chat.
    """
    for column in _CHATS:
        if isinstance(row.get(column), list):
            return _last_answer(row[column], where)
    prompt, answer = row.get(config.prompt_column), row.get(config.answer_column)
    if not isinstance(prompt, str) or not isinstance(answer, str) or not answer.strip():
        columns = f"`{config.prompt_column}` and `{config.answer_column}`"
        raise InputError(
            f"a row has no text under {columns}", where=where, fix="set prompt_column and answer_column"
        )
    return [{"role": "user", "content": prompt}], answer


def _last_answer(chat: list[Any], where: str | None) -> tuple[list[Turn], str]:
    said: list[Turn] = []
    for turn in chat:
        role = role_of(turn) if isinstance(turn, dict) else None
        text = content_text(turn.get("content", turn.get("value"))) if role else None
        if role is None or text is None:
            raise InputError("a turn of the chat has no known role or no text", where=where)
        said.append({"role": _ROLES[role], "content": text})
    while said:
        last = said.pop()
        if last["role"] == "assistant" and last["content"].strip():
            return said, last["content"]
    raise InputError("the chat holds no answer of an assistant", where=where)


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
