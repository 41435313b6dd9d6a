"""Parts that a layout or record does not know of its row: the other members whose role is told."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from auditor.domain.sample import PartRole
from auditor.samples.parts import TEACHER, UNKNOWN_ROLE, Part, Seen
from auditor.samples.shapes.conversation import member_parts, told_parts
from auditor.samples.shapes.member_names import SIDES, answer_names, is_fact, plain

_BODY = ("content", "value", "tool_calls", "parts")
"""Members of a turn that a layout reads whole."""


def with_others(row: Mapping[str, Any], parts: list[Part]) -> list[Part]:
    """Add what the layout of a row does not know: reasoning in a column of its own, a history."""
    names = answer_names(tuple(row))
    if not names or (len(names) == 1 and not _holds_more(row[names[0]])):
        return parts
    taken = Seen(part.text for part in parts)
    for name in names:
        value = row[name]
        if isinstance(value, str) and (value in taken or not value):
            continue
        for part in member_parts(name, value):
            if part.slot != UNKNOWN_ROLE and part.text not in taken:
                taken.add(part.text)
                aside = part.role is not TEACHER or plain(name) in SIDES
                parts = [*parts, part if aside else part._replace(slot="")]
    return parts


def _holds_more(value: Any) -> bool:
    """Tell whether a value is more than turns of who speaks and what, and facts about it."""
    if not isinstance(value, list):
        return isinstance(value, dict)
    return any(
        not isinstance(turn, dict)
        or any((isinstance(inner, dict | list) and name not in _BODY) for name, inner in turn.items())
        for turn in value
    )


@lru_cache(4096)
def _unread(names: tuple[str, ...], read: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in read and not is_fact(plain(name)))


def with_told(row: Mapping[str, Any], parts: list[Part], read: tuple[str, ...]) -> list[Part]:
    """Add all parts of a row whose role is told to those that are known of it.

    Args:
        read: members that hold no other.
    """
    names = _unread(tuple(row), read)
    if not names:
        return parts
    held: dict[PartRole, str] = {}
    for part in parts:
        held[part.role] = f"{held.get(part.role, '')}\n{part.text}"
    found = told_parts({name: row[name] for name in names})
    every = "\n".join(held.values())
    return parts + [
        part for part in found if part.text not in (held.get(TEACHER, "") if part.role is TEACHER else every)
    ]
