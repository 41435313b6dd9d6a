"""Cards, license files and pipelines beside the rows are claims, and none is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.samples.claims.license_files import UNREADABLE_LICENSE
from auditor.samples.inputs.cards import UNREADABLE
from tests.samples.reading import claims, closed, read, run, write


def test_a_card_names_files_splits_and_license(tmp_path: Path) -> None:
    write(tmp_path / "keep/one.jsonl", {"text": "T"})
    write(tmp_path / "leave.jsonl", {"text": "T"})
    (tmp_path / "README.md").write_text(
        "---\nlicense: other\nlicense_name: llama3\nsource_datasets: [original, web/x]\n"
        "configs:\n- config_name: default\n  data_files:\n  - split: test\n    path: keep/*.jsonl\n"
        "  - split: evil\n    path: ../../*.jsonl\n---\n# Card\n"
    )
    source, _ = run(tmp_path)
    assert [(facts.name, facts.split) for facts in source.files] == [("keep/one.jsonl", "test")]
    assert claims(source) == [
        ("license", "llama3", "README.md:license_name", ""),
        ("source", "web/x", "README.md:source_datasets", ""),
    ]


@pytest.mark.parametrize("card", ["---\n: [\n---\n", "no yaml", "---\nWords", "---\n- list\n---\n"])
def test_prose_that_looks_like_a_card_says_nothing(tmp_path: Path, card: str) -> None:
    write(tmp_path / "a.jsonl", {"text": "T"})
    (tmp_path / "README.md").write_text(card)
    assert claims(run(tmp_path)[0]) == []


@pytest.mark.parametrize(
    ("card", "license_"),
    [
        ("license: cc-by-nc-4.0\n bad: [", UNREADABLE),
        ("license: cc-by-nc-4.0\nlicense: mit", UNREADABLE),
        ("license: cc-by-nc-4.0\nLicense: mit", UNREADABLE),
        ("- license: cc-by-nc-4.0", UNREADABLE),
        ("License: cc-by-nc-4.0", "cc-by-nc-4.0"),
        ("license: {name: cc-by-nc-4.0}", "cc-by-nc-4.0"),
        ("license: 5", "5"),
    ],
)
@pytest.mark.parametrize(
    ("name", "before"), [("README.md", ""), ("readme.md", "\n\n"), ("README.md", "\ufeff")]
)
def test_a_license_in_a_card_is_never_passed_over(
    tmp_path: Path, card: str, license_: str, name: str, before: str
) -> None:
    write(tmp_path / "a.jsonl", {"text": "T"})
    (tmp_path / name).write_text(f"{before}---\n{card}\n---\n", encoding="utf-8")
    assert claims(run(tmp_path)[0]) == [("license", license_, "README.md:license", "")]


def test_every_card_above_a_file_counts(tmp_path: Path) -> None:
    for folder, license_ in (("set", "mit"), ("set/data", "cc-by-4.0"), ("set/data/inner", "cc-by-nc-4.0")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "README.md").write_text(f"---\nlicense: {license_}\n---\n")
    write(tmp_path / "set/data/inner/a.jsonl", {"text": "A"})
    (tmp_path / "set/data/inner/LICENSE").write_text("SPDX-License-Identifier: CC0-1.0")
    source, _ = run(tmp_path / "set/data")
    assert [(value, where) for _, value, where, _ in claims(source)] == [
        ("CC0-1.0", "inner/LICENSE"),
        ("cc-by-nc-4.0", "inner/README.md:license"),
        ("cc-by-4.0", "README.md:license"),
        ("mit", "../README.md:license"),
    ]


def test_license_files(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"text": "T"})
    (tmp_path / "LICENSE").write_text("\n   Apache License\n   Version 2.0, January 2004\n")
    assert claims(run(tmp_path)[0]) == [
        ("license", "Apache License\n   Version 2.0, January 2004", "LICENSE", "")
    ]
    assert claims(run(path)[0]) == []
    (tmp_path / "DATA_LICENSE").write_text("Attribution-NonCommercial 4.0 International\n\nText")
    for argument in (path, tmp_path):
        assert claims(run(argument)[0]) == [
            ("license", "Attribution-NonCommercial 4.0 International\n\nText", "DATA_LICENSE", "")
        ]


def test_every_license_file_counts_however_it_is_spelled(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", {"text": "T"})
    (tmp_path / "LICENSE").write_text("# SPDX-License-Identifier: MIT\n# SPDX-License-Identifier: ISC\n")
    (tmp_path / "license.rst").write_text("no SPDX-License-Identifier: MIT")
    assert [(value, where) for _, value, where, _ in claims(run(tmp_path)[0])] == [
        ("MIT", "LICENSE"),
        ("ISC", "LICENSE"),
        ("no SPDX-License-Identifier: MIT", "license.rst"),
    ]
    (tmp_path / "LICENSE-DATA").write_text("CC-BY-4.0")
    assert claims(run(tmp_path)[0]) == [("license", "CC-BY-4.0", "LICENSE-DATA", "")]


def test_a_card_that_names_two_licenses_claims_both(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", {"text": "T"})
    (tmp_path / "README.md").write_text("---\nlicense: mit\nlicense_name: cc-by-nc-4.0\n---\n")
    assert [value for _, value, _, _ in claims(run(tmp_path)[0])] == ["mit", "cc-by-nc-4.0"]


def test_pipelines_of_several_models_and_broken_ones(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", {"text": "T"})
    pipeline = tmp_path / "pipeline.yaml"
    pipeline.write_text("pipeline: {steps: [{step: {llm: {model: [gpt-4o, yi]}}}]}")
    assert [value for _, value, _, _ in claims(run(tmp_path)[0])] == ["gpt-4o", "yi"]
    pipeline.write_text("pipeline: [")
    assert [value for _, value, _, _ in claims(run(tmp_path)[0])] == ["a pipeline that cannot be read"]


def test_distilabel_pipelines(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", {"instruction": "Q", "generation": "A"})
    (tmp_path / "pipeline.yaml").write_text(
        "pipeline:\n  steps:\n  - name: write\n    step:\n      llm: {model: gpt-4o}\n"
        "  - name: load\n    step: {}\n"
    )
    assert claims(run(tmp_path)[0]) == [("teacher", "gpt-4o", "pipeline.yaml:write.llm.model", "")]


def test_a_card_that_may_not_be_opened_leaves_the_license_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "A", "license": "mit"}\n')
    for name in ("README.md", "LICENSE"):
        (tmp_path / name).write_text("closed")
        closed(tmp_path / name, monkeypatch)
    [held] = read(tmp_path).claim_sets
    assert [claim.value for claim in held.claims] == ["mit", UNREADABLE_LICENSE, UNREADABLE]


@pytest.mark.parametrize(
    ("name", "heard"), [("sub", True), ("notes", True), ("eval", False), ("code", False)]
)
def test_documents_of_a_folder_without_data_speak_of_the_data_beside_it(
    tmp_path: Path, name: str, heard: bool
) -> None:
    write(tmp_path / "a.jsonl", {"text": "T"})
    (tmp_path / name).mkdir()
    (tmp_path / name / "README.md").write_text("The answers were generated with gpt-4o.\n")
    found = [("teacher", "gpt-4o", f"{name}/README.md", "")]
    assert claims(run(tmp_path)[0]) == (found if heard else [])
    write(tmp_path / name / "b.jsonl", {"text": "T"})
    of_file = run(tmp_path)[0].claim_sets[0].claims
    assert of_file == ()


@pytest.mark.parametrize(("folder", "heard"), [("train", True), ("data", True), ("letters", False)])
def test_the_card_above_the_folder_of_a_split_speaks_of_it(tmp_path: Path, folder: str, heard: bool) -> None:
    write(tmp_path / folder / "a.jsonl", {"text": "T"})
    (tmp_path / "README.md").write_text("---\nteacher: gpt-4o\n---\n")
    for argument in (tmp_path / folder, tmp_path / folder / "a.jsonl"):
        assert bool(claims(run(argument)[0])) is heard
