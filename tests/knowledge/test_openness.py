"""One definition of *open*, held against a table over all pairs of grades."""

from __future__ import annotations

import itertools

import pytest

from auditor.domain.terms import Openness, TermsKind
from auditor.knowledge.catalog import Knowledge
from auditor.knowledge.openness import is_open, license_openness, openness

OPEN, LIMITED, NOTHING, UNKNOWN = "MIT", "CC-BY-NC-4.0", "NONE", "NOASSERTION"
_TRUTH = {OPEN: True, LIMITED: False, NOTHING: False, UNKNOWN: None}


def _either(left: bool | None, right: bool | None) -> bool | None:
    return True if True in (left, right) else None if None in (left, right) else False


def _both(left: bool | None, right: bool | None) -> bool | None:
    return False if False in (left, right) else None if None in (left, right) else True


@pytest.mark.parametrize(("left", "right"), list(itertools.product(_TRUTH, repeat=2)))
def test_an_or_needs_one_open_part_and_an_and_needs_all(knowledge: Knowledge, left: str, right: str) -> None:
    ored, anded = (is_open(license_openness(knowledge, f"{left} {word} {right}")) for word in ("OR", "AND"))
    assert ored is _either(_TRUTH[left], _TRUTH[right])
    assert anded is _both(_TRUTH[left], _TRUTH[right])


@pytest.mark.parametrize(
    ("expression", "grade"),
    [
        ("GPL-3.0-or-later", Openness.OPEN),
        ("gpl-2.0+", Openness.OPEN),
        ("Apache-2.0 WITH LLVM-exception", Openness.OPEN),
        ("Apache-2.0 WITH Commons-Clause", Openness.UNKNOWN),
        ("(MIT AND CC-BY-NC-4.0) OR Apache-2.0", Openness.OPEN),
        ("(MIT OR CC-BY-NC-4.0) AND NONE", Openness.CLOSED),
        ("none", Openness.CLOSED),
        ("NONE", Openness.CLOSED),
        ("", Openness.UNKNOWN),
        ("LicenseRef-nobody-knows", Openness.UNKNOWN),
    ],
)
def test_a_license_is_graded_by_its_expression(
    knowledge: Knowledge, expression: str, grade: Openness
) -> None:
    assert license_openness(knowledge, expression) is grade


def test_text_without_a_model_is_held_by_no_terms(knowledge: Knowledge) -> None:
    assert openness(knowledge, "none") is Openness.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Apache-2.0", Openness.OPEN),
        ("mit", Openness.OPEN),
        ("CC-BY-SA-4.0", Openness.OPEN),
        ("CC-BY-NC-4.0", Openness.SOURCE_AVAILABLE),
        ("CC-BY-ND-4.0", Openness.SOURCE_AVAILABLE),
        ("LicenseRef-Llama-3.1-Community", Openness.SOURCE_AVAILABLE),
        ("LicenseRef-BigScience-OpenRAIL-M", Openness.SOURCE_AVAILABLE),
        ("Terms-Gemini-API", Openness.CLOSED),
        ("none", Openness.NOT_APPLICABLE),
        ("MIT AND Apache-2.0", Openness.OPEN),
        ("MIT AND CC-BY-NC-4.0", Openness.SOURCE_AVAILABLE),
        ("MIT OR CC-BY-NC-4.0", Openness.OPEN),
        ("MIT AND NOASSERTION", Openness.UNKNOWN),
        ("proprietary", Openness.UNKNOWN),
        ("No License", Openness.CLOSED),
        ("CC BY", Openness.UNKNOWN),
        ("Custom", Openness.UNKNOWN),
    ],
)
def test_open_means_without_limits_of_use(knowledge: Knowledge, text: str, status: Openness) -> None:
    assert openness(knowledge, text) is status


def test_services_are_never_open(knowledge: Knowledge) -> None:
    kinds = {t.openness for t in knowledge.terms.values() if t.kind is TermsKind.SERVICE}
    assert kinds == {Openness.CLOSED}
