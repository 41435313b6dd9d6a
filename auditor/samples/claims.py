"""What a row says about its teachers, licenses, source, host and date.

Columns are recognized by name. Names are read with care: `source` and `dataset` are where a row was taken
from, not who wrote it; the last model of a pipeline may have judged the text, not written it.
"""

from __future__ import annotations

from typing import Any

from auditor.domain.claim import Basis, Claim, ClaimKind, ClaimSet
from auditor.samples.records import iso_day, read_record

_MAX_VALUE = 200
_MAX_SOURCES = 256
"""A source column with more distinct values names rows, not datasets; further ones are left out."""

_NAMES: dict[tuple[ClaimKind, str], str] = {
    (ClaimKind.TEACHER, ""): (
        "generator model model_name model_id models generation_model generation_models teacher teacher_model "
        "response_model answer_model generated_by llm engine"
    ),
    (ClaimKind.TEACHER, "chosen"): "chosen_model chosen-model",
    (ClaimKind.TEACHER, "rejected"): "rejected_model rejected-model",
    (ClaimKind.TEACHER, "conversation_a"): "model_a",
    (ClaimKind.TEACHER, "conversation_b"): "model_b",
    (ClaimKind.TEACHER, "prompt"): "prompt_model instruction_model",
    (ClaimKind.LICENSE, ""): "license licence licenses data_license",
    (ClaimKind.SOURCE, ""): "source dataset origin data_source dataset_name source_dataset",
    (ClaimKind.HOST, ""): "host provider api_base base_url inference_provider",
    (ClaimKind.ACCESS, ""): "access access_path",
    (ClaimKind.GENERATED_AT, ""): "generated_at generation_date created_at",
}
_COLUMNS = {name: meaning for meaning, names in _NAMES.items() for name in names.split()}
_NESTED = ("metadata", "meta", "extra", "generation_config")
_LISTED = {"models": "", "generation_models": "generations"}
_CANDIDATES = ("completions", "answers", "responses")
_WATCHED = frozenset((*_COLUMNS, *_NESTED, *_CANDIDATES))

Fact = tuple[ClaimKind, str, str, str]
"""Kind, value, where, slot."""


class ClaimTable:
    """Gives each row the number of its claim set; rows share few."""

    def __init__(self) -> None:
        self.sets: list[ClaimSet] = []
        self._numbers: dict[tuple[Claim, ...], int] = {}
        self._known: dict[tuple[Any, ...], int] = {}
        self._sources: set[str] = set()
        self.sources_left_out = 0
        """Rows whose source claim was one too many."""

    def number(self, row: dict[str, Any], records: bool, common: tuple[Claim, ...]) -> int:
        """Return the number of the row's claim set.

        Args:
            records: the file holds generation records.
            common: claims that hold for the whole file, after those of the row.
        """
        if records and (record := read_record(row)) is not None:
            return self._intern((*record.claims, *common))
        facts = tuple(self._capped(_facts(row)))
        number = self._known.get((facts, common))
        if number is None:
            own = tuple(Claim(kind, value, Basis.ROW, where, slot) for kind, value, where, slot in facts)
            number = self._known[facts, common] = self._intern((*own, *common))
        return number

    def _intern(self, claims: tuple[Claim, ...]) -> int:
        claims = tuple(dict.fromkeys(claims))
        number = self._numbers.get(claims)
        if number is None:
            number = self._numbers[claims] = len(self.sets)
            self.sets.append(ClaimSet(claims))
        return number

    def _capped(self, facts: list[Fact]) -> list[Fact]:
        return [fact for fact in facts if fact[0] is not ClaimKind.SOURCE or self._keeps(fact[1])]

    def _keeps(self, source: str) -> bool:
        if source in self._sources:
            return True
        if len(self._sources) >= _MAX_SOURCES:
            self.sources_left_out += 1
            return False
        self._sources.add(source)
        return True


def _facts(row: dict[str, Any]) -> list[Fact]:
    if _WATCHED.isdisjoint(row):
        return []
    facts: list[Fact] = []
    for name in row:
        if name in _WATCHED:
            facts += _column(row, name)
    for name in _NESTED:
        inner = row.get(name)
        if isinstance(inner, dict):
            facts += [
                (kind, value, f"{name}.{where}", slot)
                for column in inner
                if column in _COLUMNS
                for kind, value, where, slot in _column(inner, column)
            ]
    return _without_doubles(facts)


def _column(row: dict[str, Any], name: str) -> list[Fact]:
    value = row[name]
    if name in _CANDIDATES:
        return _candidate_models(name, value)
    if name not in _COLUMNS:
        return []
    kind, slot = _COLUMNS[name]
    if isinstance(value, list):
        stem = _LISTED.get(name)
        return [
            (kind, text, f"{name}[{place}]" if stem else name, f"{stem}[{place}]" if stem else slot)
            for place, item in enumerate(value)
            if (text := _value(kind, item))
        ]
    text = _value(kind, value)
    if text is None:
        return []
    # After a judge step a pipeline's `model_name` is the judge; the writers stand in `generation_models`.
    if name == "model_name" and row.get("generation_models"):
        slot = "judge"
    return [(kind, text, name, slot)]


def _candidate_models(name: str, value: Any) -> list[Fact]:
    return [
        (ClaimKind.TEACHER, text, f"{name}[].model", f"{name}[{place}]")
        for place, item in enumerate(value if isinstance(value, list) else ())
        if isinstance(item, dict) and (text := _value(ClaimKind.TEACHER, item.get("model")))
    ]


def _value(kind: ClaimKind, value: Any) -> str | None:
    if kind is ClaimKind.GENERATED_AT:
        return iso_day(value)
    if not isinstance(value, str) or len(value) > _MAX_VALUE:
        return None
    return value.strip() or None


def _without_doubles(facts: list[Fact]) -> list[Fact]:
    """Leave out `models` where the completions name their own."""
    if any(where.endswith("[].model") for _, _, where, _ in facts):
        facts = [fact for fact in facts if fact[2] != "models"]
    return facts
