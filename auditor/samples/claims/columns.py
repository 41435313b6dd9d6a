"""What a row says about its teachers, licenses, source, host and date.

Columns are recognized by name, however it is spelled (`License`, `model-name`, `modelName`). A value that is
there is never passed over: what is too long is cut, what is no text is written out, and both stay unknown
names, which no policy allows. Names are read with care: `source` and `dataset` are where a row was taken
from, not who wrote it; the last model of a pipeline may have judged the text, not written it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import orjson

from auditor.domain.claim import Basis, Claim, ClaimKind, ClaimSet
from auditor.samples.claims.generation_records import Record, iso_day, read_record
from auditor.samples.parts import PROMPT, PROMPT_SLOT, TEACHER, role_of

_MAX_VALUE = 200
_MAX_LICENSE = 1 << 16
_MAX_LONG = 16 << 20
"""Characters of license texts kept for one source; further ones are cut like other values."""
_MAX_SOURCES = 256
"""A source column with more distinct values names rows, not datasets; rows with further ones are told apart
in `sources_left_out`, and no set with such rows passes."""

_NAMES: dict[tuple[ClaimKind, str], str] = {
    (ClaimKind.TEACHER, ""): (
        "generator model model_name model_id models generation_model generation_models teacher teacher_model "
        "response_model answer_model completion_model output_model llm_model generator_model model_used "
        "generated_by llm engine"
    ),
    (ClaimKind.TEACHER, "chosen"): "chosen_model chosen_model_name chosen_generator chosen_teacher",
    (ClaimKind.TEACHER, "rejected"): "rejected_model rejected_model_name rejected_generator rejected_teacher",
    (ClaimKind.TEACHER, "conversation_a"): "model_a",
    (ClaimKind.TEACHER, "conversation_b"): "model_b",
    (ClaimKind.TEACHER, "prompt"): "prompt_model instruction_model",
    (ClaimKind.LICENSE, ""): (
        "license licence licenses data_license dataset_license source_license license_id license_name spdx "
        "spdx_id"
    ),
    (ClaimKind.SOURCE, ""): "source dataset origin data_source dataset_name source_dataset",
    (ClaimKind.HOST, ""): "host provider api_base base_url inference_provider",
    (ClaimKind.ACCESS, ""): "access access_path",
    (ClaimKind.GENERATED_AT, ""): "generated_at generation_date created_at",
}
_COLUMNS = {name: meaning for meaning, names in _NAMES.items() for name in names.split()}
_NESTED = ("metadata", "meta", "extra", "generation_config")
_LISTED = {"models": "", "generation_models": "generations"}
_CANDIDATES = ("completions", "answers", "responses", "generations")
_SPOKEN = {
    **dict.fromkeys(("messages", "conversation", "conversations", "dialogue", "dialog", "chat", "items"), ""),
    **dict.fromkeys(("prompt", "completion"), ""),
    **{name: name for name in ("chosen", "rejected", "conversation_a", "conversation_b")},
}
"""Columns of turns, each with the slot of what is answered there."""
_TURNED = frozenset((*_CANDIDATES, *_SPOKEN))
"""Columns in which a mere text says nothing of its row."""
_AS_IT_STANDS = frozenset(
    name
    for name, (kind, _) in _COLUMNS.items()
    if kind is not ClaimKind.GENERATED_AT and name != "model_name"
)
"""Columns whose short text is the claim, whatever the other columns say."""
_WATCHED = frozenset((*_COLUMNS, *_NESTED, *_CANDIDATES, *_SPOKEN))
_OF_A_TEXT = (ClaimKind.TEACHER, ClaimKind.LICENSE, ClaimKind.ACCESS, ClaimKind.HOST)
"""What a single turn or candidate is asked for."""
_NAMED = (
    *("name", "id", "model", "model_name", "model_id", "spdx", "spdx_id", "spdx_expression", "license"),
    *("license_name", "license_id", "identifier"),
)
"""Members that an object's name stands in; where they differ, each is a claim."""
_DESCRIBED = ("title", "type", "url")
"""Members that stand for a name where there is none; the first is taken."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

Fact = tuple[ClaimKind, str, str, str]
"""Kind, value, where, slot."""
_Numbers = dict[tuple[tuple[Fact, ...], tuple[str, ...]], int]
"""Numbers of claim sets by a row's facts and the slots of its answers."""


class ClaimTable:
    """Gives each row the number of its claim set; rows share few."""

    def __init__(self) -> None:
        self.sets: list[ClaimSet] = []
        self._numbers: dict[ClaimSet, int] = {}
        self._common: tuple[Claim, ...] = ()
        self._known: _Numbers = {}
        self._by_common: dict[tuple[Claim, ...], _Numbers] = {self._common: self._known}
        self._sources: set[str] = set()
        self._long: dict[str, str] = {}
        self._long_left = _MAX_LONG
        self.sources_left_out: dict[str, int] = {}
        """Rows whose source claim was one too many, by the place that it stands in."""

    def number(
        self,
        row: dict[str, Any],
        is_record: bool = False,
        common: tuple[Claim, ...] = (),
        slots: tuple[str, ...] = (),
        of_kind: Callable[[str], tuple[Claim, ...]] = lambda kind: (),
    ) -> int:
        """Return the number of the row's claim set.

        Args:
            is_record: the row is a generation record.
            common: claims that hold for the whole file, after those of the row.
            slots: the named slots of the row's teacher text.
            of_kind: gives what the file's surroundings say of records of one kind.
        """
        facts = tuple(self._capped(_facts(row)))
        if is_record and (record := read_record(row)) is not None:
            claims = (*record.claims, *_beside(record, facts), *of_kind(record.kind), *common)
            return self._intern(claims, slots)
        if common is not self._common:
            # The same for a whole file, so that its claims are not compared for every row.
            self._common, self._known = common, self._by_common.setdefault(common, {})
        number = self._known.get((facts, slots))
        if number is None:
            number = self._known[facts, slots] = self._intern((*_of_row(facts), *common), slots)
        return number

    def _intern(self, claims: tuple[Claim, ...], slots: tuple[str, ...]) -> int:
        claim_set = ClaimSet(tuple(dict.fromkeys(claims)), slots)
        number = self._numbers.setdefault(claim_set, len(self.sets))
        if number == len(self.sets):
            self.sets.append(claim_set)
        return number

    def _capped(self, facts: list[Fact]) -> list[Fact]:
        """Leave out sources that are one too many, and cut license texts where too many were kept."""
        for kind, value, _, _ in facts:
            if len(value) > _MAX_VALUE or (kind is ClaimKind.SOURCE and value not in self._sources):
                break
        else:
            return facts
        kept = [fact for fact in facts if fact[0] is not ClaimKind.SOURCE or self._keeps(fact[1])]
        if len(kept) < len(facts):
            for where in {fact[2] for fact in facts if fact not in kept}:
                self.sources_left_out[where] = self.sources_left_out.get(where, 0) + 1
        return [
            fact if len(fact[1]) <= _MAX_VALUE else (fact[0], self._fitted(fact[1]), *fact[2:])
            for fact in kept
        ]

    def _fitted(self, text: str) -> str:
        """Return a license's text, once and for all rows, or its beginning where too many were kept."""
        kept = self._long.get(text)
        if kept is None:
            if self._long_left < len(text):
                return _cut(text)
            self._long_left -= len(text)
            kept = self._long[text] = text
        return kept

    def _keeps(self, source: str) -> bool:
        if source in self._sources:
            return True
        if len(self._sources) >= _MAX_SOURCES:
            return False
        self._sources.add(source)
        return True


def around(about: dict[str, Any]) -> tuple[Claim, ...]:
    """Return what the object around a file's rows says of them all."""
    return tuple(
        Claim(kind, value, Basis.SIDE_FILE, where, slot) for kind, value, where, slot in _facts(about)
    )


def _of_row(facts: Iterable[Fact]) -> tuple[Claim, ...]:
    return tuple(Claim(kind, value, Basis.ROW, where, slot) for kind, value, where, slot in facts)


def _beside(record: Record, facts: Iterable[Fact]) -> Iterator[Claim]:
    """Yield what a record's row says beside it: its licenses, and its teacher where the record names none."""
    named = any(claim.kind is ClaimKind.TEACHER for claim in record.claims)
    for claim in _of_row(facts):
        if claim.kind is ClaimKind.LICENSE or not named:
            yield claim


def _facts(row: dict[str, Any]) -> list[Fact]:
    facts: list[Fact] = []
    alone = True  # every fact is the text of a column of its own: none repeats another
    watched = _watched(tuple(row))
    for name, plain in watched:
        value = row[name]
        if plain in _AS_IT_STANDS and isinstance(value, str) and len(value) <= _MAX_VALUE:
            if text := value.strip():
                kind, slot = _COLUMNS[plain]
                facts.append((kind, text, name, slot))
        elif value is not None and (not isinstance(value, str) or plain not in _TURNED):
            found = _column(value, name, plain, row)
            alone = alone and not found and plain not in _NESTED
            facts += found
    if alone:
        return facts
    for name, plain in watched:
        if plain in _NESTED:
            facts += _nested(row[name], name)
    return _without_doubles(facts)


@lru_cache(4096)
def _watched(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the columns that say something, each with the name it is known by."""
    known = (
        (name, _HUMP.sub("_", name.strip()).replace("-", "_").replace(" ", "_").lower()) for name in names
    )
    return tuple((name, plain) for name, plain in known if plain in _WATCHED)


def claim_kind(name: str) -> ClaimKind | None:
    """Return what a column of this name says of its row; None for nothing."""
    return next((_COLUMNS[plain][0] for _, plain in _watched((name,)) if plain in _COLUMNS), None)


def _nested(value: Any, name: str) -> Iterator[Fact]:
    """Yield what objects say that a column holds, and those within them."""
    for inner in _objects(value):
        for column, plain in _watched(tuple(inner)):
            if plain in _NESTED:
                yield from _nested(inner[column], f"{name}.{column}")
            elif plain in _COLUMNS:
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
    if plain in _CANDIDATES:
        return _candidates(name, value)
    if plain in _SPOKEN:
        return _turns(name, value, _SPOKEN[plain], row)
    if plain not in _COLUMNS or value is None:
        return []
    kind, slot = _COLUMNS[plain]
    if isinstance(value, list):
        stem = _LISTED.get(plain)
        return [
            (kind, text, f"{name}[{place}]" if stem else name, f"{stem}[{place}]" if stem else slot)
            for place, item in enumerate(value)
            for text in values(kind, item)
        ]
    # After a judge step a pipeline's `model_name` is the judge; the writers stand in `generation_models`.
    if plain == "model_name" and row.get("generation_models"):
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
            if _watched(tuple(turn)):
                found = list(_of_text(turn, name, PROMPT_SLOT if role is PROMPT else slot))
                named += role is TEACHER and any(kind is ClaimKind.TEACHER for kind, *_ in found)
                facts += found
    if 0 < named < answers and not _names_teacher(row):
        facts.append((ClaimKind.TEACHER, "unknown", f"{name}[]", slot))
    return facts


def _names_teacher(row: dict[str, Any]) -> bool:
    return any(
        row[name] and _COLUMNS.get(plain) == (ClaimKind.TEACHER, "") for name, plain in _watched(tuple(row))
    )


def _of_text(item: dict[str, Any], name: str, slot: str) -> Iterator[Fact]:
    for column, plain in _watched(tuple(item)):
        if plain in _COLUMNS and _COLUMNS[plain][0] in _OF_A_TEXT:
            for kind, value, where, _ in _column(item[column], column, plain, item):
                yield kind, value, f"{name}[].{where}", slot
        elif plain in _NESTED:
            for kind, value, where, _ in _nested(item[column], column):
                if kind in _OF_A_TEXT:
                    yield kind, value, f"{name}[].{where}", slot


def values(kind: ClaimKind, value: Any) -> Iterator[str]:
    """Yield what a value names; whatever stands where a teacher or license belongs names something."""
    if kind is ClaimKind.GENERATED_AT:
        value = iso_day(value)
    elif kind in (ClaimKind.TEACHER, ClaimKind.LICENSE) and not isinstance(value, str):
        yield from _written_out(kind, value)
        return
    if isinstance(value, str) and (text := value.strip()):
        whole = _MAX_LICENSE if kind is ClaimKind.LICENSE else _MAX_VALUE
        yield text if len(text) <= whole else _cut(text)


def _written_out(kind: ClaimKind, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        known = {str(name).lower(): inner for name, inner in value.items()}
        said = [known[name] for name in (*_NAMED, *_DESCRIBED) if _is_said(known.get(name))]
        count = sum(_is_said(known.get(name)) for name in _NAMED)
        if said:
            for text in dict.fromkeys(said[: count or 1]):
                yield from values(kind, text)
        elif any(item is not None for item in value.values()):
            yield _cut(str(value))
    elif isinstance(value, list):
        for item in value:
            yield from values(kind, item)
    elif value is not None and not isinstance(value, bool):
        yield _cut(str(value))


def _is_said(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _cut(text: str) -> str:
    """Return a text, or what cannot be taken for one of the names that a longer text begins with."""
    if len(text) <= _MAX_VALUE:
        return text
    head = f"{len(text):,} characters, no name, that begin with "
    return f"{head}«{text[: _MAX_VALUE - len(head) - 3]}…»"


def _without_doubles(facts: list[Fact]) -> list[Fact]:
    """Leave out `models` where the completions name their own, and what turns repeat."""
    if any(where.endswith("[].model") and slot.endswith("]") for _, _, where, slot in facts):
        facts = [fact for fact in facts if fact[2] != "models"]
    return list(dict.fromkeys(facts))
