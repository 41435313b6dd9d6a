"""Answers that are kept are the answers that the rules give."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from auditor.domain.rule import AppliesTo, ForEach
from auditor.policy.pack.load import compile_pack, environment, load_pack
from auditor.policy.testing.fact_space import defaults

SCOPE = (AppliesTo.ORIGIN, ForEach.TEACHER)


def _asked(facts: dict[str, Any]) -> list[tuple[str, str]]:
    pack = load_pack("default")
    return [(rule.rule.id, answer) for rule, answer in pack.answers(*SCOPE, facts)]


def _by_rule(facts: dict[str, Any]) -> list[tuple[str, str]]:
    bound = environment(*SCOPE).bind(facts)
    answers = [(one.rule.id, one.answer(bound)) for one in load_pack("default").scope(*SCOPE)]
    return [(id, answer) for id, answer in answers if answer != "no"]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"teacher.known": False},
        {"teacher.known": True},
        {"teacher.known": 1},
        {"teacher.human": True},
        {"teacher.name": "another name"},
        {"plan.intended_use": "commercial"},
        {"origin.flags": ["undeclared"]},
        {"origin.flags": ("undeclared",)},
    ],
)
def test_facts_are_answered_as_each_rule_answers_them(change: dict[str, Any]) -> None:
    facts = {**defaults(*SCOPE), **change}
    assert _asked(facts) == _by_rule(facts)
    assert _asked(facts) == _by_rule(facts)


def test_a_fact_that_is_missing_is_an_error() -> None:
    facts = dict(defaults(*SCOPE))
    facts.pop("teacher.known")
    with pytest.raises(KeyError):
        load_pack("default").answers(*SCOPE, facts)


def test_a_pack_with_other_rules_keeps_nothing_of_the_first() -> None:
    pack, facts = load_pack("default"), {**defaults(*SCOPE), "teacher.known": False}
    spoken = {rule.rule.id for rule, _ in pack.answers(*SCOPE, facts)}
    assert spoken
    fewer = replace(pack.pack, rules=tuple(rule for rule in pack.pack.rules if rule.id not in spoken))
    compiled = replace(pack, rules=(), _by_scope=compile_pack(fewer)._by_scope)
    assert not {rule.rule.id for rule, _ in compiled.answers(*SCOPE, facts)} & spoken
