"""Find the conversation in a row, however it is wrapped: turns, pairs, requests with their responses.

No tool is known here by name. A text's role is told by the nearest thing that speaks of it: the turn whose
body it is, else the name of the member that holds it. What neither tells is searched like an answer, in a
slot that says that its role is unknown: nobody's claim about the answers is about that text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from auditor.domain.sample import PartRole
from auditor.samples.claims.cells import opened_cell
from auditor.samples.parts import (
    MASKED,
    PROMPT,
    PROMPT_SLOT,
    SYSTEM,
    TEACHER,
    TOOL,
    UNKNOWN_ROLE,
    Part,
    Seen,
    is_masked,
    role_named,
    without_doubles,
)
from auditor.samples.shapes.member_names import (
    ANSWERS,
    BODIES,
    FACTS,
    NUMBERED,
    PROMPTS,
    SIDES,
    SPEAKERS,
    SYSTEMS,
    THOUGHTS,
    TURNS,
    answer_names,
    plain,
    role_by_words,
)

MAX_DEPTH = 24
_BELOW = ("replies", "children")
"""Members of a turn that hold the turns after it, as trees of them do."""
_CALLS = frozenset(("tool_use", "tool_call", "function_call", "custom_tool_call"))
_RESULTS = frozenset(("tool_result", "function_call_output"))


@dataclass(frozen=True, slots=True)
class _Place:
    role: PartRole | None = None
    slot: str = ""
    name: str = ""
    depth: int = 0

    def inside(self, name: str = "") -> _Place:
        return replace(self, name=name or self.name, depth=self.depth + 1)

    def spoken(self, role: PartRole, slot: str = "") -> _Place:
        return replace(self, role=role, slot=PROMPT_SLOT if role is PROMPT else slot, depth=self.depth + 1)


def conversation(row: Mapping[str, Any]) -> list[Part] | None:
    """Return the parts of a row that holds an answer whose role is told; None for a row that does not."""
    parts = without_doubles(_members(row, _Place()))
    return parts if any(part.role is TEACHER and part.slot != UNKNOWN_ROLE for part in parts) else None


def with_others(row: Mapping[str, Any], parts: list[Part]) -> list[Part]:
    """Add the answers of a row that its layout does not know: reasoning in a column of its own, a history."""
    names = answer_names(tuple(row))
    if len(names) < 2:
        return parts
    taken = Seen(part.text for part in parts)
    for name in names:
        if isinstance(value := row[name], str) and (value in taken or not value):
            continue
        for part in _member(name, value, _Place()):
            if part.role is TEACHER and part.slot != UNKNOWN_ROLE and part.text not in taken:
                taken.add(part.text)
                parts = [*parts, part._replace(slot="")]
    return parts


def turn_alone(row: Mapping[str, Any]) -> list[Part] | None:
    """Return the parts of a row that is one turn of a log, whoever speaks in it; None for another row."""
    for one in (row, row.get("message"), row.get("payload")):
        if isinstance(one, Mapping) and isinstance(one.get("role"), str) and _turn(one) is not None:
            return without_doubles(_object(one, _Place()))
    return None


def _walk(value: Any, place: _Place) -> Iterator[Part]:
    if place.depth > MAX_DEPTH:
        return
    if isinstance(value, str):
        opened = opened_cell(value)
        if opened is not None and (place.role is None or _is_spoken(opened)):
            yield from _walk(opened, place.inside())
        elif value:
            yield Part(place.role or TEACHER, place.slot if place.role else UNKNOWN_ROLE, value)
    elif isinstance(value, Mapping):
        yield from _object(value, place)
    elif isinstance(value, Sequence):
        yield from _list(value, place)
    elif value is not None and place.role is TEACHER:
        # A number or a truth value is an answer too.
        yield Part(TEACHER, place.slot, orjson.dumps(value).decode())


def _object(value: Mapping[str, Any], place: _Place) -> Iterator[Part]:
    kind = value.get("type")
    if place.role is not None and isinstance(kind, str) and kind in _CALLS | _RESULTS:
        at = place.spoken(TOOL if kind in _RESULTS else place.role, place.slot)
        for name in ("input", "arguments", "content", "output", "result"):
            yield from _said(value.get(name), at)
        return
    turn = _turn(value)
    if turn is None:
        found = list(_members(value, place))
        if not found and place.role is TEACHER and value and FACTS.isdisjoint(map(plain, value)):
            # An answer that is data: what the model gave as an object.
            found = [Part(TEACHER, place.slot, orjson.dumps(value).decode())]
        yield from found
        return
    role, names = turn
    at = place.spoken(role, place.slot if role is TEACHER else "")
    for name in names:
        yield from _walk(value[name], at)
    yield from _tool_calls(value.get("tool_calls"), at)
    for name in _BELOW:
        yield from _walk(value.get(name), replace(place, role=None, slot="", depth=place.depth + 1))


def _turn(value: Mapping[str, Any]) -> tuple[PartRole, list[str]] | None:
    """Return who speaks in an object, and the members that hold what is said; None where it is not a turn."""
    names = [name for name in (*THOUGHTS, *BODIES) if value.get(name) not in (None, "", [])]
    if isinstance(value.get("label"), bool) and "text" in value:
        return (TEACHER if value["label"] else PROMPT), ["text"]
    if not names and not value.get("tool_calls"):
        return None
    for name in SPEAKERS:
        said = value.get(name)
        if isinstance(said, Mapping):
            said = said.get("role") or said.get("name")
        role = role_named(said) if isinstance(said, str) else None
        if role is not None:
            return (MASKED if role is TEACHER and is_masked(value) else role), names
    return None


def _is_spoken(value: Any) -> bool:
    """Tell whether what a cell holds is texts or turns; other data in an answer is the answer itself."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, str) or (isinstance(one, dict) and _turn(one) is not None) for one in value)
    )


def _members(value: Mapping[str, Any], place: _Place) -> Iterator[Part]:
    for name, inner in value.items():
        yield from _member(name, inner, place)


def _member(name: str, inner: Any, place: _Place) -> Iterator[Part]:
    known = plain(name)
    spoken = role_by_words(known)
    at = place.inside(known)
    if known in SYSTEMS:
        yield from _walk(inner, at.spoken(SYSTEM))
    elif NUMBERED.fullmatch(known) or known in SIDES:
        yield from _walk(inner, at.spoken(TEACHER, name))
    elif known in ANSWERS:
        yield from _answers(name, inner, at)
    elif known in PROMPTS:
        yield from _walk(inner, at.spoken(PROMPT))
    elif known in TURNS:
        yield from _turns(inner, at)
    elif spoken is not None:
        yield from _walk(inner, at.spoken(spoken, name))
    elif known in BODIES or (
        known not in FACTS and (place.role is None or isinstance(inner, Mapping | list))
    ):
        yield from _walk(inner, at)


def _answers(name: str, answers: Any, place: _Place) -> Iterator[Part]:
    """Yield an answer, or several to one prompt, each in a slot of its own; a list of turns is one answer."""
    several = isinstance(answers, list) and len(answers) > 1 and not place.slot
    if not several or all(isinstance(one, Mapping) and _turn(one) for one in answers):
        yield from _walk(answers, place.spoken(TEACHER, place.slot))
        return
    for number, one in enumerate(answers):
        yield from _walk(one, place.spoken(TEACHER, f"{name}[{number}]"))


def _turns(value: Any, place: _Place) -> Iterator[Part]:
    if isinstance(value, str):
        value = opened_cell(value)
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        # Texts that follow one another: within an answer all are answered; elsewhere people begin, which the
        # name alone does not prove.
        asked = PROMPT if place.name == "data" and len(value) % 2 == 0 else None
        for number, text in enumerate(value):
            answered = place.role is TEACHER or number % 2
            at = place.spoken(TEACHER, place.slot) if answered else replace(place, role=asked)
            yield from _walk(text, at.spoken(PROMPT) if at.role is PROMPT else at)
    elif value is not None:
        yield from _walk(value, replace(place, role=None))


def _list(value: Sequence[Any], place: _Place) -> Iterator[Part]:
    if place.name in TURNS and value and all(_is_pair(one) for one in value):
        for asked, answered in value:
            yield from _walk(asked, place.spoken(PROMPT))
            yield from _walk(answered, place.spoken(TEACHER, place.slot))
        return
    for one in value:
        yield from _walk(one, place.inside())


def _is_pair(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(one is None or isinstance(one, str) for one in value)
    )


def _tool_calls(calls: Any, place: _Place) -> Iterator[Part]:
    for call in calls if isinstance(calls, list) else ():
        function = call.get("function") if isinstance(call, Mapping) else None
        held = [inner for inner in (function, call) if isinstance(inner, Mapping)]
        said = (inner.get(name) for inner in held for name in ("arguments", "input", "args"))
        yield from _said(next((one for one in said if one is not None), None), place)


def _said(value: Any, place: _Place) -> Iterator[Part]:
    """Yield what a call or its result says; an object of arguments is one text."""
    if isinstance(value, Mapping) and place.role is not None:
        yield Part(place.role, place.slot, orjson.dumps(value).decode())
    else:
        yield from _walk(value, place)
