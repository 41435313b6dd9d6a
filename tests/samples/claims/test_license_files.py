"""A license file states what it says in few lines or as a whole; one that may be of code can only bar."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.domain.claim import Basis
from auditor.samples.claims.beside import beside_files
from auditor.samples.claims.license_files import stated_licenses
from auditor.samples.inputs.sources import find_files
from tests.samples.reading import claims, run, write


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("MIT\n", ["MIT"]),
        ("License: MIT\n", ["MIT"]),
        ("# License\n\nThis dataset is licensed under CC BY 4.0.\n", ["CC BY 4.0"]),
        ("Copyright 2026 Acme\n\nCC-BY-4.0\n", ["CC-BY-4.0"]),
        (
            "# License\n\n[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)\n",
            ["CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"],
        ),
        ("SPDX-License-Identifier: CC0-1.0\nwords", ["CC0-1.0"]),
    ],
)
def test_a_short_statement_is_read_as_a_license(tmp_path: Path, text: str, stated: list[str]) -> None:
    (tmp_path / "LICENSE").write_text(text)
    assert stated_licenses(tmp_path / "LICENSE") == stated


@pytest.mark.parametrize(
    "text",
    [
        "MIT\n\nNot for military use.",
        "All code in this repository is licensed under MIT.",
        "MIT, but ask us first",
        "The data is licensed under CC BY 4.0 and for research only.",
        "MIT " * 400,
    ],
)
def test_a_text_that_says_more_is_read_as_a_whole(tmp_path: Path, text: str) -> None:
    (tmp_path / "LICENSE").write_text(text)
    assert stated_licenses(tmp_path / "LICENSE") == [text.strip()]


@pytest.mark.parametrize("name", ["LICENSE", "LICENCE.md", "LIZENZ.txt", "LICENCIA", "licenza.rst"])
def test_license_files_are_known_in_several_languages(tmp_path: Path, name: str) -> None:
    write(tmp_path / "a.jsonl", {"text": "T"})
    (tmp_path / name).write_text("CC-BY-NC-4.0\n")
    source, _ = run(tmp_path)
    assert claims(source) == [("license", "CC-BY-NC-4.0", name, "")]
    assert source.claim_sets[0].claims[0].basis is Basis.SIDE_FILE


CODE = [
    ("pyproject.toml", '[project]\nname = "x"\nlicense = "{}"\n'),
    ("pyproject.toml", '[project]\nlicense = {{text = "{}"}}\n'),
    ("package.json", '{{"name": "x", "license": "{}"}}'),
    ("Cargo.toml", '[package]\nlicense = "{}"\n'),
]


@pytest.mark.parametrize(("name", "content"), CODE)
def test_the_license_of_a_package_beside_the_data_bars_and_grants_nothing(
    tmp_path: Path, name: str, content: str
) -> None:
    def said(license: str) -> list[tuple[str, Basis]]:
        (tmp_path / name).write_text(content.format(license))
        held = run(tmp_path)[0].claim_sets[0].claims
        return [(one.value, one.basis) for one in held]

    write(tmp_path / "a.jsonl", {"text": "T"})
    assert said("CC-BY-NC-4.0") == [("CC-BY-NC-4.0", Basis.INFERRED)]
    bound = {one.digest for one in beside_files(find_files([str(tmp_path)]))}
    assert said("MIT") == []
    assert said("GPL-3.0") == []
    assert bound.isdisjoint(one.digest for one in beside_files(find_files([str(tmp_path)])))


@pytest.mark.parametrize(
    ("folder", "argument"), [("data", "data/a.jsonl"), ("data", "data"), ("", "a.jsonl")]
)
def test_a_license_that_may_be_of_code_bars_and_grants_nothing(
    tmp_path: Path, folder: str, argument: str
) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    write(tmp_path / folder / "a.jsonl", {"text": "T"})
    (tmp_path / "LICENSE").write_text("Attribution-NonCommercial 4.0 International\n\nText of the license")
    (one,) = run(tmp_path / argument)[0].claim_sets[0].claims
    assert one.basis is Basis.INFERRED
    (tmp_path / "LICENSE").write_text("Apache License\nVersion 2.0\n")
    assert claims(run(tmp_path / argument)[0]) == []


@pytest.mark.parametrize(
    ("key", "said"), [("lizenz", "CC BY-NC 4.0"), ("licencia", "MIT"), ("licence", "MIT")]
)
def test_a_cards_license_is_known_in_several_languages(tmp_path: Path, key: str, said: str) -> None:
    write(tmp_path / "a.jsonl", {"text": "T"})
    (tmp_path / "README.md").write_text(f"---\n{key}: {said}\n---\n")
    assert claims(run(tmp_path)[0]) == [("license", said, f"README.md:{key}", "")]
