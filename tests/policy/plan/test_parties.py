"""Permissions are held from a party, by the names that a plan may use."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from auditor.domain.plan import FactValue
from auditor.domain.tribool import Tribool
from auditor.knowledge.catalog import Knowledge
from auditor.policy.plan.parties import Party, competes, held, party_of
from auditor.policy.plan.plans import plan_from


@pytest.fixture
def mistral(knowledge: Knowledge) -> Party:
    terms = next(one for id, one in knowledge.terms.items() if str(id) == "LicenseRef-MRL-0.1")
    return party_of("Mistral AI", terms, "mistral-mrl")


@pytest.mark.parametrize("name", ["mistral", "Mistral AI", "mistral.ai", "licenseref-mrl-0.1", "mistral-mrl"])
def test_a_party_goes_by_its_names_and_its_texts(mistral: Party, name: str) -> None:
    assert mistral.goes_by(name)


@pytest.mark.parametrize("name", ["", "ai", "meta", "MRL", "LicenseRef", "mistral nemo", "the labs"])
def test_a_part_of_an_id_or_a_word_of_everyone_names_nobody(mistral: Party, name: str) -> None:
    assert not mistral.goes_by(name)


@pytest.mark.parametrize(
    ("value", "shared", "expected"),
    [
        (None, False, Tribool.NO),
        (True, False, Tribool.YES),
        (True, True, Tribool.UNKNOWN),
        ("yes", True, Tribool.UNKNOWN),
        (False, True, Tribool.NO),
        ("unknown", False, Tribool.UNKNOWN),
        ("by letter", False, Tribool.UNKNOWN),
        ("mistral", True, Tribool.YES),
        (("meta", "mistral"), True, Tribool.YES),
        (("meta",), False, Tribool.NO),
        (MappingProxyType({"mistral": True}), True, Tribool.YES),
        (MappingProxyType({"mistral": "unknown"}), False, Tribool.UNKNOWN),
        (MappingProxyType({"meta": True}), False, Tribool.NO),
        (MappingProxyType({"mistral": True, "Mistral AI": False}), False, Tribool.UNKNOWN),
    ],
)
def test_a_permission_is_held_from_a_party(
    mistral: Party, value: FactValue, shared: bool, expected: Tribool
) -> None:
    assert held(value, mistral, shared) is expected


def test_competing_is_said_by_name_and_the_stricter_word_counts(mistral: Party) -> None:
    assert competes(MappingProxyType({"mistral": "no"}), mistral, False) is Tribool.NO
    assert competes(MappingProxyType({"mistral": "no", "mistral ai": "yes"}), mistral, False) is Tribool.YES
    assert competes(MappingProxyType({"meta": "yes"}), mistral, False) is None
    assert competes(("mistral",), mistral, False) is Tribool.YES
    assert competes(True, mistral, True) is Tribool.UNKNOWN
    assert competes("none", mistral, False) is None


@pytest.mark.parametrize(
    "facts",
    [
        {"separate_license": {"meta": "perhaps"}},
        {"separate_license": {"meta": [True]}},
        {"separate_license": {"": True}},
        {"separate_license": {3: True}},
        {"dataset_published": {"meta": True}},
    ],
)
def test_a_map_that_nobody_can_read_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"fact|maps"):
        plan_from({"facts": facts})
