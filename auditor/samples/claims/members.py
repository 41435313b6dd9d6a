"""What the members of a row's objects are: turns and who speaks in them, headers, what may hold an answer."""

from __future__ import annotations

from typing import Any

from auditor.samples.claims.addresses import BEGINS
from auditor.samples.claims.column_kinds import ColumnKind, holds_headers
from auditor.samples.claims.known_names import MAX_NAME, Models
from auditor.samples.parts import PROMPT_SLOT

_PAIR = 2
_USUAL = frozenset(
    ("user", "assistant", "system", "human", "gpt", "tool", "function", "model", "ai", "bot", "observation")
)
"""Who speaks, by names that say nothing of which model."""
_SAID = ("content", "value", "text", "parts")
_PRODUCTS = {"bing": "bing chat"}
"""Speakers in shared conversations that are called by less than their name."""


def at_slot(at: str, slots: tuple[str, ...]) -> str:
    """Return the slot of what stands at a place: that of one of several answers, or of the prompt."""
    return at if at in slots or at == PROMPT_SLOT else ""


def headers_in(value: list[Any], name: ColumnKind) -> dict[str, Any] | None:
    """Return the members that a list of headers holds as pairs; None for another list."""
    if not holds_headers(name.plain):
        return None
    pairs = [one for one in value if isinstance(one, list) and len(one) == _PAIR and isinstance(one[0], str)]
    return dict(pairs) if pairs and len(pairs) == len(value) else None


def holds_text(value: Any) -> bool:
    """Tell whether something holds a text: an answer may, a score does not."""
    if isinstance(value, dict | list):
        return any(map(holds_text, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str)


def speaker_of(turn: dict[str, Any], models: Models) -> tuple[str, str] | None:
    """Return the member of a turn that says which model speaks, and its name; None where none does."""
    for name in ("role", "from"):
        said = turn.get(name)
        if isinstance(said, str) and len(said) <= MAX_NAME and (plain := said.strip().lower()) not in _USUAL:
            told = _PRODUCTS.get(plain, said)
            if models.is_model(told, 2) and any(one in turn for one in _SAID):
                return name, told
    return None


def is_plain_turn(turn: dict[str, Any]) -> bool:
    """Tell whether an object says who speaks and what, by a usual name, and nothing else."""
    if len(turn) != 2:
        return False
    text = turn.get("content") if "role" in turn else turn.get("value") if "from" in turn else None
    return isinstance(text, str) and turn.get("role", turn.get("from")) in _USUAL


def holds_objects(value: Any) -> bool:
    """Tell whether `choices` are those of a response, each with its message, or `usage` is told by model."""
    if isinstance(value, dict):
        return all(isinstance(one, dict) for one in value.values())
    return isinstance(value, list) and any(isinstance(one, dict) and "message" in one for one in value)


def is_short(text: str) -> bool:
    """Tell whether a text may be a name, or an address."""
    return len(text) <= MAX_NAME or text.startswith(BEGINS)
