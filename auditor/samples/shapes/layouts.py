"""Row layouts: how each shape spreads a row's texts over its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from auditor.domain.sample import Shape
from auditor.samples.claims.cells import opened_cell
from auditor.samples.claims.generation_records import read_record
from auditor.samples.parts import (
    PROMPT,
    PROMPT_SLOT,
    SYSTEM,
    TEACHER,
    UNKNOWN_ROLE,
    Part,
    named_slots,
    one,
    turns,
    without_doubles,
)
from auditor.samples.shapes.conversation import conversation, member_parts, roles_alone, turn_alone
from auditor.samples.shapes.speakers import is_spoken
from auditor.samples.shapes.told import with_told

Row = dict[str, Any]
Extract = Callable[[Row], list[Part] | None]

RECORD = "record"
"""The layout of generation records, which say who answered."""
_PROMPTS = ("prompt", "instruction", "question", "query", "problem", "input", "inputs")
_ANSWERS = ("completion", "response", "output", "answer", "target", "targets", "generation")
_SYSTEMS = ("system", "system_prompt")


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to write a shape down."""

    name: str
    shape: Shape
    extract: Extract
    """Returns the row's parts, or None when the row is written otherwise."""
    last: int = 0
    """Layouts that fit almost anything are tried after all others, the highest number last."""


def column_layout(text_columns: Iterable[str], prompt_columns: Iterable[str]) -> Layout:
    """Return the layout that the user names: these columns are teacher text, those are prompts."""
    texts, prompts = tuple(text_columns), tuple(prompt_columns)

    def extract(row: Row) -> list[Part] | None:
        if not any(isinstance(row.get(name), str) for name in texts):
            return None
        parts = [part for name in prompts for part in one(PROMPT, PROMPT_SLOT, row.get(name))]
        for name in texts:
            parts += one(TEACHER, name if len(texts) > 1 else "", row.get(name))
        return parts

    return Layout("columns", Shape.PROMPT_COMPLETION if prompts else Shape.TEXT, extract)


def _first(row: Row, names: Iterable[str]) -> tuple[str, Any]:
    for name in names:
        if row.get(name) is not None:
            return name, row[name]
    return "", None


def _systems(row: Row) -> list[Part]:
    parts: list[Part] = []
    for name in _SYSTEMS:
        value = row.get(name)
        for block in value if isinstance(value, list) else ():
            parts += one(SYSTEM, "", block.get("text") if isinstance(block, dict) else block)
        parts += one(SYSTEM, "", value)
    return parts


def _asked(row: Row) -> list[Part]:
    """Return the system and prompt parts of a row whose prompt stands in a column of its own."""
    name, prompt = _first(row, _PROMPTS)
    if isinstance(prompt, dict):
        return _systems(row) + [part for part in member_parts(name, prompt) if part.slot != UNKNOWN_ROLE]
    return _systems(row) + (turns(prompt) or one(PROMPT, PROMPT_SLOT, prompt))


def _record(row: Row) -> list[Part] | None:
    record = read_record(row)
    return None if record is None or record.error else with_told(row, record.parts, record.read)


def _preference(row: Row) -> list[Part] | None:
    parts = _asked(row)
    for slot in ("chosen", "rejected"):
        _, value = _first(row, (slot, f"{slot}_response"))
        found = one(TEACHER, slot, value) if isinstance(value, str) else _turns_or_turn(value, slot)
        if found is None:
            return None
        parts += found
    return without_doubles(parts)


def _turns_or_turn(value: Any, slot: str) -> list[Part] | None:
    return turns([value] if isinstance(value, dict) else value, slot)


def _arena(row: Row) -> list[Part] | None:
    one_side, other = (
        turns(row.get("conversation_a"), "conversation_a"),
        turns(row.get("conversation_b"), "conversation_b"),
    )
    return None if one_side is None or other is None else without_doubles(one_side + other)


def _completions(row: Row) -> list[Part] | None:
    for name in ("completions", "answers", "responses"):
        value = row.get(name)
        if isinstance(value, list) and value:
            return _candidates(row, name, value)
    return None


def _candidates(row: Row, name: str, candidates: list[Any]) -> list[Part] | None:
    parts = _asked(row)
    for place, candidate in enumerate(candidates):
        text = candidate
        if isinstance(candidate, dict):
            names = ("response", "completion", "answer", "text", "content", "output", "generation")
            _, text = _first(candidate, names)
        if not isinstance(text, str):
            return None
        parts += one(TEACHER, f"{name}[{place}]", text)
    return parts


def _messages(row: Row) -> list[Part] | None:
    for name in ("messages", "conversation", "conversations", "dialogue", "dialog", "chat"):
        value = row.get(name)
        if isinstance(value, list) and value and isinstance(value[0], dict) and "role" in value[0]:
            parts = turns(value)
            return None if parts is None else _systems(row) + parts
    return None


def _sharegpt(row: Row) -> list[Part] | None:
    for name in ("conversations", "conversation", "messages", "items"):
        value = row.get(name)
        if isinstance(value, list) and value and isinstance(value[0], dict) and "from" in value[0]:
            parts = turns(value)
            return None if parts is None else _systems(row) + parts
    return None


def _alpaca_eval(row: Row) -> list[Part] | None:
    if not isinstance(row.get("generator"), str) or "output" not in row:
        return None
    return _alpaca(row)


def _alpaca(row: Row) -> list[Part] | None:
    if not isinstance(row.get("instruction"), str):
        return None
    name, answer = _first(row, ("output", "response"))
    if name and not isinstance(answer, str):
        return None
    parts = _systems(row) + one(PROMPT, PROMPT_SLOT, row["instruction"])
    if name:
        parts += one(PROMPT, PROMPT_SLOT, _first(row, ("input", "context"))[1])
        return parts + one(TEACHER, "", answer)
    return _instances(row, parts)


def _instances(row: Row, parts: list[Part]) -> list[Part] | None:
    instances = row.get("instances")
    if not isinstance(instances, list) or not instances:
        return None
    for instance in instances:
        if not isinstance(instance, dict) or not isinstance(instance.get("output"), str):
            return None
        parts = parts + one(PROMPT, PROMPT_SLOT, instance.get("input")) + one(TEACHER, "", instance["output"])
    return parts


def _generations(row: Row) -> list[Part] | None:
    many = row.get("generations")
    if isinstance(many, list) and many and all(isinstance(one, dict) for one in many):
        return _candidates(row, "generations", many)
    if isinstance(many, list) and many and all(text is None or isinstance(text, str) for text in many):
        parts = _asked(row)
        for place, text in enumerate(many):
            parts += one(TEACHER, f"generations[{place}]", text)
        return parts + one(TEACHER, "solution", row.get("solution"))
    if isinstance(row.get("generation"), str):
        return _asked(row) + one(TEACHER, "", row["generation"])
    return None


def _question_answer(row: Row) -> list[Part] | None:
    if not isinstance(row.get("question"), str):
        return None
    name, answer = _first(row, ("response", "answer", "answers", "output"))
    texts = answer if isinstance(answer, list) else [answer]
    if not name or not all(isinstance(text, str) for text in texts):
        return None
    parts = _systems(row) + one(SYSTEM, "", row.get("context")) + one(PROMPT, PROMPT_SLOT, row["question"])
    return parts + [part for text in texts for part in one(TEACHER, "", text)]


def _prompt_completion(row: Row) -> list[Part] | None:
    name, prompt = _first(row, _PROMPTS)
    _, answer = _first(row, (*_ANSWERS, "solution"))
    if _is_talk(prompt) or _is_talk(answer):
        return None
    found = one(TEACHER, "", answer) if isinstance(answer, str) else _turns_or_turn(answer, "")
    return None if not name or found is None else _asked(row) + found


def _is_talk(cell: Any) -> bool:
    """Tell whether a cell holds turns, or what a service wraps around them, as JSON text."""
    return isinstance(cell, str) and cell[:1] in ("{", "[") and is_spoken(opened_cell(cell))


def _text(row: Row) -> list[Part] | None:
    name, text = _first(row, ("text", "content", "body"))
    asked = one(PROMPT, PROMPT_SLOT, row.get("prompt"))
    return asked + one(TEACHER, "", text) if name and isinstance(text, str) else None


def _answers_apart(row: Row) -> list[Part] | None:
    parts = conversation(row)
    return parts if parts and len({*named_slots(parts)} - {UNKNOWN_ROLE}) > 1 else None


def _any_text(row: Row) -> list[Part] | None:
    return [part for text in texts(row) for part in one(TEACHER, "", text)] or None


def texts(value: Any) -> Iterator[str]:
    """Yield the texts of a value in reading order, however deep they lie."""
    left = [value]
    while left:
        value = left.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            left += reversed(value.values())
        elif isinstance(value, list):
            left += reversed(value)


LAYOUTS = (
    Layout(RECORD, Shape.MESSAGES, _record),
    Layout("preference", Shape.PREFERENCE, _preference),
    Layout("arena", Shape.PREFERENCE, _arena),
    Layout("completions", Shape.PREFERENCE, _completions),
    Layout("messages", Shape.MESSAGES, _messages),
    Layout("sharegpt", Shape.SHAREGPT, _sharegpt),
    Layout("alpaca-eval", Shape.ALPACA_EVAL, _alpaca_eval),
    Layout("generations", Shape.PROMPT_COMPLETION, _generations),
    Layout("alpaca", Shape.ALPACA, _alpaca),
    Layout("question-answer", Shape.QUESTION_ANSWER, _question_answer),
    Layout("prompt-completion", Shape.PROMPT_COMPLETION, _prompt_completion),
    Layout("answers", Shape.PREFERENCE, _answers_apart, last=1),
    Layout("conversation", Shape.MESSAGES, conversation, last=2),
    Layout("turn", Shape.MESSAGES, turn_alone, last=3),
    Layout("text", Shape.TEXT, _text, last=4),
    Layout("roles", Shape.MESSAGES, roles_alone, last=5),
)
"""Most telling first: the order settles ties."""

ANY_TEXT = Layout("any-text", Shape.TEXT, _any_text)
"""For files that no layout fits: every text column may be a teacher's."""
