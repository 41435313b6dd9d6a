"""Cases: a plan and its teachers in one file."""

from __future__ import annotations

from tests.policy.conftest import Evaluate


def test_short_forms_of_teachers_and_licenses(verdict_on: Evaluate) -> None:
    assert verdict_on("x", teachers="human", dataset_licenses="MIT")["outcome"] == "allow"
    assert verdict_on("x", teachers={"name": "human", "access": "none"})["outcome"] == "allow"


def test_without_a_use_every_use_is_tried(verdict_on: Evaluate) -> None:
    answer = verdict_on("mistral-mrl", intended_use=None)
    assert answer["outcome"] == "review"
    assert answer["matrix"]["commercial-api"] == "deny"
    assert answer["matrix"]["research-only"] != "deny"
    assert verdict_on("dbrx", intended_use=None)["outcome"] == "deny"
