"""Names among other words of a short value: steps, settings, tags, and objects that name what they hold."""

from __future__ import annotations

import re
from typing import Any

from auditor.samples.claims.column_kinds import ColumnKind, kind_of
from auditor.samples.claims.known_names import Models
from auditor.samples.claims.prose_models import models_in
from auditor.samples.parts import role_of

_APART = re.compile(r"\s*(?:->|=>|[|;,+>→&])\s*")
"""Signs between the steps of a pipeline or the entries of a list."""
_SET = re.compile(r"([^:=]{1,40}?)\s*[:=]\s*(.+)")
"""A name and what it is set to."""
_SEVERAL = re.compile(
    r"[|;,=+>→&:]|(?i:\b(by|with|using|from|via|through|of)\b|[- ](generated|written|made)\b)"
)
_COUNTED = re.compile(r"[-_:#.]\d{1,12}$")
_ROW_ID = re.compile(r"[\w.#-]+[-_#.](?!(19|20)\d\d$)\d{3,12}")
_MEMBERS, _NAMES = 4, ("key", "name", "field", "property", "attribute")


def is_made_of_several(value: str) -> bool:
    """Tell whether a value may hold a name among other words."""
    return value[:1] not in ("{", "[") and _SEVERAL.search(value) is not None


def pieces(value: str) -> list[tuple[str, str]]:
    """Return the pieces of a value, each with the name that it is set to: of `llm=gpt-4|filter` two."""
    found = []
    for piece in _APART.split(value):
        setting = _SET.fullmatch(piece)
        found.append((setting[1], setting[2]) if setting else ("", piece))
    return found


def listed(value: str) -> list[str]:
    """Return the entries of a value that lists several: of `a/b, c/d` two; addresses stay whole."""
    return [value] if "://" in value else [one for one in _APART.split(value) if one]


def named_for(value: str) -> list[str]:
    """Return what a path or id may be named for: folders of `out/gpt-4o/1.json`, the head of `gpt4-17`."""
    if "/" in value:
        return [] if " " in value or "://" in value else value.split("/")[:-1]
    head = _COUNTED.sub("", value)
    return [head] if head != value else []


def is_counted(value: str) -> bool:
    """Tell whether a value is the id of a row, which ends in a number: `evol-gpt-4o-v2-00012`."""
    return _ROW_ID.fullmatch(value) is not None


def named_pair(value: dict[str, Any]) -> tuple[str, Any] | None:
    """Return the name and the value of an object that says both: `{"name": "llm", "value": "gpt-4o"}`."""
    if len(value) > _MEMBERS or "value" not in value:
        return None
    name = next((value[one] for one in _NAMES if isinstance(value.get(one), str)), None)
    return None if name is None or role_of(value) is not None else (name, value["value"])


def is_map(value: dict[str, Any]) -> bool:
    """Tell whether an object holds others of one kind by their ids, as trees of turns do."""
    if len(value) < 2:
        return False
    first, second, *_ = value.values()
    return (
        isinstance(first, dict)
        and isinstance(second, dict)
        and first.keys() == second.keys()
        and all(isinstance(one, dict) for one in value.values())
    )


def is_suggestion(value: dict[str, Any]) -> bool:
    """Tell whether an object says that a model is the agent of a text, as annotation tools do."""
    return value.get("type") == "model" or ("value" in value and "score" in value)


def models_within(models: Models, value: str, kind: ColumnKind) -> list[tuple[str, str]]:
    """Return the models in a value that is made of several words, each with what it did.

    `gpt-4|filter|dedup`, `model=gpt-4;temperature=0.7` and `generated with GPT-4` name one. Where a
    column says what a text is about, only what says who wrote it does.
    """
    if not is_made_of_several(value) or models.is_ruled_out(value):
        return []
    found = pieces(value)
    if found == [("", value)]:
        named = list(models_in(value))
    else:
        # `judge=gpt-4` says what it did too; `topic: gpt-4` says nothing.
        known = [(kind_of(key), one) for key, one in found]
        told = [(key, one) for key, one in known if not key.silent and not key.about]
        named = [(one, key.slot or "") for key, one in told if key.hint or not kind.about]
    return [(one, slot) for one, slot in named if models.is_model(one, kind.hint)]
