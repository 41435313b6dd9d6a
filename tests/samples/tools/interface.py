"""One way in which a tool writes rows down, with what reading must make of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]

ASK = (
    "On which side of a sloping field should we pitch the tent, if rain is likely before dawn and the wind "
    "comes up from the river?"
)
SAY = (
    "Put the tent on the high side of the field, even if the low side is flatter, because cold air and rain "
    "water both collect in the dip."
)
OTHER = (
    "Walk the field first and look for the greener grass, since it marks where water stands, then pitch well "
    "above it with the door downwind."
)
WHY = (
    "They ask about a slope, so drainage counts for more than comfort: water runs down and gathers in the "
    "dip, hence the high side is drier."
)
SYSTEM = (
    "You answer questions about camping in two sentences at most, and you never recommend a product, a shop "
    "or a brand by its name."
)
TOOL = (
    "The forecast for the valley names eleven millimetres of rain between three and five in the morning, "
    "with gusts from the west up to forty."
)
AGAIN = "And where should the fire go, if we may only dig one pit and the ground near the river is soft?"
FIRE = (
    "Dig the pit downwind and ten paces off, on bare ground rather than turf, and keep the turves wet so "
    "that they can go back in the morning."
)
NO = (
    "I cannot help with camping there, because the water meadow is closed to visitors while the cranes breed."
)
CALL = '{"place":"the valley","day":"tuesday"}'

GPT, CLAUDE, GEMINI = "gpt-4o-2024-08-06", "claude-sonnet-4-5-20250929", "gemini-2.5-flash"
QWEN, LLAMA = "Qwen/Qwen2.5-72B-Instruct", "meta-llama/Llama-3.3-70B-Instruct"
DAY, MOMENT, SECONDS = "2025-02-03", "2025-02-03T10:11:12.123456Z", 1738577472

USER: Row = {"role": "user", "content": ASK}
ANSWER: Row = {"role": "assistant", "content": SAY}


@dataclass(frozen=True)
class Written:
    """A shape as one tool writes it."""

    tool: str
    where: str
    """Where the answer and its model stand, for the page of shapes."""
    rows: list[Row]
    learned: dict[str, tuple[str, ...]]
    """Learned texts by slot, over all rows."""
    prompts: tuple[str, ...] = (ASK,)
    systems: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """Texts of a length whose role is not told."""
    teachers: frozenset[tuple[str, str]] = frozenset()
    """Slot and name of every model that a claim names."""
    days: tuple[str, ...] = ()
    """When the texts were generated."""
    unjudged: tuple[str, ...] = ()
    """Paths of prose that is left to a person."""
    file: str = "rows.jsonl"
    whole: Any = None
    """What the file holds, where it is one JSON value around or instead of rows."""
    text: str | None = None
    """What the file holds, where it is no JSON."""
    beside: dict[str, str] = field(default_factory=dict)
    """Files beside it."""

    def content(self) -> str:
        """Return what stands in the file."""
        if self.text is not None:
            return self.text
        if self.whole is not None:
            return json.dumps(self.whole)
        return "".join(json.dumps(row) + "\n" for row in self.rows)


def by(*models: str, **slots: str) -> frozenset[tuple[str, str]]:
    """Return the claims of models about the whole row, and of others about a slot each."""
    return frozenset([*(("", model) for model in models), *slots.items()])


def said(*texts: str, **slots: str | tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the learned texts of no slot of their own, and of others in a slot each."""
    apart = {slot: (held,) if isinstance(held, str) else held for slot, held in slots.items()}
    return {**({"": texts} if texts else {}), **apart}


def chat(message: Row | None = None, **more: Any) -> Row:
    """Return a chat completion as the API gives it."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": SECONDS,
        "model": GPT,
        "choices": [{"index": 0, "message": message or ANSWER, "logprobs": None, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 30, "completion_tokens": 40, "total_tokens": 70},
        "system_fingerprint": "fp_1",
        **more,
    }


def claude(*blocks: Row, **more: Any) -> Row:
    """Return an answer of the Messages API."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": CLAUDE,
        "content": list(blocks) or [{"type": "text", "text": SAY}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 30, "output_tokens": 40},
        **more,
    }
