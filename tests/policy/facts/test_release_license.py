"""What a release license says, as far as free text lets one read it."""

from __future__ import annotations

import pytest

from auditor.domain.tribool import Tribool
from auditor.ids import TermsId
from auditor.knowledge.catalog import Knowledge
from auditor.policy.facts.knowledge_view import KnowledgeView
from auditor.policy.facts.release_license import ReleaseKind, release_of
from tests.policy.conftest import Evaluate


def test_release_licenses_are_read_as_far_as_they_go(knowledge: Knowledge) -> None:
    lookup = KnowledgeView(knowledge)
    kinds = {
        "none": ReleaseKind.NONE,
        "Proprietary": ReleaseKind.PROPRIETARY,
        "unknown": ReleaseKind.UNKNOWN,
        "MIT": ReleaseKind.OPEN,
        "MIT AND Apache-2.0": ReleaseKind.OPEN,
        "CC-BY-NC-4.0": ReleaseKind.NON_COMMERCIAL,
        "LicenseRef-Llama-3.1-Community": ReleaseKind.SOURCE_AVAILABLE,
        "Apache-2.0 + Gemma use restrictions": ReleaseKind.SOURCE_AVAILABLE,
        "something our lawyers wrote": ReleaseKind.UNPARSED,
        "MIT AND LicenseRef-Nobody": ReleaseKind.UNPARSED,
    }
    assert {text: release_of(text, lookup).kind for text in kinds} == kinds
    gemma = lookup.knowledge.terms[next(t for t in lookup.knowledge.terms if t == "LicenseRef-Gemma-ToU")]
    carried = {text: release_of(text, lookup).carries_restrictions(gemma) for text in kinds}
    assert carried["Apache-2.0 + Gemma use restrictions"] is Tribool.YES
    assert carried["MIT"] is Tribool.NO
    assert carried["something our lawyers wrote"] is Tribool.UNKNOWN
    assert release_of("MIT + DeepSeek use restrictions", lookup).carries_restrictions(gemma) is Tribool.NO
    assert release_of("LicenseRef-Gemma-ToU", lookup).carries_restrictions(gemma) is Tribool.YES


@pytest.mark.parametrize(
    ("release", "kind"),
    [
        ("CC-BY-NC-4.0", "non-commercial"),
        ("CC-BY-NC-4.0 AND MIT", "non-commercial"),
        ("CC-BY-NC-4.0 OR MIT", "open"),
        ("MIT OR NONE", "open"),
        ("MIT AND CC-BY-ND-4.0", "source-available"),
        ("CC-BY-NC-4.0 OR CC-BY-NC-SA-4.0", "non-commercial"),
        ("MIT OR Apache-2.0", "open"),
        ("LicenseRef-MRL-0.1", "non-commercial"),
    ],
)
def test_a_release_is_non_commercial_only_if_every_choice_is(
    knowledge: Knowledge, release: str, kind: str
) -> None:
    assert release_of(release, KnowledgeView(knowledge)).kind == kind


def test_restrictions_that_the_recipient_may_choose_away_are_not_carried(knowledge: Knowledge) -> None:
    lookup = KnowledgeView(knowledge)
    gemma = lookup.knowledge.terms[TermsId("LicenseRef-Gemma-ToU")]
    carried = [
        release_of(text, lookup).carries_restrictions(gemma)
        for text in ("MIT AND LicenseRef-Gemma-ToU", "MIT OR LicenseRef-Gemma-ToU")
    ]
    assert carried == [Tribool.YES, Tribool.NO]


@pytest.mark.parametrize(
    "gap",
    ["NOASSERTION", "LicenseRef-Unknown", "NOASSERTION OR Apache-2.0", "LicenseRef-Custom", "Various",
     "MIT AND LicenseRef-Unknown"],
)  # fmt: skip
@pytest.mark.parametrize(
    "told",
    [
        {"intended_use": "open-weights-release"},
        {"intended_use": "research-only", "dataset_licenses": ["CC-BY-NC-4.0"]},
        {
            "intended_use": "research-only",
            "student_base": {"name": "google/gemma-2-9b", "terms": "LicenseRef-Gemma-ToU"},
        },
    ],
)
def test_a_release_license_that_is_a_gap_is_review_whatever_else_is_known(
    verdict_on: Evaluate, told: dict[str, object], gap: str
) -> None:
    assert verdict_on("qwen-3-apache", **told, student_release_license=gap)["outcome"] == "review"


@pytest.mark.parametrize(
    "text",
    [
        "Apache-2.0 with the Gemma use restrictions removed",
        "Apache-2.0 with the Gemma use restrictions; Gemma use restrictions waived",
        "Apache-2.0 with Gemma use restrictions that cannot apply",
        "Gemma use restrictions don't apply",
        "Gemma use restrictions, lifted",
        "Apache-2.0 with Gemma use restrictions (waived)",
        "Apache-2.0 with optional Gemma use restrictions",
        "Gemma use restrictions recommended",
        "Gemma use restrictions or Apache-2.0",
        "Apache-2.0 OR MIT with Gemma use restrictions",
        "MIT/Apache-2.0 + Gemma use restrictions",
        "no service terms with Gemma use restrictions",
    ],
)
def test_a_word_too_many_beside_use_restrictions_leaves_a_release_unread(
    knowledge: Knowledge, verdict_on: Evaluate, text: str
) -> None:
    assert release_of(text, KnowledgeView(knowledge)).kind is ReleaseKind.UNPARSED
    base = {"name": "google/gemma-2-9b", "terms": "LicenseRef-Gemma-ToU"}
    told = {"intended_use": "open-weights-release", "student_base": base}
    assert verdict_on("qwen-3-apache", **told, student_release_license=text)["outcome"] == "review"


@pytest.mark.parametrize(
    "text",
    [
        "Gemma use restrictions",
        "Apache-2.0 WITH the Gemma use restrictions (Section 3.2)",
        "Apache-2.0 AND MIT with Gemma use restrictions",
        "MIT and DeepSeek use restrictions, Gemma use-restrictions",
        "Apache License 2.0 + Gemma use restrictions",
    ],
)
def test_use_restrictions_that_only_join_a_license_are_carried(knowledge: Knowledge, text: str) -> None:
    lookup = KnowledgeView(knowledge)
    gemma = lookup.knowledge.terms[TermsId("LicenseRef-Gemma-ToU")]
    assert release_of(text, lookup).carries_restrictions(gemma) is Tribool.YES
