"""Models that stand where no known name says so: in columns of any name, in wrappers, in names themselves.

What is known as a model is a claim whatever its column is called. Where the name says what the model did, or
is one of the usual names inside a wrapper, the claim is the row's own; else it is inferred: a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.samples.claims.card_prose import models_in
from auditor.samples.claims.cells import opened_cell
from auditor.samples.claims.column_names import NESTED, TURNED, meaning, names_in, plain_name
from auditor.samples.claims.mentions import is_made_of_several, is_map, named_pair, pieces
from auditor.samples.claims.role_names import role_slot
from auditor.samples.parts import PROMPT, PROMPT_SLOT, role_of

MAX_NAME = 80
"""Characters of a value that may be a model's name."""
_DEPTH, _ITEMS, _CELL, _KEPT = 8, 512, 1 << 20, 65_536
_DIGITS, _DISTINCT = "0123456789", 64
_WORD = re.compile(r"[^a-z0-9]+")
_TEXTS = names_in(
    "role from content value text parts message body prompt prompts instruction instructions input inputs "
    "output outputs response responses completion completions answer answers question questions query "
    "problem chosen rejected target targets context title topic subject entity entities keyword keywords "
    "about headline caption concept summary choices options distractors generation generations description "
    "reasoning reasoning_content thinking refusal explanation solution story passage document term url"
)
"""Names under which a text stands: one that happens to be a model's name says nothing of its row."""
_CLOSED = names_in("tools functions arguments parameters args choices options distractors usage")
"""Members that are not looked into: what a model was given, or may choose from."""
_SILENT = names_in("student tokenizer tokenized tokens token embedding embeddings embedder encoder encoding")
"""Words of columns whose models did not write: they count, embed or learn."""
_HINTS = names_in(
    "model models llm generator generators teacher teachers engine source sources origin bot assistant by "
    "with"
)
"""Words of columns in which a short name is a model's."""
_MEASURES = names_in(
    "score scores rating ratings grade grades id ids len length count logprob logprobs time cost price label "
    "labels rank correct accuracy loss model models name date license version host provider flag is has num"
)
_IS = names_in("is flag")
_MARKING = names_in("is by from generated written authored produced synthesized rewritten translated")
"""Words in the name of a truth value that say who wrote the row."""


class Models(Protocol):
    """What is known as a model's name."""

    def is_ruled_out(self, name: str) -> bool:
        """Tell whether no model's name holds any word of this one, whatever digits it has."""

    def is_model(self, name: str, hinted: bool) -> bool:
        """Tell whether a value names a model; `hinted` where its column speaks of models."""

    def named_in(self, name: str, beside_text: bool) -> str | None:
        """Return the model that the words of a column's or file's name hold; None for none."""


@dataclass(frozen=True, slots=True)
class _Name:
    """What the name of a member is to the profile."""

    plain: str
    silent: bool
    own: bool
    """A usual name of a teacher's column: read where it stands at the top of a row."""
    slot: str | None
    """What the model that stands there did, where the name tells."""
    hinted: bool


_Columns = tuple[
    tuple[tuple[str, _Name, set[str]], ...], tuple[tuple[str, _Name], ...], tuple[tuple[str, str], ...]
]
"""Columns whose values are looked at, those of texts that may hold objects, and those named by a model."""


@dataclass(slots=True)
class ValueProfile:
    """Looks through rows for models under any name."""

    models: Models
    answered: tuple[str, ...] = ()
    """Paths that the user has said the role of."""
    _columns: dict[tuple[str, ...], _Columns] = field(default_factory=dict)
    _ruled_out: set[str] = field(default_factory=set)
    """Values without their last digits that are no model's name, whatever digits follow."""
    _no_models: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))
    """Values that are no model's name, and those that are none even where the column speaks of models."""

    _values: dict[str, set[str]] = field(default_factory=dict)
    """Models seen, by the place."""
    _own: set[str] = field(default_factory=set)
    """Values of columns that are read with the row."""

    def claims(self, row: dict[str, Any], slots: tuple[str, ...]) -> tuple[Claim, ...]:
        """Return what a row says of models outside the usual columns.

        Args:
            slots: the named slots of the row's teacher text.
        """
        names = tuple(row)
        columns, texts, named = self._columns.get(names) or self._learn(names)
        found: list[Claim] | None = None
        ruled_out = self._ruled_out
        for name, known, no_models in columns:
            value = row[name]
            kind = type(value)
            if kind is str:
                # Nearly all values end here: this is the only part that every row pays for.
                if value in no_models or value.rstrip(_DIGITS) in ruled_out:
                    continue
                if len(value) > MAX_NAME and (value[0] not in "{[" or len(value) > _CELL):
                    continue
            elif kind is not dict and kind is not list:
                continue
            found = [*(found or ()), *self._column(value, name, known, slots)]
        for name, known in texts:
            if (value := row[name]) is not None and type(value) is not str:
                found = [*(found or ()), *self._column(value, name, known, slots)]
        if named:
            found = [*(found or ()), *self._by_name(row, named, slots)]
        return tuple(dict.fromkeys(found)) if found else ()

    def _column(self, value: Any, name: str, known: _Name, slots: tuple[str, ...]) -> Iterator[Claim]:
        if not isinstance(value, str):
            yield from self._walk(value, name, known, "", slots, 1)
        elif len(value) > MAX_NAME:
            if (opened := opened_cell(value)) is not None:
                yield from self._walk(opened, name, known, "", slots, 1)
        elif known.own and value[:1] not in ("{", "["):
            self._own.add(value)
        else:
            yield from self._value(value, name, known, "", slots)
            if value[:1] in ("{", "[") and (opened := opened_cell(value)) is not None:
                yield from self._walk(opened, name, known, "", slots, 1)

    def _by_name(
        self, row: dict[str, Any], named: tuple[tuple[str, str], ...], slots: tuple[str, ...]
    ) -> Iterator[Claim]:
        for name, model in named:
            value = row[name]
            marked = (value is True or (type(value) is int and value == 1)) and _marks(name)
            if marked or (value and isinstance(value, str | list | dict)):
                slot = name if name in slots else PROMPT_SLOT if "prompt" in plain_name(name) else ""
                yield Claim(ClaimKind.TEACHER, model, Basis.INFERRED, f"{name}{OF_NAME}", slot)

    def of_file(self, names: tuple[str, ...]) -> tuple[Claim, ...]:
        """Return the models that the names of a file, its folders or its split hold."""
        found = ((name, self.models.named_in(name, False)) for name in names if name)
        return tuple(
            Claim(ClaimKind.TEACHER, model, Basis.INFERRED, f"{name}{OF_FILE}")
            for name, model in found
            if model
        )

    def around(self, about: dict[str, Any]) -> tuple[Claim, ...]:
        """Return what the members around a file's rows say of models outside the usual names."""
        return tuple(
            Claim(
                one.kind,
                one.value,
                Basis.SIDE_FILE if one.basis is Basis.ROW else one.basis,
                one.where,
                one.slot,
            )
            for one in self.claims(about, ())
        )

    def _learn(self, names: tuple[str, ...]) -> _Columns:
        known = [(name, _name(str(name))) for name in names if name not in self.answered]
        columns = tuple(
            (name, one, self._own if one.own else self._no_models[one.hinted])
            for name, one in known
            if not one.silent or (one.plain in TURNED and not _is_text(one))
        )
        named = [
            (name, self.models.named_in(one.plain, not one.plain.startswith("is_")))
            for name, one in known
            if _may_be_named(one)
        ]
        if len(self._columns) >= 4096:
            self._columns.clear()
        texts = tuple((name, one) for name, one in known if _is_text(one) and one.plain not in _CLOSED)
        held = self._columns[names] = (columns, texts, tuple((name, model) for name, model in named if model))
        return held

    def _claim(self, value: str, path: str, name: _Name, at: str, slots: tuple[str, ...]) -> Iterator[Claim]:
        if path in self.answered:
            return
        basis = Basis.ROW if name.own or name.slot is not None else Basis.INFERRED
        # A model that stands beside one of several answers speaks of that one.
        slot = name.slot or at_slot(at, slots)
        yield Claim(ClaimKind.TEACHER, self._said(value.strip(), path), basis, path, slot)
        if name.plain == "model_slug":
            # Only the export of the consumer application names its models so.
            yield Claim(ClaimKind.ACCESS, "consumer-app", basis, path, slot)

    def _said(self, value: str, path: str) -> str:
        """Return a value, or the model in it where a place has so many that they are ids: `gpt4-000123`."""
        known = path in self._values or len(self._values) < _KEPT
        seen = self._values.setdefault(path if known else "", set())
        if value in seen:
            return value
        if len(seen) < _DISTINCT:
            seen.add(value)
            return value
        return self.models.named_in(value, True) or value

    def _walk(
        self, value: Any, path: str, name: _Name, at: str, slots: tuple[str, ...], depth: int
    ) -> Iterator[Claim]:
        if depth > _DEPTH:
            return
        if isinstance(value, list):
            for number, item in enumerate(value[:_ITEMS]):
                below = f"{name.plain}[{number}]"
                inner = below if below in slots else at or (name.plain if name.plain in slots else "")
                if type(item) is str:
                    if not name.silent and not name.own and len(item) <= MAX_NAME:
                        yield from self._value(item, f"{path}[]", name, inner, slots)
                elif type(item) is dict and not _is_plain_turn(item):
                    yield from self._object(item, f"{path}[]", name, inner, slots, depth)
                elif type(item) is list:
                    held = [one for one in item[:_ITEMS] if isinstance(one, dict | list)]
                    yield from self._walk(held, f"{path}[]", name, inner, slots, depth + 1)
        elif isinstance(value, dict):
            inner = at or (name.plain if name.plain in slots else "")
            yield from self._object(value, path, name, inner, slots, depth)

    def _object(
        self, value: dict[str, Any], path: str, holder: _Name, at: str, slots: tuple[str, ...], depth: int
    ) -> Iterator[Claim]:
        if role_of(value) is PROMPT:
            at = PROMPT_SLOT
        # Usual names one level down are read with the row where they stand in these.
        read = depth == 1 and (holder.plain in TURNED or holder.plain in NESTED)
        if (pair := named_pair(value)) is not None:
            key, said = pair
            yield from self._object({key: said}, path, holder, at, slots, depth)
            return
        many = is_map(value)
        for key, item in value.items():
            if many:
                # Its keys are ids, and no column's name.
                yield from self._walk(item, f"{path}.*", holder, at, slots, depth + 1)
                continue
            name = _name(str(key))
            kind = type(item)
            if kind is str:
                if name.own and (read or not item):
                    continue
                if len(item) <= MAX_NAME and not name.silent:
                    yield from self._value(item, f"{path}.{key}", name, at, slots)
            elif (kind is dict or kind is list) and (name.plain not in _CLOSED or _holds_objects(item)):
                yield from self._walk(item, f"{path}.{key}", name, at, slots, depth + 1)

    def _within(self, value: str, hinted: bool) -> list[tuple[str, str]]:
        """Return the models in a value that is made of several words, each with what it did.

        `gpt-4|filter|dedup`, `model=gpt-4;temperature=0.7` and `generated with GPT-4` name one.
        """
        if not is_made_of_several(value) or self.models.is_ruled_out(value):
            return []
        found = pieces(value)
        if found == [("", value)]:
            named = list(models_in(value))
        else:
            # `judge=gpt-4` says what it did too; `topic: gpt-4` says nothing.
            known = [(_name(key), one) for key, one in found]
            named = [(one, key.slot or "") for key, one in known if not key.silent]
        return [(one, slot) for one, slot in named if self.models.is_model(one, hinted)]

    def _value(self, value: str, path: str, name: _Name, at: str, slots: tuple[str, ...]) -> Iterator[Claim]:
        if self.models.is_model(value, name.hinted):
            yield from self._claim(value, path, name, at, slots)
        elif within := self._within(value, name.hinted):
            for one, slot in within:
                yield Claim(ClaimKind.TEACHER, one, Basis.INFERRED, path, slot or at_slot(at, slots))
        elif not self.models.is_ruled_out(value):
            if value[:1] not in ("{", "[") and len(self._no_models[name.hinted]) < _KEPT:
                self._no_models[name.hinted].add(value)
        elif value[:1] not in ("{", "[") and len(self._ruled_out) < _KEPT:
            self._ruled_out.add(value.rstrip(_DIGITS))


def at_slot(at: str, slots: tuple[str, ...]) -> str:
    """Return the slot of what stands at a place: that of one of several answers, or of the prompt."""
    return at if at in slots or at == PROMPT_SLOT else ""


OF_NAME, OF_FILE = "!name", "!file-name"
"""End the place of a claim that was read from the name of a column, or of a file."""


@lru_cache(8192)
def _name(name: str) -> _Name:
    plain = plain_name(str(name))
    words = frozenset(_WORD.split(plain))
    said = meaning(plain)
    other = said is not None and said[0] not in (ClaimKind.TEACHER, ClaimKind.SOURCE)
    own = said is not None and said[0] is ClaimKind.TEACHER
    silent = other or plain in _TEXTS or not words.isdisjoint(_SILENT)
    slot = said[1] if said is not None and own else role_slot(plain)
    return _Name(plain, silent, own, slot, own or not words.isdisjoint(_HINTS))


def _is_text(name: _Name) -> bool:
    """Tell whether a text stands under a name, so that only objects there are looked through."""
    return name.silent and name.plain in _TEXTS


def _may_be_named(name: _Name) -> bool:
    words = frozenset(_WORD.split(name.plain))
    measures = words.isdisjoint(_MEASURES) or (_marks(name.plain) and words.isdisjoint(_MEASURES - _IS))
    return not name.own and words.isdisjoint(_SILENT) and measures


@lru_cache(4096)
def _marks(name: str) -> bool:
    """Tell whether a name says of a truth value that a model wrote the row: `is_gpt4`, `gpt4_generated`."""
    return not _MARKING.isdisjoint(_WORD.split(plain_name(name)))


def _is_plain_turn(turn: dict[str, Any]) -> bool:
    if len(turn) != 2:
        return False
    text = turn.get("content") if "role" in turn else turn.get("value") if "from" in turn else None
    return isinstance(text, str)


def _holds_objects(value: Any) -> bool:
    """Tell whether `choices` are those of a response, each with its message, and no mere options."""
    return isinstance(value, list) and any(isinstance(one, dict) and "message" in one for one in value)


def looks_at_texts(name: str, in_turn: bool = False) -> bool:
    """Tell whether a text under a name is looked at, in a row or in a turn; objects are in any case."""
    known = _name(name)
    return not known.silent or (not in_turn and known.plain in TURNED and not _is_text(known))
