"""Knowledge files are read strictly; an overlay adds and overrides, and is named in every result."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.domain.axes import Axis, OutputsUse
from auditor.domain.claim import Access
from auditor.domain.term_obligation import Trigger
from auditor.errors import KnowledgeError
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.load import BUILT_IN, load_folders, load_knowledge

TERMS = """\
schema_version: 1
terms:
- id: Terms-Acme
  name: Acme terms
  kind: service-terms
  version: '2026'
  url: https://acme.example/terms
  confidence: verified-from-text
  source: contract on file
  facts:
    outputs_train_other_models:
      value: allowed
"""
TEACHERS = """\
schema_version: 1
teachers:
- id: acme-1
  name: Acme 1
  developer: Acme
  access: api
  terms: [Terms-Acme]
  patterns: ['^acme-1.*$']
  confidence: verified-from-text
  source: contract on file
"""


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    """An overlay folder with one teacher and its terms."""
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "terms.yaml").write_text(TERMS, encoding="utf-8")
    (folder / "teachers.yaml").write_text(TEACHERS, encoding="utf-8")
    return folder


def test_the_shipped_knowledge_is_whole(knowledge: Knowledge) -> None:
    assert len(knowledge.teachers) >= 134
    assert len(knowledge.terms) >= 89
    assert len(knowledge.licenses) >= 102
    assert knowledge.overlays == ()


def test_loading_twice_gives_the_same_digest(knowledge: Knowledge) -> None:
    again = load_knowledge()
    assert again.digest == knowledge.digest
    assert again.terms == knowledge.terms


def test_every_axis_and_every_trigger_is_used(knowledge: Knowledge) -> None:
    seen = {clause.axis for terms in knowledge.terms.values() for clause in terms.facts.clauses()}
    assert seen == set(Axis)
    used = {condition.trigger for terms in knowledge.terms.values() for condition in terms.conditions}
    assert used == set(Trigger)


def test_a_silent_text_says_what_its_silence_stands_on(knowledge: Knowledge) -> None:
    for terms in knowledge.terms.values():
        silent = terms.facts.outputs.value is OutputsUse.SILENT
        assert silent == (terms.facts.silent_basis is not None)


def test_an_overlay_adds_entries_and_is_named(overlay: Path, knowledge: Knowledge) -> None:
    facts = load_knowledge(overlay)
    found = facts.resolve("acme-1-large", Access.API)
    assert (found.teacher, found.terms) == ("acme-1", ("Terms-Acme",))
    assert len(facts.overlays) == 1
    assert facts.overlays[0].startswith("ours@")
    assert found.overlays == facts.overlays
    assert facts.terms["Terms-Acme"].overlay == facts.overlays[0]  # type: ignore[index]
    assert facts.digest != knowledge.digest
    assert facts.version == knowledge.version


def test_an_overlay_overrides_an_entry_and_its_patterns_come_first(overlay: Path) -> None:
    text = TEACHERS.replace("acme-1\n", "openai-gpt-4o\n", 1).replace("^acme-1.*$", "^gpt-4o.*$")
    (overlay / "teachers.yaml").write_text(text, encoding="utf-8")
    assert load_knowledge(overlay).resolve("gpt-4o-mini", Access.API).terms == ("Terms-Acme",)


def test_an_overlay_may_hold_strings_hosts_and_ambiguous_names(overlay: Path) -> None:
    (overlay / "dataset_licenses.yaml").write_text(
        "schema_version: 1\nmaps:\n  hf:\n  - string: house-license\n    maps_to: [MIT]\n", encoding="utf-8"
    )
    with (overlay / "teachers.yaml").open("a", encoding="utf-8") as file:
        file.write("hosts:\n- id: house\n  match: '^house/'\n  adds_terms: [Terms-Acme]\n")
        file.write("ambiguous:\n- match: '^acme$'\n  candidates: [acme-1, openai-gpt-4]\n")
    facts = load_knowledge(overlay)
    assert facts.normalize_license("House-License").expression == "MIT"
    assert facts.resolve("house/Llama-3.1-8B").terms == ("LicenseRef-Llama-3.1-Community", "Terms-Acme")
    assert facts.resolve("acme").candidates == ("acme-1", "openai-gpt-4")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("terms.yaml", "value: allowed", "value: maybe", "unknown value 'maybe'"),
        ("terms.yaml", "value: allowed", "value: silent", "silent_basis"),
        ("terms.yaml", "  version: '2026'\n", "  version: '2026'\n  colour: red\n", "unknown field `colour`"),
        ("terms.yaml", "  name: Acme terms\n", "", "`name` must be text"),
        ("terms.yaml", "  name: Acme terms\n", "  name: a\n  name: b\n", "the key `name` is given twice"),
        ("terms.yaml", "kind: service-terms", "kind: ''", "unknown value"),
        ("terms.yaml", "  kind: service-terms\n", "", "`kind` is missing"),
        ("terms.yaml", "schema_version: 1", "schema_version: 7", "`schema_version` must be 1"),
        ("terms.yaml", "schema_version: 1", "schema_version: yes", "whole number"),
        ("terms.yaml", "schema_version: 1", "schema_version: 1\nmore: []", "unknown field `more`"),
        ("terms.yaml", "      value: allowed", "      value: allowed\n    mood:\n      value: x", "`mood`"),
        ("terms.yaml", "  facts:", "  effective_from: 2025\n  facts:", "must be a date"),
        ("terms.yaml", "  facts:", "  effective_from: '2025-13'\n  facts:", "must be a date"),
        ("terms.yaml", "  facts:", "  conditions: {}\n  facts:", "must be a list"),
        ("terms.yaml", "  facts:", "  conditions: [x]\n  facts:", "expected a mapping, found text"),
        ("terms.yaml", "  facts:", "  also_known_as: x\n  facts:", "list of texts"),
        (
            "terms.yaml",
            "  facts:",
            "  conditions:\n  - {obligation: territory, trigger: scale}\n  facts:",
            "`thresholds` belong",
        ),
        (
            "terms.yaml",
            "  facts:",
            "  conditions:\n  - {obligation: territory, trigger: always, certain: 3}\n  facts:",
            "true or false",
        ),
        (
            "terms.yaml",
            "  facts:",
            "  conditions:\n  - {obligation: territory, trigger: always, params: {a: 1}}\n  facts:",
            "texts to texts",
        ),
        ("terms.yaml", "terms:\n", "terms: 3\nx:\n", "must be a list"),
        ("terms.yaml", "schema_version: 1", "? [a]\n: 1", "a key must be plain text"),
        ("terms.yaml", "name: Acme terms", "name: !!python/name:os.system x", "not accepted"),
        ("terms.yaml", "name: Acme terms", "name: [", "valid YAML"),
        ("terms.yaml", "schema_version: 1", "a: &a [x]\nb: [*a, *a]", "an alias"),
        ("terms.yaml", "schema_version: 1", "a: &a [*a]", "an alias"),
        ("terms.yaml", "schema_version: 1", "schema_version: !!int one", "a value cannot be read"),
        ("terms.yaml", "name: Acme terms", "name: " + "[" * 5000 + "]" * 5000, "nest"),
        ("terms.yaml", TERMS, "- a\n", "must be a mapping at its top"),
        ("terms.yaml", TERMS, "", "must be a mapping at its top"),
        ("terms.yaml", "name: Acme terms", "name: " + "[" * 20 + "]" * 20, "nested too deep"),
        ("teachers.yaml", "[Terms-Acme]", "[Terms-Nobody]", "`Terms-Nobody`, which is not there"),
        ("teachers.yaml", "[Terms-Acme]", "[]", "`terms` is empty"),
        ("teachers.yaml", "access: api", "access: pigeon", "unknown value 'pigeon'"),
        ("teachers.yaml", "'^acme-1.*$'", "'^acme-1(.*$'", "not a regular expression"),
        ("teachers.yaml", "'^acme-1.*$'", "'^(a+)+$'", "repeats a repeat"),
        ("teachers.yaml", "  source:", "  inherits_base: nobody\n  source:", "`nobody`, which is not there"),
        ("teachers.yaml", "  source:", "  by_access: {pigeon: [acme-1]}\n  source:", "unknown access path"),
        (
            "teachers.yaml",
            "  source:",
            "  by_access: {open-weights: [x]}\n  source:",
            "`x`, which is not there",
        ),
        (
            "teachers.yaml",
            "  source:",
            "  terms_by_date:\n  - {from: '2025-01-01', terms: [Terms-Acme]}\n"
            "  - {from: '2024-01-01', terms: [Terms-Acme]}\n  source:",
            "overlap",
        ),
        (
            "teachers.yaml",
            "  source:",
            "  terms_by_date:\n  - {from: '2025-01', terms: [Terms-Acme]}\n  source:",
            "whole dates",
        ),
        (
            "teachers.yaml",
            "  source:",
            "  terms_by_date:\n  - {from: '2025-02-01', to: '2025-01-01', terms: [Terms-Acme]}\n  source:",
            "ends before it starts",
        ),
        (
            "teachers.yaml",
            "  source:",
            "  terms_by_date:\n  - {from: '2025-02-01', terms: []}\n  source:",
            "`terms` is empty",
        ),
        (
            "teachers.yaml",
            "teachers:",
            "ambiguous:\n- {match: x, candidates: [a]}\nteachers:",
            "two candidates",
        ),
        (
            "teachers.yaml",
            "teachers:",
            "hosts:\n- {id: h, adds_terms: [q]}\nteachers:",
            "`q`, which is not there",
        ),
    ],
)
def test_a_breach_of_the_schema_is_named_with_its_place(
    overlay: Path, file: str, old: str, new: str, said: str
) -> None:
    path = overlay / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        load_knowledge(overlay)
    assert said in str(error.value)
    assert error.value.where


def test_an_error_names_the_line_and_the_entry(overlay: Path) -> None:
    path = overlay / "teachers.yaml"
    path.write_text(TEACHERS + TEACHERS.partition("teachers:\n")[2], encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"teachers.yaml:11 \(acme-1\): duplicate id `acme-1`"):
        load_knowledge(overlay)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("licenses:\n- {id: X, name: X, family: odd}", "unknown value 'odd'"),
        ("maps: {hf: [{string: a, maps_to: []}]}", "`maps_to` is empty"),
        ("maps: {zz: []}", "unknown field `zz`"),
        ("maps: []", "expected a mapping"),
        (
            "licenses:\n- {id: X, name: X, family: custom, attribution: true, share_alike: none, "
            "non_commercial: unknown, no_derivatives: false, reach_to_models: silent, "
            "permissions: [commercial-use], confidence: from-memory, source: s}",
            "`non_commercial` is not false",
        ),
    ],
)
def test_license_entries_are_checked_too(overlay: Path, text: str, said: str) -> None:
    (overlay / "dataset_licenses.yaml").write_text(f"schema_version: 1\n{text}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=said):
        load_knowledge(overlay)


def test_folders_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="no such folder"):
        load_knowledge(tmp_path / "none")
    with pytest.raises(KnowledgeError, match="holds no knowledge file"):
        load_knowledge(tmp_path)
    (tmp_path / "terms.yaml").mkdir()
    with pytest.raises(KnowledgeError, match="cannot be read"):
        load_knowledge(tmp_path)


def test_files_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "terms.yaml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(KnowledgeError, match="not UTF-8"):
        load_knowledge(tmp_path)
    path.write_bytes(b"a" * (8 * 2**20 + 1))
    with pytest.raises(KnowledgeError, match="larger than"):
        load_knowledge(tmp_path)


def test_a_folder_by_itself_must_be_complete(overlay: Path) -> None:
    (overlay / "terms.yaml").unlink()
    with pytest.raises(KnowledgeError, match="Terms-Acme"):
        load_folders((overlay,))
    assert load_folders((BUILT_IN,)).digest == load_knowledge().digest
