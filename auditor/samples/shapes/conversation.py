"""Find the conversation in a row, however it is wrapped: turns, pairs, requests with their responses.

No tool is known here by name. A text's role is told by the nearest thing that speaks of it: the turn whose
body it is, else the name of the member that holds it. What neither tells is searched like an answer, in a
slot that says that its role is unknown: nobody's claim about the answers is about that text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from auditor.domain.role import ASIDE, ROLE_SLOTS
from auditor.domain.sample import PartRole
from auditor.samples.claims.attributes import by_place, has_places, key_values
from auditor.samples.claims.cells import opened_cell
from auditor.samples.parts import (
    PROMPT,
    PROMPT_SLOT,
    SYSTEM,
    TEACHER,
    TOOL,
    UNKNOWN_ROLE,
    Part,
    Seen,
    as_json,
    is_short,
    without_doubles,
)
from auditor.samples.shapes.member_names import (
    ANSWERS,
    BODIES,
    FACTS,
    NUMBERED,
    PROMPTS,
    RESULTS,
    SIDES,
    SOURCES,
    SYSTEMS,
    THOUGHTS,
    TURNS,
    is_fact,
    plain,
    role_by_name,
    role_by_words,
)
from auditor.samples.shapes.speakers import is_spoken, names_speaker, turn_of

MAX_DEPTH = 24
_BELOW = ("replies", "children")
"""Members of a turn that hold the turns after it, as trees of them do."""
_CALLS = frozenset(("tool_use", "tool_call", "function_call", "custom_tool_call"))
_RESULTS = frozenset(("tool_result", "function_call_output", "custom_tool_call_output", "tool_call_response"))
_GIVEN = ("input", "arguments", "content", "output", "result", "response")
"""Members in which a call or its result stands."""
_PIECES, _PIECE = 8, 16
"""A list of so many texts, of fewer characters each, is one text in pieces."""
_THINKING, _THOUGHT_IN = "reasoning", ("summary", "content", "text")
_STEP = (("action",), ("thought",), ("tool_calls",))
"""Names beside which an observation is what a tool gave back."""


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
    parts = _told_once(_members(row, _Place()))
    return parts if any(part.role is TEACHER and part.slot != UNKNOWN_ROLE for part in parts) else None


def told_parts(row: Mapping[str, Any]) -> list[Part]:
    """Return the parts of a row whose role is told."""
    return [part for part in _told_once(_members(row, _Place())) if part.slot != UNKNOWN_ROLE]


def member_parts(name: str, value: Any) -> Iterator[Part]:
    """Yield the parts that one member of a row holds."""
    return _member(name, value, _Place())


def turn_alone(row: Mapping[str, Any]) -> list[Part] | None:
    """Return the parts of a row that is a line of a log, whoever speaks in it; None for another row."""
    for one in (row, row.get("message"), row.get("payload")):
        if isinstance(one, Mapping) and names_speaker(one) and turn_of(one) is not None:
            return _told_once(_object(row, _Place()))
    if isinstance(row.get("type"), str) and ("timestamp" in row or isinstance(row.get("payload"), Mapping)):
        return _told_once(_object(row, _Place()))
    return None


def roles_alone(row: Mapping[str, Any]) -> list[Part] | None:
    """Return the parts of a row that asks and has no answer of a name that is known; None for another row.

    What stands beside the prompt is of an unknown role: nobody's claim about the answers is about it. A name
    like `story` is that of a prompt beside an answer alone.
    """
    asked = {name: inner for name, inner in row.items() if plain(name) not in SOURCES}
    if not any(part.role is not TEACHER for part in _members(asked, _Place())):
        return None
    return _told_once(_members(row, _Place()))


def _told_once(found: Iterable[Part]) -> list[Part]:
    """Return the parts, of equal ones the first; what one place tells the role of is known elsewhere too.

    A slot that only the words of a longer name give is one where there are several.
    """
    parts = without_doubles(found)
    slots = {part.slot for part in parts if part.role is TEACHER and part.slot not in ("", UNKNOWN_ROLE)}
    if len(slots) == 1:
        (slot,) = slots
        known = plain(slot)
        if known not in SIDES and not NUMBERED.fullmatch(known) and role_by_words(known) is not None:
            parts = without_doubles(part._replace(slot="") if part.slot == slot else part for part in parts)
    if not any(part.slot == UNKNOWN_ROLE for part in parts):
        return parts
    told = Seen(part.text for part in parts if part.slot != UNKNOWN_ROLE)
    return [part for part in parts if part.slot != UNKNOWN_ROLE or part.text not in told]


def _walk(value: Any, place: _Place) -> Iterator[Part]:
    if place.depth > MAX_DEPTH:
        return
    if isinstance(value, str):
        opened = opened_cell(value)
        if opened is not None and (place.role is None or is_spoken(opened)):
            yield from _walk(opened, place.inside())
        elif value:
            yield Part(place.role or TEACHER, place.slot if place.role else _aside(place.name, value), value)
    elif isinstance(value, Mapping):
        yield from _object(value, place)
    elif isinstance(value, Sequence):
        keyed = key_values(value)
        yield from _list(value, place) if keyed is None else _object(keyed, place)
    elif value is not None and place.role is TEACHER:
        # A number or a truth value is an answer too.
        yield Part(TEACHER, place.slot, as_json(value))


def _aside(name: str, text: str) -> str:
    """Return the slot of a text whose role is not told: its name may say that a judge wrote it of others."""
    act = role_by_name(name)
    return ROLE_SLOTS[act] if act in ASIDE and not is_short(text) else UNKNOWN_ROLE


def _object(value: Mapping[str, Any], place: _Place) -> Iterator[Part]:
    if has_places(value):
        value = by_place(value)
    typed = _typed(value, place)
    if typed is not None:
        yield from typed
        return
    turn = turn_of(value)
    if turn is None:
        found = list(_members(value, place))
        if not found and place.role is TEACHER and value:
            found = list(_data(value, place))
        yield from found
        return
    role, names = turn
    at = place.spoken(role, place.slot if role is TEACHER else "")
    for name in names:
        yield from _walk(value[name], at)
    yield from _tool_calls(value.get("tool_calls"), at)
    for name, inner in value.items():
        if name not in names and name != "tool_calls":
            yield from _beside(name, inner, at, place)


def _data(value: Mapping[str, Any], place: _Place) -> Iterator[Part]:
    """Yield an answer that is data: what the model gave as an object, or its longer texts beside facts."""
    if FACTS.isdisjoint(map(plain, value)):
        yield Part(TEACHER, place.slot, as_json(value))
        return
    for name, inner in value.items():
        if isinstance(inner, str) and not is_fact(plain(name)) and not is_short(inner):
            yield Part(TEACHER, place.slot, inner)


def _beside(name: str, inner: Any, at: _Place, place: _Place) -> Iterator[Part]:
    """Yield what a turn holds beside its body: turns below it, what a tool gave back, more of the answer."""
    known = plain(name)
    if known in _BELOW:
        yield from _walk(inner, replace(place, role=None, slot="", depth=place.depth + 1))
    elif known in RESULTS:
        yield from _walk(inner, at.spoken(TOOL))
    elif at.role is TEACHER and isinstance(inner, str) and known in ANSWERS:
        yield from _walk(inner, at)
    elif isinstance(inner, Mapping | list) and not is_fact(known, isinstance(inner, Mapping)):
        for part in _member(name, inner, replace(place, role=None, slot="")):
            if part.slot != UNKNOWN_ROLE and part.role is TEACHER and at.role is TEACHER:
                yield part._replace(slot=at.slot)


def _typed(value: Mapping[str, Any], place: _Place) -> Iterator[Part] | None:
    """Return what a block says by its type: a call, what it gave back, a model's reasoning."""
    kind = value.get("type")
    if not isinstance(kind, str):
        return None
    known = plain(kind)
    if known in _CALLS and (place.role is not None or "arguments" in value or "input" in value):
        at = place.spoken(place.role or TEACHER, place.slot)
    elif known in _RESULTS:
        at = place.spoken(TOOL)
    elif known == _THINKING and place.role in (None, TEACHER) and ("summary" in value or "content" in value):
        at = place.spoken(TEACHER, place.slot)
        return (part for name in _THOUGHT_IN for part in _walk(value.get(name), at))
    else:
        return None
    return (part for name in _GIVEN for part in _said(value.get(name), at))


def _members(value: Mapping[str, Any], place: _Place) -> Iterator[Part]:
    if has_places(value):
        value = by_place(value)
    steps = any(all(name in value for name in names) for names in _STEP)
    for name, inner in value.items():
        if steps and plain(name) in RESULTS:
            yield from _walk(inner, place.spoken(TOOL))
        elif steps and name == "action" and "observation" in value and isinstance(inner, str):
            yield from _walk(inner, place.spoken(TEACHER))
        else:
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
    elif known == "tool_use_result":
        yield from _walk(inner, at.spoken(TOOL))
    elif is_fact(known, isinstance(inner, Mapping)):
        return
    elif spoken is not None:
        yield from _walk(inner, at.spoken(spoken, name))
    elif (
        known in BODIES
        or place.role is None
        or isinstance(inner, Mapping | list)
        or (place.role is PROMPT and isinstance(inner, str) and not is_short(inner))
    ):
        yield from _walk(inner, at)


def _answers(name: str, answers: Any, place: _Place) -> Iterator[Part]:
    """Yield an answer, or several to one prompt, each in a slot of its own; a list of turns is one answer."""
    if isinstance(answers, bool) and place.name in THOUGHTS:
        return  # says that a text is a thought
    slot = place.slot if place.role is TEACHER else ""
    several = isinstance(answers, list) and len(answers) > 1 and not slot
    if not several or all(isinstance(one, Mapping) and _is_turn(one) for one in answers):
        yield from _walk(answers, place.spoken(TEACHER, slot))
        return
    if _are_pieces(answers):
        yield Part(TEACHER, slot, "".join(answers))
        return
    for number, one in enumerate(answers):
        yield from _walk(one, place.spoken(TEACHER, f"{name}[{number}]"))


def _are_pieces(answers: list[Any]) -> bool:
    """Tell whether texts are the pieces of one, as a stream gives them."""
    if len(answers) < _PIECES or not all(isinstance(one, str) for one in answers):
        return False
    return sum(len(one) for one in answers) < _PIECE * len(answers)


def _is_turn(value: Mapping[str, Any]) -> bool:
    typed = _typed(value, _Place(role=TEACHER)) is not None
    return typed or "finish_reason" in value or turn_of(value) is not None


def _turns(value: Any, place: _Place) -> Iterator[Part]:
    if isinstance(value, str) and (value := opened_cell(text := value)) is None:
        yield from _walk(text, place)
        return
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        # Texts that follow one another: within an answer all are answered; elsewhere people begin, which the
        # name alone does not prove.
        asked = PROMPT if place.name == "data" and len(value) % 2 == 0 else None
        for number, text in enumerate(value):
            answered = place.role is TEACHER or number % 2
            at = place.spoken(TEACHER, place.slot) if answered else replace(place, role=asked)
            yield from _walk(text, at.spoken(PROMPT) if at.role is PROMPT else at)
    elif value is not None:
        # Turns say who speaks; where none does, the answer that holds them is theirs.
        items = value if isinstance(value, list) else ()
        silent = items and not any(isinstance(one, Mapping) and turn_of(one) for one in items)
        yield from _walk(value, place if silent and place.role is TEACHER else replace(place, role=None))


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
        yield Part(place.role, place.slot, as_json(value))
    else:
        yield from _walk(value, place)
