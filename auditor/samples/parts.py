"""The texts of one row, each with who wrote it and which slot of the row it stands in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import orjson

from auditor.domain.sample import PartRole

SYSTEM, PROMPT, TEACHER, TOOL = PartRole.SYSTEM, PartRole.PROMPT, PartRole.TEACHER, PartRole.TOOL
MASKED = PartRole.MASKED
PROMPT_SLOT = "prompt"
UNKNOWN_ROLE = "unknown-role"
"""The slot of text that nothing says the role of."""
_LONG, _WORDS = 80, 8
"""Characters and words from which on a text without a role is taken for learned text."""
_ZERO = ("train", "trainable", "weight", "loss_weight", "loss", "loss_mask")
_TRUTH = (("mask", True), ("label", False))
"""What a trainer's file says of a turn that is shown and not learned: a zero, or just this truth value."""
_FEW = 32
"""So many are sooner compared than hashed."""

_ROLES = {
    "system": SYSTEM,
    "developer": SYSTEM,
    "systemmessage": SYSTEM,
    "context": SYSTEM,
    "user": PROMPT,
    "human": PROMPT,
    "prompter": PROMPT,
    "customer": PROMPT,
    "client": PROMPT,
    "humanmessage": PROMPT,
    "student": PROMPT,
    "questioner": PROMPT,
    "input": PROMPT,
    "assistant": TEACHER,
    "gpt": TEACHER,
    "chatgpt": TEACHER,
    "bot": TEACHER,
    "bing": TEACHER,
    "bard": TEACHER,
    "claude": TEACHER,
    "chatbot": TEACHER,
    "agent": TEACHER,
    "tutor": TEACHER,
    "llm": TEACHER,
    "answerer": TEACHER,
    "output": TEACHER,
    "bot_response": TEACHER,
    "gemini": TEACHER,
    "model": TEACHER,
    "ai": TEACHER,
    "aimessage": TEACHER,
    "function_call": TEACHER,
    "tool_call": TEACHER,
    "tool": TOOL,
    "tools": TOOL,
    "function": TOOL,
    "observation": TOOL,
    "function_response": TOOL,
    "tool_response": TOOL,
    "tool_result": TOOL,
    "toolresult": TOOL,
    "toolmessage": TOOL,
    "ipython": TOOL,
    "environment": TOOL,
}


class Part(NamedTuple):
    """One text of a row."""

    role: PartRole
    slot: str
    text: str


class Seen:
    """Texts or parts that were taken already."""

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self._few: list[Any] = []
        self._many: set[Any] = set()
        for item in items:
            self.add(item)

    def __contains__(self, item: Any) -> bool:
        """Tell whether an equal one was taken."""
        return item in self._few or (bool(self._many) and item in self._many)

    def add(self, item: Any) -> bool:
        """Take one; tell whether it is the first of its like."""
        if item in self:
            return False
        if len(self._few) < _FEW:
            self._few.append(item)
        else:
            self._many.add(item)
        return True


def without_doubles(parts: Iterable[Part]) -> list[Part]:
    """Return the parts, of equal ones the first."""
    seen = Seen()
    return [part for part in parts if seen.add(part)]


def one(role: PartRole, slot: str, text: Any) -> list[Part]:
    """Return the text as a list of one part; an empty list where there is none."""
    return [Part(role, slot, text)] if isinstance(text, str) and text else []


def named_slots(parts: list[Part]) -> tuple[str, ...]:
    """Return the slots with a name that hold teacher text, in the row's order."""
    return tuple(
        dict.fromkeys(
            part.slot
            for part in parts
            if part.slot and part.role is TEACHER and (part.slot != UNKNOWN_ROLE or not is_short(part.text))
        )
    )


def is_short(text: str) -> bool:
    """Tell whether a text that nothing says the role of is an id, an address or a setting."""
    words = len(text.split())
    return words < _WORDS and (len(text) <= _LONG or (words == 1 and text.isascii()))


def turns(value: Any, slot: str = "") -> list[Part] | None:
    """Return the parts of a list of turns, `role`/`content` or `from`/`value`; None when it is not one.

    A role's name says who speaks, never which model: `gpt` is the assistant. Earlier turns of the assistant
    are teacher text too.
    """
    if not isinstance(value, list) or not value:
        return None
    parts: list[Part] = []
    for turn in value:
        found = _turn(turn, slot)
        if found is None:
            return None
        parts += found
    return parts


def content_text(content: Any) -> str | None:
    """Return the text of a turn's content: a string, or a list of typed parts of which the texts count."""
    if isinstance(content, str):
        return content
    if content is None:
        return ""
    if not isinstance(content, list):
        return None
    texts = []
    for part in content:
        text = part if isinstance(part, str) else part.get("text") if isinstance(part, dict) else ""
        if isinstance(text, str):
            texts.append(text)
    return "\n".join(text for text in texts if text)


def role_of(turn: dict[str, Any]) -> PartRole | None:
    """Return who speaks in a turn; None for a role that is not known."""
    name = turn["role"] if "role" in turn else turn.get("from")
    return role_named(name) if isinstance(name, str) else None


def role_named(name: str) -> PartRole | None:
    """Return who is meant by a role's name, however it is capitalized; None for a name that is not known."""
    return _ROLES.get(name) or _ROLES.get(name.strip().lower())


def is_masked(turn: Mapping[str, Any]) -> bool:
    """Tell whether a turn's own mask keeps it from being learned: `weight: 0`, `train: false`."""
    return any(name in turn and turn[name] == 0 for name in _ZERO) or any(
        turn.get(name) is word for name, word in _TRUTH
    )


def _turn(turn: Any, slot: str) -> list[Part] | None:
    if not isinstance(turn, dict):
        return None
    role = role_of(turn)
    body = turn.get("content", turn.get("value", turn.get("text", turn.get("parts"))))
    text = content_text(body)
    if role is None or text is None:
        return None
    at = slot if role is TEACHER else PROMPT_SLOT if role is PROMPT else ""
    if len(turn) == 2 and body is text:
        return one(role, at, text)  # who speaks and what, nothing else
    if role is TEACHER and is_masked(turn):
        role, at = MASKED, ""
    parts = one(role, at, text)
    for extra in ("reasoning_content", "thinking", "reasoning", "refusal"):
        parts += one(role, at, turn.get(extra))
    return parts + _blocks(body, role, at) + _tool_calls(turn.get("tool_calls"), role, at)


def as_json(value: Any) -> str:
    """Return a value as compact JSON; what JSON has no form for as Python writes it."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # integers past 64 bits, decimals and bytes of tables
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _blocks(body: Any, role: PartRole, slot: str) -> list[Part]:
    """Return what typed blocks hold beside text: thinking, what a tool is called with, and what it gives."""
    parts: list[Part] = []
    for block in body if isinstance(body, list) else ():
        if isinstance(block, dict):
            parts += one(role, slot, block.get("thinking"))
            if block.get("type") in ("tool_use", "tool_call") and isinstance(block.get("input"), dict):
                parts += one(role, slot, as_json(block["input"]))
            elif block.get("type") == "tool_result":
                parts += one(TOOL, "", content_text(block.get("content")))
    return parts


def _tool_calls(calls: Any, role: PartRole, slot: str) -> list[Part]:
    parts: list[Part] = []
    for call in calls if isinstance(calls, list) else ():
        function = call.get("function") if isinstance(call, dict) else None
        if isinstance(function, dict):
            parts += one(role, slot, function.get("arguments"))
    return parts
