"""Words of licenses: in values by the name of their column, and in sentences about this data or another."""

from __future__ import annotations

import pytest

from auditor.samples.claims.license_words import bars, license_in, speaks_of_terms


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("restriction", "NC"),
        ("cc", "by-nc"),
        ("license_family", "nc"),
        ("usage", "non-commercial"),
        ("allowedUse", "research only"),
        ("terms_of_use", "academic use only"),
        ("data_usage_policy", "personal use only"),
        ("use_restrictions", "no redistribution"),
        ("permissions", "by-nc-sa 4.0"),
        ("sharing", "CC-BY-NC-4.0 AND MIT"),
        ("sharing", "(MIT OR Apache-2.0) AND GPL-2.0-only WITH Classpath-exception-2.0"),
        ("deed", "https://creativecommons.org/licenses/by-nc/4.0/"),
        ("note", "non_commercial"),
    ],
)
def test_a_value_is_a_license_where_its_column_speaks_of_terms(column: str, value: str) -> None:
    assert license_in(value, speaks_of_terms(column), column) == value


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state", "NC"),
        ("grade", "by-nc"),
        ("cc", "bob@example.org"),
        ("usage", "train"),
        ("usage_count", "3"),
        ("restriction", "none"),
        ("intended_use", "research"),
        ("department", "research"),
        ("schools", "MIT OR Harvard"),
        ("doctor.license", "A-123"),
        ("contractor_license", "B 4711"),
    ],
)
def test_what_only_looks_like_one_is_none(column: str, value: str) -> None:
    assert license_in(value, speaks_of_terms(column), column) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Not for commercial use.",
        "Unlike other sets, this one may not be used commercially.",
        "Like most corpora, it is for research use only.",
        "The code is MIT, but the data is for non-commercial use.",
        "Other sets are free; these rows may not be used for commercial purposes.",
    ],
)
def test_a_sentence_bars_commerce_with_this_data(sentence: str) -> None:
    assert bars(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Other sets are not for commercial use; this one is CC0.",
        "Many similar corpora are limited to research use, while this one is free.",
        "Most existing data cannot be used commercially, but ours can.",
        "It is free for commercial and non-commercial use.",
        "It is not limited to non-commercial use.",
    ],
)
def test_a_sentence_about_other_data_bars_nothing(sentence: str) -> None:
    assert not bars(sentence)
