"""Who speaks in a turn, and which of its members hold what is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.domain.sample import PartRole
from auditor.samples.parts import MASKED, PROMPT, TEACHER, is_masked, role_named
from auditor.samples.shapes.member_names import BODIES, SPEAKERS, THOUGHTS

_BY_PEOPLE = ("is_user", "isUser", "isCreatedByUser", "is_created_by_user", "from_user", "fromUser")
"""Truth values that say whether a person speaks."""
_EVENTS = ("_message", "_reasoning", "-message")
"""What logs add to a speaker's name: `agent_message`."""
_TALK = ("messages", "choices", "candidates")


def turn_of(value: Mapping[str, Any]) -> tuple[PartRole, list[str]] | None:
    """Return who speaks in an object, and the members that hold what is said; None where it is not a turn."""
    names = [name for name in (*THOUGHTS, *BODIES) if value.get(name) not in (None, "", [])]
    if isinstance(value.get("label"), bool) and "text" in value:
        return (TEACHER if value["label"] else PROMPT), ["text"]
    if not names and not value.get("tool_calls"):
        return None
    for name in _BY_PEOPLE:
        if isinstance(value.get(name), bool):
            return (PROMPT if value[name] else TEACHER), names
    for name in SPEAKERS:
        said = value.get(name)
        if isinstance(said, Mapping):
            said = said.get("role") or said.get("name")
        role = _speaker(said) if isinstance(said, str) else None
        if role is not None:
            return (MASKED if role is TEACHER and is_masked(value) else role), names
    return None


def names_speaker(value: Mapping[str, Any]) -> bool:
    """Tell whether an object says outright who speaks, whoever it is."""
    return isinstance(value.get("role"), str) or any(isinstance(value.get(name), bool) for name in _BY_PEOPLE)


def is_spoken(value: Any) -> bool:
    """Tell whether what a cell holds is texts, turns or what wraps them; other data is the answer itself."""
    if isinstance(value, Mapping):
        return turn_of(value) is not None or any(isinstance(value.get(name), list) for name in _TALK)
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, str) or (isinstance(one, dict) and _is_said(one)) for one in value)
    )


def _is_said(value: Mapping[str, Any]) -> bool:
    """Tell whether an object is a turn, or a typed block of one."""
    return turn_of(value) is not None or (
        isinstance(value.get("type"), str) and any(isinstance(value.get(name), str) for name in BODIES)
    )


def _speaker(said: str) -> PartRole | None:
    role = role_named(said)
    if role is None:
        stem = next((said[: -len(end)] for end in _EVENTS if said.endswith(end)), "")
        role = role_named(stem) if stem else None
    return role
