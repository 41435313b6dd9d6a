"""What is told of silent values holds for what is inferred of rows."""

from __future__ import annotations

import ast
import random
from pathlib import Path
from typing import Any

import pytest
from samples import made_rows

from auditor.engine.model_names import ModelNames
from auditor.jit.compile import COMPILED
from auditor.knowledge.load import load_knowledge
from auditor.samples.claims import silence
from auditor.samples.claims.claim_table import ClaimTable
from auditor.samples.claims.license_words import MAX_LICENSE_VALUE
from auditor.samples.claims.profile import ValueProfile
from auditor.samples.claims.silence import looked_into

OTHERS = (
    *made_rows.ODD,
    *made_rows.MODELS,
    *made_rows.LICENSES,
    "row-0012",
    "q7",
    "12",
    "cc7",
    "3f2a-99",
    "a word of it",
)


@pytest.fixture(scope="module")
def models() -> ModelNames:
    return ModelNames(load_knowledge())


def _with(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    """Return a value with another one at a path."""
    if not path:
        return other
    copy = value.copy()
    copy[path[0]] = _with(value[path[0]], path[1:], other)
    return copy


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for name in path:
        value = value[name]
    return value


def _texts(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [one for name, inner in items for one in _texts(inner, (*path, name))]
    return [path] if isinstance(value, str) and value else []


@pytest.mark.parametrize("seed", range(12))
def test_only_values_that_are_looked_at_say_anything(seed: int, models: ModelNames) -> None:
    maker, chance = made_rows.RowMaker(seed), random.Random(seed)
    table = ClaimTable(profile=ValueProfile(models))
    for _ in range(30):
        row = maker.row()
        looked, said = dict(looked_into(row)), table.inferred(row, ())
        for path in _texts(row):
            if path not in looked and path[-1] not in ("role", "from"):
                assert table.inferred(_with(row, path, chance.choice(OTHERS) or "x"), ()) == said, path


@pytest.mark.parametrize("seed", range(12))
def test_a_silent_value_is_as_good_as_another_whatever_digits_it_ends_in(
    seed: int, models: ModelNames
) -> None:
    maker, chance = made_rows.RowMaker(seed), random.Random(seed)
    table = ClaimTable(profile=ValueProfile(models))
    long = "x y " * MAX_LICENSE_VALUE
    for _ in range(30):
        row = maker.row()
        for path in [path for path, alone in looked_into(row) if alone and isinstance(_at(row, path), str)]:
            silent = table.inferred(_with(row, path, "hm"), ())
            assert table.inferred(_with(row, path, long), ()) == silent
            other = chance.choice(OTHERS)
            if table.is_silent(other):
                for digits in ("", "1", "4", "35", "000"):
                    value = other.rstrip("0123456789") + digits
                    # Which texts are empty is part of a schema.
                    assert not value or table.inferred(_with(row, path, value), ()) == silent, (path, value)


def _looked_for() -> set[str]:
    """Return the texts that the code of claims holds: what it may look for in values."""
    found: set[str] = set()
    for path in Path(silence.__file__).parent.glob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        found |= {one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return {word for one in found for word in (one, *one.split()) if 2 < len(word) <= MAX_LICENSE_VALUE}


@pytest.mark.skipif(not COMPILED, reason="numba does not compile here")
def test_what_claims_look_for_is_not_told_silent_by_its_bytes(models: ModelNames) -> None:
    from row_kernels.told_silent import told_silent

    from auditor.row_kernels.silent_texts import SilentTexts

    told = SilentTexts(silence.BEGINNINGS, silence.needed_runs(models) or ())
    texts = [word + more for word in sorted(_looked_for()) for more in ("x", "Ab-7x")]
    assert len(texts) > 2_000
    assert [one for one in texts if told_silent(one, told) and not silence.is_silent(one, models)] == []


def test_what_names_a_model_or_a_license_is_not_silent(models: ModelNames) -> None:
    table = ClaimTable(profile=ValueProfile(models))
    assert [
        one for one in ("gpt-4", "cc-by-4.0", "cc0", "© 1", "{", " x", "llama 3") if table.is_silent(one)
    ] == []
    assert [one for one in ("row-0012", "12", "q7", "ab") if not table.is_silent(one)] == []
    assert ClaimTable().is_silent("gpt-4")
