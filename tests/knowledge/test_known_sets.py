"""Public sets are found by the names that columns and cards give them, and by nothing looser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from auditor.cli.main import execute
from auditor.domain.role import TeacherRole
from auditor.errors import KnowledgeError
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.known_sets import KnownSets
from auditor.knowledge.lint import lint_knowledge
from auditor.knowledge.load import load_knowledge

ENTRY = """schema_version: 1
sets:
- id: {id}
  aliases: [{alias}]
  teachers: [{{name: gpt-4, role: {role}}}]
  complete: true
  access: api
  generated: '2024-01'
  source: its card
  confidence: verified-from-text
"""


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Open-Orca/OpenOrca", "Open-Orca/OpenOrca"),
        ("open-orca/openorca", "Open-Orca/OpenOrca"),
        ("OpenOrca", "Open-Orca/OpenOrca"),
        ("open_orca", "Open-Orca/OpenOrca"),
        ("https://huggingface.co/datasets/Open-Orca/OpenOrca", "Open-Orca/OpenOrca"),
        ("hf://datasets/Open-Orca/OpenOrca@main", "Open-Orca/OpenOrca"),
        ("https://huggingface.co/datasets/Open-Orca/OpenOrca/tree/main", "Open-Orca/OpenOrca"),
        ("Open-Orca/OpenOrca/1M-GPT4-Augmented", "Open-Orca/OpenOrca"),
        ("tulu_3_sft_mixture", "allenai/tulu-3-sft-mixture"),
        ("cot_alpaca_gpt4", "vicgalle/alpaca-gpt4"),
        ("EvolInstruct_70k", "WizardLM/WizardLM_evol_instruct_V2_196k"),
        ("MathInstruct", "TIGER-Lab/MathInstruct"),
    ],
)
def test_a_set_is_found_by_its_names(knowledge: Knowledge, name: str, id: str) -> None:
    found = knowledge.known_sets.find(name)
    assert found is not None
    assert found.id == id


@pytest.mark.parametrize(
    "name", ["", "/", "web", "train", "orca", "somebody/OpenOrca-remake", "gpt-4", "reddit"]
)
def test_other_names_find_none(knowledge: Knowledge, name: str) -> None:
    assert knowledge.known_sets.find(name) is None


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("someone/OpenOrca", "Open-Orca/OpenOrca"),
        ("https://huggingface.co/datasets/someone/openorca", "Open-Orca/OpenOrca"),
        ("someone/alpaca", "tatsu-lab/alpaca"),
        ("someone/alpaca-cleaned-german", "yahma/alpaca-cleaned"),
        ("someone/openhermes-2.5-de", "teknium/OpenHermes-2.5"),
        ("someone/my-OpenOrca-filtered", "Open-Orca/OpenOrca"),
        ("Open-Orca/OpenOrca", None),
        ("OpenOrca", None),
        ("someone/letters", None),
        ("someone/alpaca-wool-prices", None),
        ("someone/capybara-photos", None),
        ("zoo/lima", None),
        ("https://github.com/zoo/capybara", None),
        ("a/b and OpenOrca", None),
    ],
)
def test_a_set_under_another_owner_is_found_as_a_mirror(
    knowledge: Knowledge, name: str, id: str | None
) -> None:
    found = knowledge.known_sets.find_mirror(name)
    assert (found and found.id) == id


def test_what_each_did_is_kept_apart(knowledge: Knowledge) -> None:
    found = knowledge.known_sets.find("AI-MO/NuminaMath-CoT")
    assert found is not None
    assert {(one.name, one.role) for one in found.teachers} == {
        ("human", TeacherRole.WRITER),
        ("gpt-4o", TeacherRole.REWRITER),
    }


def test_the_shipped_sets_hold_together(knowledge: Knowledge) -> None:
    assert len(knowledge.known_sets.sets) >= 96
    assert not [remark for remark in lint_knowledge(knowledge) if remark.where.startswith("set ")]


def test_lint_names_a_set_whose_teacher_or_license_is_nowhere(knowledge: Knowledge) -> None:
    one = replace(knowledge.known_sets.sets[0], license="Nowhere-1.0", teachers=(), complete=True)
    found = lint_knowledge(replace(knowledge, known_sets=KnownSets((one,))))
    assert {remark.message for remark in found if remark.where.startswith("set ")} == {
        "its license `Nowhere-1.0` is nowhere",
        "its list of teachers is called complete and empty",
    }


def test_an_overlay_adds_sets_and_replaces_shipped_ones(tmp_path: Path) -> None:
    text = ENTRY.format(id="acme/answers", alias="acme-answers", role="writer")
    text += ENTRY.format(id="Open-Orca/OpenOrca", alias="oo", role="judge").partition("sets:\n")[2]
    (tmp_path / "known_sets.yaml").write_text(text)
    sets = load_knowledge(tmp_path).known_sets
    mine, replaced = sets.find("acme-answers"), sets.find("OpenOrca")
    assert mine is not None
    assert replaced is not None
    assert (mine.id, replaced.teachers[0].role) == ("acme/answers", TeacherRole.JUDGE)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"role": "boss"}, "`role` has the unknown value 'boss'"),
        ({"alias": "OpenOrca", "id": "acme/a"}, "names both"),
    ],
)
def test_a_broken_entry_is_refused(tmp_path: Path, change: dict[str, str], message: str) -> None:
    values = {"id": "acme/a", "alias": "acme-a", "role": "writer", **change}
    text = ENTRY.format(**values)
    if "alias" in change:
        text += ENTRY.format(**{**values, "id": "acme/b"}).partition("sets:\n")[2]
    (tmp_path / "known_sets.yaml").write_text(text)
    with pytest.raises(KnowledgeError, match=message):
        load_knowledge(tmp_path)


def test_the_command_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["catalog", "sets", "NuminaMath-CoT"]) == 0
    assert "gpt-4o (rewriter)" in capsys.readouterr().out
