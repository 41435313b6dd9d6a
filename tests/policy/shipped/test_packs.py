"""The packs that are shipped: their names, their tables, no flaw."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.bundled import bundled
from auditor.knowledge.catalog import Knowledge
from auditor.policy.pack.load import CompiledPack, list_packs, load_pack
from auditor.policy.pack.older_words import RENAMED
from auditor.policy.testing.cases import evaluate, load_cases
from auditor.policy.testing.lint import Flaw, lint_pack
from auditor.policy.testing.rule_tests import mutate, run_tables, tables_of
from tests.policy.conftest import TODAY

NAMES = [path.stem for path in sorted(bundled("policies").glob("*.yaml"))]


def test_the_packs_are_shipped() -> None:
    assert {file.name for file in list_packs()} == {
        "default",
        "open-weights-release",
        "research-only",
        "internal-commercial",
        "commercial-api",
        "fair-use-review",
        "eu-placement",
        "teachers-allowed",
        "weights-only",
        "disclosed-only",
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_is_tested_and_its_mutants_are_noticed(name: str, knowledge: Knowledge) -> None:
    loaded = load_pack(name)
    table = tables_of(loaded)
    report = run_tables(loaded, knowledge, table)
    assert (report.failures, report.untested) == ([], [])
    assert report.passed
    assert mutate(loaded, table, only=name).score >= 0.9


@pytest.mark.parametrize("name", ["default", "eu-placement"])
def test_shipped_packs_have_no_flaw(name: str) -> None:
    assert lint_pack(load_pack(name)) == ()


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the default pack and its table as somebody may have copied them before words were renamed."""
    folder = tmp_path_factory.mktemp("older")
    (folder / "tests").mkdir()
    for name in ("default.yaml", "tests/default.yaml"):
        text = (bundled("policies") / name).read_text(encoding="utf-8")
        for old, new in RENAMED.items():
            text = text.replace(new, old)
        assert "fit." in text
        assert "assessment." not in text
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "default.yaml"


def test_a_pack_with_older_words_decides_every_published_case_alike(
    older: Path, shared: Path, default: CompiledPack, knowledge: Knowledge
) -> None:
    pack = load_pack(older)
    files = ("golden/policy_cases.yaml", "golden/policy_cases_2.yaml")
    cases = [case for name in files for case in load_cases(shared / name)]
    assert len(cases) >= 68
    for case in cases:
        assert evaluate(case, pack, knowledge, TODAY) == evaluate(case, default, knowledge, TODAY)


def test_a_pack_with_older_words_is_told_the_new_ones_once_a_rule(older: Path) -> None:
    pack = load_pack(older)
    found = lint_pack(pack)
    assert {one.flaw for one in found} == {Flaw.RENAMED}
    told = [rule for one in found for rule in one.rules]
    texts = {rule.id: str(rule) for rule in pack.pack.rules}
    assert sorted(told) == sorted(id for id, text in texts.items() if "fit." in text)
    assert len(told) == len(set(told)) > 10
    assert "`fit.family` is `assessment.family` by now" in " ".join(one.message for one in found)


def test_a_new_name_of_a_word_changes_no_digest(older: Path, default: CompiledPack, tmp_path: Path) -> None:
    assert load_pack(older).digest == default.digest
    including = tmp_path / "house.yaml"
    including.write_text("pack: house\nversion: '1'\ntitle: t\ninclude: [default]\n")
    before = load_pack(including).digest
    (tmp_path / "default.yaml").write_text(older.read_text())
    assert load_pack(including).digest == before


def test_older_words_replace_no_shipped_rule(older: Path) -> None:
    changes = load_pack(older).changes
    assert (changes.shadows, changes.overrides, changes.disabled) == ((), (), ())


def test_the_table_of_a_pack_with_older_words_still_holds(older: Path, knowledge: Knowledge) -> None:
    pack = load_pack(older)
    assert run_tables(pack, knowledge, tables_of(pack)).passed
