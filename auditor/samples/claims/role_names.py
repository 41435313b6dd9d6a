"""Names of columns by their words: whose model stands there, and what that model did for the row.

`translation_model`, `response_0_model` and `chosen_llm` say it outright: whatever stands there is a model.
`translated_by`, `annotator` and `editor` may name a person: only what is known as a model is one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from auditor.domain.role import ROLE_SLOTS, WRITES, TeacherRole, role_of

_NOUNS = re.compile(r"^(.+)[_.](?:model|llm|engine)(?:[_.](?:name|id|slug))?$")
_BEFORE = re.compile(r"^(?:model|generator|teacher|llm)_(\d|[b-d]|chosen|rejected|left|right)$")
_BY = re.compile(r"^(.+)_(?:by|with|using)$")
_SIDE = re.compile(r"\d+|[a-d]|left|right|chosen|rejected")
_NEUTRAL = frozenset(
    ("final", "first", "initial", "machine", "data", "text", "model", "llm", "ai", "gen", "back", "auto")
)
_CALLED = frozenset(("llm", "ai", "gen"))
_AGENTS = re.compile(r"(?:er|or)s?$|^critic$|^judges?$")
_APART = re.compile(r"[_.]+")
_MARK = re.compile(
    r"(?:^|[^a-z])(\d+|[a-d]|left|right|chosen|rejected|preferred_output|non_preferred_output)$"
)
_SAME = {"preferred_output": "chosen", "non_preferred_output": "rejected"}


@lru_cache(4096)
def sure_slot(name: str) -> str | None:
    """Return the slot of the model that a plain name speaks of outright; None for another name."""
    side = _BEFORE.fullmatch(name)
    if side is not None:
        return side[1] if side[1] in ("chosen", "rejected") else name
    found = _NOUNS.fullmatch(name)
    return None if found is None else _slot(_APART.split(found[1]))


@lru_cache(4096)
def role_slot(name: str) -> str | None:
    """Return the slot of what a plain name says of whoever stands there, a model or a person."""
    found = _BY.fullmatch(name)
    words = _APART.split(found[1] if found else name)
    if found is None and not _AGENTS.search(words[-1]) and words[-1] not in ("source", "agent"):
        return None
    return _slot([word for word in words if word not in ("source", "agent")])


def _slot(words: list[str]) -> str | None:
    """Return the slot that words stand for; None where one of them says neither a role nor a side."""
    if not words:
        return None
    roles = [role_of(word) for word in words if word not in _NEUTRAL and not _SIDE.fullmatch(word)]
    if None in roles:
        return None
    acts = [role for role in roles if role is not None and role is not TeacherRole.WRITER]
    if acts:
        return ROLE_SLOTS.get(acts[-1], "")
    if _SIDE.fullmatch(words[-1]):
        return words[-1] if words[-1] in ("chosen", "rejected") else "_".join(words)
    sides = [word for word in words if word in ("chosen", "rejected")]
    return sides[0] if sides else "" if roles or not _CALLED.isdisjoint(words) else None


@lru_cache(1024)
def writes(slot: str) -> bool:
    """Tell whether a claim for a slot names a model that made the learned text."""
    return slot != ROLE_SLOTS[TeacherRole.PROMPT_WRITER] and (role_of(slot) or TeacherRole.WRITER) in WRITES


def paired(slot: str, slots: tuple[str, ...]) -> str:
    """Return the row's slot that a claim's slot means by the side it ends in: `model_b` is `response_b`."""
    if not slot or len(slots) < 2 or slot in slots or (mark := _mark(slot)) is None:
        return slot
    meant = [one for one in slots if _mark(one) == mark]
    return meant[0] if len(meant) == 1 else slot


@lru_cache(4096)
def _mark(slot: str) -> str | None:
    found = _MARK.search(slot)
    return None if found is None else _SAME.get(found[1], found[1])
