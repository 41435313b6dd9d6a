"""Every shape of every tool is read for what it is: who asked, who answered, and by which model."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from auditor.domain.claim import Claim, ClaimKind
from auditor.domain.sample import SEARCHED
from auditor.engine.model_names import ModelNames
from auditor.knowledge.load import load_knowledge
from auditor.samples.parts import UNKNOWN_ROLE, is_short
from auditor.samples.source import ReadOptions, Source, open_source
from tests.samples.shape_table import EVERY
from tests.samples.tools.interface import Written

DATA_IN_CELLS = {"Answers that are no text", "Ollama `/api/generate`", "promptfoo results"}
"""In a cell, data is a text: nobody can tell a list that was answered from one that was written."""


@pytest.fixture(scope="module")
def models() -> ModelNames:
    return ModelNames(load_knowledge())


class Found:
    """What reading makes of a shape."""

    def __init__(self, written: Written, path: Path, models: ModelNames, by_plan: bool = True) -> None:
        for name, text in written.beside.items():
            (path.parent / name).write_text(text)
        options = ReadOptions(models=models, bind=True, by_plan=by_plan)
        self.source: Source = open_source([str(path)], options)
        self.texts: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.sets: set[int] = set()
        for batch in self.source:
            parts = batch.parts.to_pylist()
            for part in parts:
                self.texts[part["role"], part["slot"]].add(part["text"])
            learned = {part["row_index"] for part in parts if _is_learned(part)}
            self.sets |= {int(batch.claim_sets[place]) for place in learned}

    def role(self, role: str) -> set[str]:
        return {text for (one, _), held in self.texts.items() if one == role for text in held}

    @property
    def learned(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for (role, slot), held in self.texts.items():
            if role in SEARCHED and slot != UNKNOWN_ROLE:
                found[slot] |= held
        return dict(found)

    def said(self, kind: ClaimKind) -> list[Claim]:
        """Return what is said of the rows that hold learned text."""
        return [claim for number in self.sets for claim in self.source.claim_sets[number].of(kind)]


def _is_learned(part: dict[str, Any]) -> bool:
    return part["role"] == "teacher" and (part["slot"] != UNKNOWN_ROLE or not is_short(part["text"]))


def _write(written: Written, folder: Path) -> Path:
    # Lines are repeated until there is a plan for their schema.
    path = folder / written.file
    path.write_text(written.content() * (4 if written.rows else 1))
    return path


def _write_table(written: Written, folder: Path) -> Path:
    names = dict.fromkeys(name for row in written.rows for name in row)
    with (folder / "rows.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, list(names))
        table.writeheader()
        for row in written.rows:
            table.writerow({name: _cell(value) for name, value in row.items()})
    return folder / "rows.csv"


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


@pytest.mark.parametrize("written", EVERY, ids=[written.tool for written in EVERY])
def test_a_shape_is_read_for_what_it_is(written: Written, tmp_path: Path, models: ModelNames) -> None:
    found = Found(written, _write(written, tmp_path), models)
    assert found.learned == {slot: set(texts) for slot, texts in written.learned.items()}
    assert found.role("prompt") == set(written.prompts)
    assert found.role("system") == set(written.systems)
    assert found.role("tool") == set(written.tools)
    untold = found.texts["teacher", UNKNOWN_ROLE]
    assert {text for text in untold if not is_short(text)} == set(written.unknown)
    assert {(one.slot, one.value) for one in found.said(ClaimKind.TEACHER)} == written.teachers
    assert {one.value for one in found.said(ClaimKind.GENERATED_AT)} == set(written.days)
    prose = found.source.column_map.unjudged_prose()
    assert tuple(one.path for one in prose) == written.unjudged
    assert not found.source.unreadable_rows


@pytest.mark.parametrize("written", EVERY, ids=[written.tool for written in EVERY])
def test_a_shape_read_by_plan_is_what_each_row_is_by_itself(
    written: Written, tmp_path: Path, models: ModelNames
) -> None:
    path = _write(written, tmp_path)
    planned, each = Found(written, path, models), Found(written, path, models, by_plan=False)
    assert planned.texts == each.texts
    assert planned.source.claim_sets == each.source.claim_sets
    assert planned.source.column_map == each.source.column_map


NESTED = [written for written in EVERY if written.rows and written.tool not in DATA_IN_CELLS]


@pytest.mark.parametrize("written", NESTED, ids=[written.tool for written in NESTED])
def test_a_shape_in_a_table_is_read_as_in_lines(written: Written, tmp_path: Path, models: ModelNames) -> None:
    lines = Found(written, _write(written, tmp_path), models)
    table = Found(written, _write_table(written, tmp_path), models)
    assert table.learned == lines.learned
    assert table.role("prompt") == lines.role("prompt")
    said = [{(one.slot, one.value) for one in found.said(ClaimKind.TEACHER)} for found in (lines, table)]
    assert said[0] == said[1]


@pytest.mark.parametrize("written", EVERY, ids=[written.tool for written in EVERY])
def test_a_prompt_is_never_an_answer(written: Written) -> None:
    assert {text for held in written.learned.values() for text in held}.isdisjoint(written.prompts)
