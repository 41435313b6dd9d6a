"""Strings as cards, collections and code sets spell them: each is read for what it says, and no more."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.domain.license import LicenseStatus
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.license_spellings import key_of

with (Path(__file__).parent / "license_strings.tsv").open(encoding="utf-8", newline="") as file:
    STRINGS = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", STRINGS, ids=[row["string"] for row in STRINGS])
def test_a_spelling_is_read(knowledge: Knowledge, row: dict[str, str]) -> None:
    read = knowledge.normalize_license(row["string"])
    found = (read.expression, read.status.value, " ".join(read.candidates))
    assert found == (row["expression"], row["status"], row["candidates"])


@pytest.mark.parametrize(
    "text",
    [
        "not MIT",
        "MIT (modified)",
        "MIT license, unless stated otherwise",
        "Apache 2.0 with Commons Clause",
        "CC BY 4.0 for the code",
        "GPL v3 and friends",
        "almost CC0",
        "MIT? (ask first)",
        "MIT?",
        "Apache 2.0 ?",
        "(MIT",
        "CC BY 4.0 (non commercial)",
        "Apache 9",
        "python script",
    ],
)
def test_words_beside_a_name_are_not_passed_over(knowledge: Knowledge, text: str) -> None:
    assert knowledge.normalize_license(text).status is not LicenseStatus.KNOWN


def test_a_list_holds_all_of_its_licenses(knowledge: Knowledge) -> None:
    read = knowledge.normalize_license("[mit, cc-by-nc-4.0, something of ours]")
    assert read.expression == "MIT AND CC-BY-NC-4.0 AND NOASSERTION"
    assert read.status is LicenseStatus.UNKNOWN


def test_a_remark_tells_which_of_several_is_meant(knowledge: Knowledge) -> None:
    assert knowledge.normalize_license("Mozilla Public License (MPL 2.0)").expression == "MPL-2.0"
    assert knowledge.normalize_license("CC-BY-NC-4.0 (non-commercial use only)").expression == "CC-BY-NC-4.0"


@given(st.sampled_from([row["string"] for row in STRINGS if row["status"] == "known"]))
def test_case_blanks_and_a_period_change_nothing(text: str) -> None:
    assert key_of(f"  {text.upper()} . ") == key_of(text)
