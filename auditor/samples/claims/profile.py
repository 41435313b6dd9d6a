"""Models that stand where no known name says so: in columns of any name, in wrappers, in names themselves.

What is known as a model is a claim whatever its column is called. Where the name says what the model did, or
is one of the usual names inside a wrapper, the claim is the row's own; else it is inferred: a question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.domain.origin import OF_COLUMN_NAME, OF_FILE_NAME, UNKNOWN
from auditor.samples.claims.addresses import BEGINS, address_claims, asks_model, is_read, is_shared
from auditor.samples.claims.cells import opened_cell
from auditor.samples.claims.column_kinds import (
    CLOSED,
    YES,
    ColumnKind,
    are_about_models,
    holds_goods,
    holds_scores,
    is_text,
    kind_of,
    marks,
    may_be_machine,
    may_be_named,
    names_machine,
    of_annotators,
    of_goods,
    of_tags,
    says_machine,
)
from auditor.samples.claims.column_names import MAKERS, NESTED, TURNED, plain_name
from auditor.samples.claims.known_names import MAX_NAME, Models
from auditor.samples.claims.members import (
    at_slot,
    headers_in,
    holds_objects,
    holds_text,
    is_plain_turn,
    is_short,
    speaker_of,
)
from auditor.samples.claims.mentions import (
    is_counted,
    is_map,
    is_suggestion,
    models_within,
    named_for,
    named_pair,
)
from auditor.samples.claims.traces import header_maker, may_be_trace, trace_in
from auditor.samples.parts import PROMPT, PROMPT_SLOT, TEACHER, role_of

_DEPTH, _ITEMS, _CELL, _KEPT = 8, 512, 1 << 20, 65_536
_DIGITS, _DISTINCT = "0123456789", 64
_SPEAKERS = ("name", "speaker", "sender")
"""Members of an assistant's turn in which a bare name is a model's."""
_Columns = tuple[
    tuple[tuple[str, ColumnKind, set[str]], ...],
    tuple[tuple[str, ColumnKind], ...],
    tuple[tuple[str, str], ...],
]
"""Columns whose values are looked at, those of texts that may hold objects, and those named by a model."""


@dataclass(slots=True)
class ValueProfile:
    """Looks through rows for models under any name."""

    models: Models
    _columns: dict[tuple[str, ...], _Columns] = field(default_factory=dict)
    _ruled_out: set[str] = field(default_factory=set)
    """Values without their last digits that nothing known goes by, whatever digits follow."""
    _silent: dict[Any, set[str]] = field(default_factory=dict)
    """Values that say nothing, by what their column asks of them, and whether they are read with the row."""
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
        for name, known, silent in columns:
            value = row[name]
            kind = type(value)
            if kind is str:
                # Nearly all values end here: this is the only part that every row pays for.
                if value in silent or (not known.served and value.rstrip(_DIGITS) in ruled_out):
                    continue
                if len(value) > MAX_NAME and (value[0] not in "{[h" or len(value) > _CELL):
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

    def _column(self, value: Any, name: str, known: ColumnKind, slots: tuple[str, ...]) -> Iterator[Claim]:
        if not isinstance(value, str):
            yield from self._walk(value, name, known, "", slots, 1)
        elif len(value) > MAX_NAME:
            if value.startswith(BEGINS):
                yield from address_claims(self.models, value, name, known)
            elif (opened := opened_cell(value)) is not None:
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
            marked = (value is True or (type(value) is int and value == 1)) and marks(name)
            if model == UNKNOWN:
                marked = value is True or (isinstance(value, str | int) and str(value).lower() in YES)
            if marked or (model != UNKNOWN and value and isinstance(value, str | list | dict)):
                slot = name if name in slots else PROMPT_SLOT if "prompt" in plain_name(name) else ""
                yield Claim(ClaimKind.TEACHER, model, Basis.INFERRED, f"{name}{OF_COLUMN_NAME}", slot)

    def of_file(self, names: tuple[str, ...]) -> tuple[Claim, ...]:
        """Return the models and known sets that the names of a file, its folders or its split hold."""
        found = [(ClaimKind.TEACHER, name, self.models.named_in(name, False)) for name in names if name]
        # `alpaca_gpt4.json` names whom it is from; the set of that name says no more.
        others = [name for _, name, model in found if model is None]
        found += [(ClaimKind.SOURCE, name, self.models.set_within(name)) for name in others]
        owned = [f"{owner}/{name}" for owner, name in pairwise(names)]
        found += [(ClaimKind.SOURCE, name, self.models.set_named(name, False)) for name in owned]
        told = ((kind, said, name) for kind, name, said in found if said)
        return tuple(Claim(kind, said, Basis.INFERRED, f"{name}{OF_FILE_NAME}") for kind, said, name in told)

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
        goods = not MAKERS.isdisjoint(map(plain_name, map(str, names)))
        known = [(name, of_annotators(kind_of(str(name)), map(str, names))) for name in names]
        if goods:
            known = [(name, replace(of_goods(one), goods=one.own)) for name, one in known]
        columns = tuple(
            (name, one, self._own if one.own else self._silent_of(one, one.read))
            for name, one in known
            if (one.searched and not one.read) or not one.silent or (one.plain in TURNED and not is_text(one))
        )
        named = [
            (name, UNKNOWN if says_machine(name) else self.models.named_in(one.plain, one.plain[:3] != "is_"))
            for name, one in known
            if may_be_named(one)
        ]
        named += [(name, maker) for name in names if (maker := header_maker(str(name)))]
        if len(self._columns) >= 4096:
            self._columns.clear()
        texts = tuple((name, one) for name, one in known if is_text(one) and one.plain not in CLOSED)
        held = self._columns[names] = (columns, texts, tuple((name, model) for name, model in named if model))
        return held

    def _claim(
        self, value: str, path: str, name: ColumnKind, at: str, slots: tuple[str, ...]
    ) -> Iterator[Claim]:
        told = name.own or name.goods or name.slot is not None
        basis = Basis.ROW if told else Basis.INFERRED
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
        self, value: Any, path: str, name: ColumnKind, at: str, slots: tuple[str, ...], depth: int
    ) -> Iterator[Claim]:
        if depth > _DEPTH:
            return
        if isinstance(value, list) and (headers := headers_in(value, name)):
            yield from self._object(headers, path, name, at, slots, depth)
        elif isinstance(value, list):
            name = of_tags(name, are_about_models(value)) if name.about else name
            for number, item in enumerate(value[:_ITEMS]):
                below = f"{name.plain}[{number}]"
                inner = below if below in slots else at or (name.plain if name.plain in slots else "")
                if type(item) is str:
                    if name.searched and not name.own and is_short(item):
                        yield from self._value(item, f"{path}[]", name, inner, slots)
                elif type(item) is dict and not is_plain_turn(item):
                    yield from self._object(item, f"{path}[]", name, inner, slots, depth)
                elif type(item) is list:
                    held = [one for one in item[:_ITEMS] if isinstance(one, dict | list)]
                    yield from self._walk(held, f"{path}[]", name, inner, slots, depth + 1)
        elif isinstance(value, dict):
            inner = at or (name.plain if name.plain in slots else "")
            yield from self._object(value, path, name, inner, slots, depth)

    def _object(
        self,
        value: dict[str, Any],
        path: str,
        holder: ColumnKind,
        at: str,
        slots: tuple[str, ...],
        depth: int,
    ) -> Iterator[Claim]:
        role = role_of(value)
        if role is PROMPT:
            at = PROMPT_SLOT
        elif role is not None and at == PROMPT_SLOT:
            at = ""  # an answer that hangs below its prompt, as in trees
        if (spoken := speaker_of(value, self.models)) is not None:
            at_speaker = f"{path}.{spoken[0]}"
            yield Claim(ClaimKind.TEACHER, spoken[1], Basis.INFERRED, at_speaker, at_slot(at, slots))
        # Usual names one level down are read with the row where they stand in these.
        read = depth == 1 and (holder.plain in TURNED or holder.plain in NESTED)
        if (pair := named_pair(value)) is not None:
            key, said = pair
            yield from self._object({key: said}, path, holder, at, slots, depth)
            return
        many, goods = is_map(value), holds_goods(holder, value)
        for key, item in value.items():
            if many:
                # Its keys are ids, and no column's name.
                yield from self._walk(item, f"{path}.*", holder, at, slots, depth + 1)
                continue
            name = of_goods(kind_of(str(key))) if goods else kind_of(str(key))
            kind = type(item)
            if role is TEACHER and name.plain in _SPEAKERS:
                name = replace(name, hinted=True)
            if name.plain == "agent" and name.slot is None and is_suggestion(value):
                name = replace(name, slot="")
            if (told := self._told_by(str(key), item, name, holder)) is not None:
                yield Claim(ClaimKind.TEACHER, told, Basis.INFERRED, f"{path}.{key}{OF_COLUMN_NAME}")
            if kind is str:
                if name.own and (read or not item):
                    continue
                if name.searched and is_short(item):
                    yield from self._value(item, f"{path}.{key}", name, at, slots)
            elif (kind is dict or kind is list) and (name.plain not in CLOSED or holds_objects(item)):
                yield from self._walk(item, f"{path}.{key}", name, at, slots, depth + 1)

    def _told_by(self, key: str, item: Any, name: ColumnKind, holder: ColumnKind) -> str | None:
        """Return the model that the name of a member is, unless it is only scored; or whose header it is."""
        if not name.own and isinstance(item, str | list | dict) and self.models.is_model(key, 0):
            return key if holds_text(item) or not holds_scores(holder.plain) else None
        return header_maker(key)

    def _value(
        self, value: str, path: str, name: ColumnKind, at: str, slots: tuple[str, ...]
    ) -> Iterator[Claim]:
        silent = self._silent_of(name, is_read(path, name))
        if not value or value in silent:
            return
        if (trace := trace_in(value)) is not None:
            yield Claim(*trace, Basis.INFERRED, path, at_slot(at, slots))
            return
        if names_machine(value, name):
            yield Claim(ClaimKind.TEACHER, UNKNOWN, Basis.INFERRED, path, at_slot(at, slots))
            return
        linked = is_shared(value) or asks_model(value)
        if not name.served and not linked and self.models.is_ruled_out(value):
            # What says of any model that it made the row is told by other columns alone.
            if (
                value[:1] not in ("{", "[")
                and not may_be_machine(stem := value.rstrip(_DIGITS))
                and not may_be_trace(stem)
                and len(self._ruled_out) < _KEPT
            ):
                self._ruled_out.add(stem)
            return
        named = len(value) <= MAX_NAME and not name.silent and not value.startswith(BEGINS)
        # Where a service stands, the name of a provider is its service's.
        named = named and not (name.served and self.models.service_named(value, True) is not None)
        found = list(self._models(value, path, name, at, slots)) if named else []
        if not found or name.served:
            found += address_claims(self.models, value, path, name)
        yield from found
        if not found and value[:1] not in ("{", "[") and len(silent) < _KEPT:
            silent.add(value)

    def _models(
        self, value: str, path: str, name: ColumnKind, at: str, slots: tuple[str, ...]
    ) -> Iterator[Claim]:
        """Yield the models that a value names, as a whole or among other words."""
        if name.goods and self.models.is_person(value):
            yield Claim(ClaimKind.TEACHER, value.strip(), Basis.ROW, path, at_slot(at, slots))
            return
        if not name.about and self.models.is_model(value, name.hint):
            yield from self._claim(value, path, name, at, slots)
            return
        if not name.about and (made := [one for one in named_for(value) if self.models.is_model(one, 1)]):
            yield Claim(ClaimKind.TEACHER, made[-1], Basis.INFERRED, path, at_slot(at, slots))
            return
        if not name.about and is_counted(value) and (held := self.models.named_in(value, False)):
            yield Claim(ClaimKind.TEACHER, held, Basis.INFERRED, path, at_slot(at, slots))
            return
        within = models_within(self.models, value, name)
        for one, slot in within:
            yield Claim(ClaimKind.TEACHER, one, Basis.INFERRED, path, slot or at_slot(at, slots))
        if not within and name.sets > 1 and " " not in value and (held := self.models.named_in(value, False)):
            # A set or split is named as a file is, and is as general.
            yield Claim(ClaimKind.TEACHER, held, Basis.INFERRED, f"{path}{OF_FILE_NAME}", at_slot(at, slots))

    def _silent_of(self, kind: ColumnKind, read: bool) -> set[str]:
        return self._silent.setdefault((kind.asks, read), set())
