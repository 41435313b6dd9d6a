"""Every shape of every tool is read for what it is: who asked, who answered, and by which model."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from auditor.domain.claim import Claim, ClaimKind
from auditor.engine.model_names import ModelNames
from auditor.knowledge.load import load_knowledge
from auditor.samples.parts import UNKNOWN_ROLE, is_short
from auditor.samples.source import ReadOptions, Source, open_source
from tests.samples.shape_table import EVERY
from tests.samples.tools.interface import Written


@pytest.fixture(scope="module")
def models() -> ModelNames:
    return ModelNames(load_knowledge())


class Found:
    """What reading makes of a shape."""

    def __init__(self, written: Written, folder: Path, models: ModelNames) -> None:
        path = folder / written.file
        # Lines are repeated until there is a plan for their schema.
        path.write_text(written.content() * (4 if written.rows else 1))
        for name, text in written.beside.items():
            (folder / name).write_text(text)
        self.source: Source = open_source([str(path)], ReadOptions(models=models, bind=True))
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
        told = self.texts.items()
        return {slot: held for (one, slot), held in told if one == "teacher" and slot != UNKNOWN_ROLE}

    def said(self, kind: ClaimKind) -> list[Claim]:
        """Return what is said of the rows that hold learned text."""
        return [claim for number in self.sets for claim in self.source.claim_sets[number].of(kind)]


def _is_learned(part: dict[str, Any]) -> bool:
    return part["role"] == "teacher" and (part["slot"] != UNKNOWN_ROLE or not is_short(part["text"]))


@pytest.mark.parametrize("written", EVERY, ids=[written.tool for written in EVERY])
def test_a_shape_is_read_for_what_it_is(written: Written, tmp_path: Path, models: ModelNames) -> None:
    found = Found(written, tmp_path, models)
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
def test_a_prompt_is_never_an_answer(written: Written) -> None:
    assert {text for held in written.learned.values() for text in held}.isdisjoint(written.prompts)
