"""A difference between two catalogs is told in sentences, and with the ids that it touches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bundles import catalog

from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.changes_in_words import told_changes
from auditor.knowledge.load import load_folders


def _sentences(old: Knowledge, new: Knowledge) -> list[str]:
    return [one.sentence for one in told_changes(old, new)]


@pytest.fixture
def first(tmp_path: Path) -> Knowledge:
    return load_folders((catalog(tmp_path / "first"),))


def test_nothing_is_said_of_the_same(first: Knowledge, knowledge: Knowledge) -> None:
    assert told_changes(first, first) == []
    assert told_changes(knowledge, knowledge) == []


def test_a_text_that_replaces_another_is_named_with_its_day(first: Knowledge, tmp_path: Path) -> None:
    told = told_changes(first, load_folders((catalog(tmp_path / "new", follows="allowed"),)))
    follows = next(one for one in told if "replaces" in one.sentence)
    assert (
        follows.sentence == "Acme API: Terms-Acme-2 of 2026-05-01 replaces Terms-Acme-1, 2026-05-01 to today"
    )
    assert set(follows.subjects) == {"acme-chat", "Terms-Acme-2"}
    assert "Acme API: Terms-Acme-1 holds 2026-01-01 to 2026-04-30, not 2026-01-01 to today" in [
        one.sentence for one in told
    ]


def test_a_gap_that_was_read_and_a_text_that_goes(first: Knowledge, tmp_path: Path) -> None:
    new = load_folders((catalog(tmp_path / "new", follows="allowed"),))
    teacher = next(iter(new.teachers.values()))
    later = replace(new, teachers={teacher.id: replace(teacher, spans=teacher.spans[1:])})
    assert any("where nothing was read" in one for one in _sentences(later, new))
    assert any("no longer stands in its time" in one for one in _sentences(new, later))


def test_an_answer_that_changes_is_told_before_and_after(first: Knowledge, tmp_path: Path) -> None:
    (said,) = _sentences(first, load_folders((catalog(tmp_path / "new", "allowed"),)))
    assert said == (
        "Terms-Acme-1, 7.2: may outputs train another model? yes (verified-from-text); "
        "it was: not for a model that competes (verified-from-text)"
    )


def test_what_comes_goes_or_changes_elsewhere_is_counted(first: Knowledge, tmp_path: Path) -> None:
    new = load_folders((catalog(tmp_path / "new", follows="allowed"),))
    assert "terms: Terms-Acme-2 is new in the catalog" in _sentences(first, new)
    assert "terms: Terms-Acme-2 is no longer in the catalog" in _sentences(new, first)
    teacher = next(iter(first.teachers.values()))
    renamed = replace(first, teachers={teacher.id: replace(teacher, aliases=("Acme",))})
    assert _sentences(first, renamed) == ["teacher: 1 changed in aliases"]


def test_every_difference_is_told_somewhere(knowledge: Knowledge, first: Knowledge) -> None:
    from auditor.knowledge.compare import compare

    told = {id for one in told_changes(first, knowledge) for id in one.subjects}
    for change in compare(first, knowledge):
        what, _, id = change.entry.partition(" ")
        if what in ("teacher", "terms", "license", "service", "host"):
            assert id in told, change
