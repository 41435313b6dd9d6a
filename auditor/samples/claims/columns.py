"""What the columns of a row say about its teachers, licenses, source, host and date.

Turns, candidates and nested objects may say it of themselves. The last model of a pipeline may have judged
the text, not written it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from auditor.domain.claim import ClaimKind
from auditor.samples.claims.cells import opened_cell
from auditor.samples.claims.column_kinds import gave_text
from auditor.samples.claims.column_names import (
    AS_IT_STANDS,
    CANDIDATES,
    COLUMNS,
    LISTED,
    NESTED,
    OF_A_TEXT,
    SPOKEN,
    TURNED,
    meaning,
    watched_columns,
)
from auditor.samples.claims.later_steps import judged_last
from auditor.samples.claims.role_names import writes
from auditor.samples.claims.values import MAX_VALUE, values
from auditor.samples.parts import PROMPT, PROMPT_SLOT, TEACHER, role_of

_CALLED = ("name", "id", "model", "model_name", "model_id", "path", "model_path", "url", "type", "title")
"""Members of an object that name a model."""
Fact = tuple[ClaimKind, str, str, str]
"""Kind, value, where, slot."""


def facts_of(row: dict[str, Any]) -> list[Fact]:
    """Return what a row says of itself, each fact once."""
    facts: list[Fact] = []
    alone = True  # every fact is the text of a column of its own: none repeats another
    watched = watched_columns(tuple(row))
    for name, plain in watched:
        value = row[name]
        if plain in AS_IT_STANDS and isinstance(value, str) and len(value) <= MAX_VALUE and value[:1] != "[":
            if text := value.strip():
                kind, slot = COLUMNS[plain]
                facts.append((kind, text, name, slot))
        elif value is not None:
            if isinstance(value, str) and plain in TURNED and (value := opened_cell(value)) is None:
                continue
            found = _column(value, name, plain, row)
            alone = alone and not found and plain not in NESTED
            facts += found
    if alone:
        return facts
    for name, plain in watched:
        if plain in NESTED:
            facts += _nested(row[name], name)
    return _without_doubles(facts)


def looked_at(row: dict[str, Any]) -> Iterator[tuple[str | int, ...]]:
    """Yield where the values stand that `facts_of` looks at, beside names, types and who speaks in a turn.

    Rows of one schema with the same values there have the same facts. What `facts_of` learns to look at is
    told here too.
    """
    for name, plain in watched_columns(tuple(row)):
        value = row[name]
        if isinstance(value, dict):
            yield from ((name, inner) for inner in value)
        elif isinstance(value, list):
            for place, item in enumerate(value):
                if not isinstance(item, dict):
                    yield name, place
                    continue
                names = (one for one, _ in watched_columns(tuple(item))) if plain in SPOKEN else iter(item)
                yield from ((name, place, inner) for inner in names)
        elif not isinstance(value, str) or plain not in TURNED:
            yield (name,)


def _nested(value: Any, name: str) -> Iterator[Fact]:
    """Yield what objects say that a column holds, and those within them."""
    for inner in _objects(value):
        for column, plain in watched_columns(tuple(inner)):
            if plain in NESTED:
                yield from _nested(inner[column], f"{name}.{column}")
            elif meaning(plain):
                for kind, text, where, slot in _column(inner[column], column, plain, inner):
                    yield kind, text, f"{name}.{where}", slot


def _objects(value: Any) -> list[dict[str, Any]]:
    """Return an object or those of a list, also ones that a flat format holds as JSON text.

    An entry of a map is an object of one member.
    """
    if isinstance(value, str) and (text := value.strip()).startswith(("{", "[")):
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            return []
    found = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
    return [{str(one["key"]): one["value"]} if one.keys() == {"key", "value"} else one for one in found]


def _column(value: Any, name: str, plain: str, row: dict[str, Any]) -> list[Fact]:
    if plain in CANDIDATES:
        return _candidates(name, value)
    if plain in SPOKEN:
        return _turns(name, value, SPOKEN[plain], row)
    said = meaning(plain)
    if said is None or value is None:
        return []
    kind, slot = said
    if kind is ClaimKind.TEACHER and gave_text(plain, slot, map(str, row)):
        return []  # only inferred, as the profile does
    if isinstance(value, list):
        stem = LISTED.get(plain)
        return [
            (kind, text, f"{name}[{place}]" if stem else name, f"{stem}[{place}]" if stem else slot)
            for place, item in enumerate(value)
            for text in values(kind, item)
        ]
    if isinstance(value, dict) and slot and not writes(slot) and not any(map(value.get, _CALLED)):
        return []  # how answers are scored, and by no model: `reward_model: {"style": "rule"}`
    if plain in ("model_name", "model") and judged_last(row, plain):
        slot = "judge"
    return [(kind, text, name, slot) for text in values(kind, value)]


def _candidates(name: str, value: Any) -> list[Fact]:
    return [
        fact
        for place, item in enumerate(value if isinstance(value, list) else ())
        if isinstance(item, dict)
        for fact in _of_text(item, name, f"{name}[{place}]")
    ]


def _turns(name: str, value: Any, slot: str, row: dict[str, Any]) -> list[Fact]:
    """Return what turns say of themselves; a turn that names its model is not what its row names.

    Where neither the row nor a turn says who answered, while its neighbors do, that one is unknown.
    """
    facts: list[Fact] = []
    answers = named = 0
    for turn in [value] if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(turn, dict):
            role = role_of(turn)
            answers += role is TEACHER
            if watched_columns(tuple(turn)):
                found = list(_of_text(turn, name, PROMPT_SLOT if role is PROMPT else slot))
                named += role is TEACHER and any(kind is ClaimKind.TEACHER for kind, *_ in found)
                facts += found
    if 0 < named < answers and not _names_teacher(row):
        facts.append((ClaimKind.TEACHER, "unknown", f"{name}[]", slot))
    return facts


def _names_teacher(row: dict[str, Any]) -> bool:
    return any(
        row[name] and COLUMNS.get(plain) == (ClaimKind.TEACHER, "")
        for name, plain in watched_columns(tuple(row))
    )


def _of_text(item: dict[str, Any], name: str, slot: str) -> Iterator[Fact]:
    for column, plain in watched_columns(tuple(item)):
        said = meaning(plain)
        if said is not None and said[0] in OF_A_TEXT:
            for kind, value, where, _ in _column(item[column], column, plain, item):
                yield kind, value, f"{name}[].{where}", slot
        elif plain in NESTED:
            for kind, value, where, _ in _nested(item[column], column):
                if kind in OF_A_TEXT:
                    yield kind, value, f"{name}[].{where}", slot


def _without_doubles(facts: list[Fact]) -> list[Fact]:
    """Leave out `models` where the completions name their own, and what turns repeat."""
    if any(where.endswith("[].model") and slot.endswith("]") for _, _, where, slot in facts):
        facts = [fact for fact in facts if fact[2] != "models"]
    return list(dict.fromkeys(facts))
