"""Licenses of the same rows in one published work: which join, which bar it, and what nobody wrote down."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.domain.claim import Basis
from auditor.domain.origin import OriginLicense
from auditor.knowledge.catalog import Knowledge
from auditor.policy.facts.dataset_licenses import may_clash
from auditor.policy.facts.knowledge_view import KnowledgeView
from tests.policy.conftest import Evaluate


def _merged(verdict_on: Evaluate, licenses: list[str], **facts: bool) -> Any:
    told = {"dataset_published": True, "dataset_merged": True, "dataset_modified": True, **facts}
    return verdict_on(
        "qwen-3-apache",
        dataset_licenses=licenses,
        intended_use="internal-commercial",
        student_release_license="none",
        facts=told,
    )


@pytest.mark.parametrize(
    "licenses",
    [
        ["CDLA-Sharing-1.0", "CC-BY-SA-4.0"],
        ["CDLA-Sharing-1.0", "GPL-3.0-only"],
        ["CDLA-Sharing-1.0", "ODbL-1.0"],
        ["ODbL-1.0", "CC-BY-SA-4.0"],
        ["GPL-2.0-only", "AGPL-3.0-only"],
        ["GPL-2.0-only", "Apache-2.0"],
        ["Apache-2.0 AND GPL-2.0-only"],
        ["LGPL-2.1-only", "CC-BY-SA-4.0"],
        ["MPL-2.0", "CC-BY-SA-4.0"],
        ["AGPL-3.0-or-later", "GPL-2.0-only"],
        ["GPL-2.0-or-later", "GPL-2.0-only", "Apache-2.0"],
        ["CDLA-Sharing-1.0 OR ODbL-1.0", "CC-BY-SA-4.0"],
    ],
)
def test_share_alike_of_any_kind_that_no_text_joins_is_a_question(
    verdict_on: Evaluate, licenses: list[str]
) -> None:
    for way in (licenses, licenses[::-1]):
        answer = _merged(verdict_on, way)
        assert answer["outcome"] == "review", way
        assert "license-clash-possible" in {reason["rule"] for reason in answer["reasons"]}
    assert _merged(verdict_on, licenses, dataset_merged=False)["outcome"] == "allow-with-obligations"
    assert _merged(verdict_on, licenses, dataset_published=False)["outcome"] != "review"


@pytest.mark.parametrize(
    "licenses",
    [
        ["GPL-2.0-or-later", "GPL-3.0-only"],
        ["GPL-2.0-or-later", "Apache-2.0"],
        ["GPL-2.0-or-later", "AGPL-3.0-only"],
        ["GPL-2.0+", "CC-BY-SA-4.0"],
        ["CC-BY-SA-4.0 OR MIT", "GPL-2.0-only"],
        ["(CC-BY-SA-4.0 AND MIT) OR Apache-2.0", "GPL-3.0-only"],
        ["GPL-2.0-only OR GPL-3.0-only", "Apache-2.0"],
        ["GPL-3.0-only", "AGPL-3.0-only"],
        ["LGPL-2.1-only", "GPL-3.0-only"],
        ["MPL-2.0", "LGPL-3.0-only"],
        ["GPL-3.0-only", "Apache-2.0", "MIT"],
    ],
)
def test_licenses_join_where_one_way_of_taking_them_does(verdict_on: Evaluate, licenses: list[str]) -> None:
    for way in (licenses, licenses[::-1]):
        assert _merged(verdict_on, way)["outcome"] == "allow-with-obligations", way


@pytest.mark.parametrize(
    "licenses",
    [
        ["GPL-2.0-only", "GPL-3.0-only"],
        ["GPL-3.0-or-later", "GPL-2.0-only"],
        ["CC-BY-SA-4.0 AND MIT", "GPL-2.0-only"],
        ["CC-BY-SA-4.0 OR CC-BY-SA-3.0", "GPL-2.0-only"],
        # The one choice that suits each of the two does not suit the other.
        ["GPL-2.0-only OR GPL-3.0-only", "GPL-2.0-only", "GPL-3.0-only"],
    ],
)
def test_licenses_that_no_way_of_taking_them_joins_deny(verdict_on: Evaluate, licenses: list[str]) -> None:
    assert _merged(verdict_on, licenses)["outcome"] == "deny"


def test_choices_that_suit_two_by_two_must_suit_all_at_once(knowledge: Knowledge) -> None:
    lookup = KnowledgeView(knowledge)
    texts = ["GPL-2.0-or-later", "GPL-2.0-only OR MIT", "Apache-2.0 AND (CC-BY-SA-4.0 OR GPL-3.0-only)"]
    joined, barred = (
        [lookup.grants(OriginLicense(one, one, Basis.ROW)) for one in (*texts, last)]
        for last in ("MIT", "GPL-2.0-only")
    )
    assert not may_clash(joined[0], joined)
    assert may_clash(barred[0], barred)


def test_many_choices_end_soon(knowledge: Knowledge) -> None:
    lookup = KnowledgeView(knowledge)
    text = " AND ".join(["(CC-BY-SA-4.0 OR GPL-2.0-only OR ODbL-1.0)"] * 12)
    grants = [lookup.grants(OriginLicense(text, text, Basis.ROW))] * 12
    leaf = lookup.grants(OriginLicense("CDLA-Sharing-1.0", "CDLA-Sharing-1.0", Basis.ROW))
    assert may_clash(leaf, [leaf, *grants])
