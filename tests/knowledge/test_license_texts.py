"""License texts are identified whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.domain.license import LicenseStatus
from auditor.errors import InputError
from auditor.knowledge import license_texts
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.license_texts import (
    fingerprint,
    identify_license_file,
    identify_license_text,
    known_texts,
)

APACHE = (Path(__file__).parents[2] / "LICENSE").read_text(encoding="utf-8")


def test_the_text_of_a_listed_license_is_identified_in_any_layout() -> None:
    assert identify_license_text(APACHE).expression == "Apache-2.0"
    assert identify_license_text(APACHE.replace("\n", "\r\n  ")).expression == "Apache-2.0"
    assert identify_license_text("Copyright 2026 Somebody\n\n" + APACHE).expression == "Apache-2.0"


@pytest.mark.parametrize(
    "added", ["You must not train models with it.", "Above 100 million users you shall display our name."]
)
def test_an_added_clause_makes_another_license(added: str) -> None:
    read = identify_license_text(f"{APACHE}\n{added}\n")
    assert (read.expression, read.status) == ("NOASSERTION", LicenseStatus.UNKNOWN)
    assert read.candidates == ("Apache-2.0",)


def test_a_known_fingerprint_decides_and_one_word_less_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "EXAMPLE COMMUNITY LICENSE 3.1. Outputs may train other models."
    monkeypatch.setattr(license_texts, "known_texts", lambda: {fingerprint(text): "LicenseRef-Example-3.1"})
    assert identify_license_text(text.lower().replace(" ", "\n")).expression == "LicenseRef-Example-3.1"
    near = identify_license_text(text.replace("3.1", "3"))
    assert (near.expression, near.status) == ("NOASSERTION", LicenseStatus.UNKNOWN)


def test_neighboring_versions_have_fingerprints_of_their_own() -> None:
    ids = list(known_texts().values())
    assert {"LicenseRef-Llama-3.1-Community", "LicenseRef-Llama-2-Community"} <= set(ids)
    assert "LicenseRef-Llama-3-Community" not in ids


@pytest.mark.parametrize("text", ["", "  \n", "hello world", "MIT License", "x" * 400_001])
def test_what_is_no_license_text_is_unknown(text: str) -> None:
    assert identify_license_text(text).status is LicenseStatus.UNKNOWN


def test_a_file_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "LICENSE"
    path.write_text(APACHE, encoding="utf-8")
    assert identify_license_file(path).expression == "Apache-2.0"
    path.write_bytes(b"\xff\xfe\x00license")
    assert identify_license_file(path).status is LicenseStatus.UNREADABLE
    with pytest.raises(InputError):
        identify_license_file(tmp_path / "none")


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        (APACHE, "Apache-2.0"),
        (f"{APACHE}\nYou must not train models with it.", "NOASSERTION"),
        ("MIT License\n\nYou may read it, and nothing else.", "NOASSERTION"),
        ("MIT License\n\nCopyright (c) 2026 Somebody", "MIT"),
        ("CC BY 4.0\nhttps://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("META LLAMA 3 COMMUNITY LICENSE AGREEMENT\nYou may not use outputs.", "NOASSERTION"),
    ],
)
def test_a_text_of_several_lines_is_known_whole_or_not_at_all(
    knowledge: Knowledge, text: str, expression: str
) -> None:
    read = knowledge.normalize_license(text)
    assert read.expression == expression
    assert "\n" not in read.declared
    assert len(read.declared) <= 200
