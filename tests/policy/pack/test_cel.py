from __future__ import annotations

import pytest

from auditor.domain.tribool import Tribool
from auditor.policy.pack.cel import CompileFault, Conditions
from auditor.policy.pack.variables import FactType, Variable

VARIABLES = (
    Variable("terms.outputs", FactType.TEXT, "", ("allowed", "forbidden")),
    Variable("plan.size", FactType.COUNT, ""),
    Variable("plan.duties", FactType.TEXTS, ""),
    Variable("plan.given", FactType.TRUTH, ""),
)
FACTS = {"terms.outputs": "forbidden", "plan.size": 3, "plan.duties": ["a"], "plan.given": True}


@pytest.fixture(scope="module")
def conditions() -> Conditions:
    return Conditions(VARIABLES)


@pytest.mark.parametrize(
    "source", ["plan.size / 0 > 1", 'plan.duties[5] == "x"', "9223372036854775807 + plan.size > 0"]
)
def test_an_evaluation_error_is_no_yes_though_the_runtime_gives_a_truthy_value(
    conditions: Conditions, source: str
) -> None:
    condition = conditions.compile("c", source)
    assert condition.holds(conditions.bind(FACTS)) is Tribool.UNKNOWN


def test_a_condition_answers_yes_or_no(conditions: Conditions) -> None:
    bound = conditions.bind(FACTS)
    assert conditions.compile("c", 'terms.outputs == "forbidden" && plan.given').holds(bound) is Tribool.YES
    assert conditions.compile("c", 'terms.outputs == "allowed"').holds(bound) is Tribool.NO


@pytest.mark.parametrize(
    ("source", "line", "column", "words"),
    [
        ('terms.outptus == "forbidden"', 1, 6, "undeclared"),
        ('plan.size > "3"', 1, 11, "overload"),
        ("plan.given &&\n  bogus", 2, 3, "undeclared"),
        ("((", 1, 3, "Syntax"),
        ("plan.size", 1, 1, "must be bool"),
        ('terms.outputs == "forbiden"', 1, 19, "never `forbiden`"),
        ('terms.outputs in ["allowed", "forbiden"]', 1, 31, "never `forbiden`"),
        ('plan.duties.map(x, x) == ["a"]', 1, 13, "bound"),
        ('terms.outputs.matches("a+")', 1, 15, "bound"),
        ("(" * 30 + "true" + ")" * 30, 1, 1, "deeper"),
        ("true || " * 200 + "true", 1, 1, "longer"),
        ("plan.duties.exists(a, plan.duties.exists(b, a == b))", 1, 1, "at most one"),
    ],
)
def test_faults_are_found_when_compiling_with_their_place(
    conditions: Conditions, source: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(CompileFault) as caught:
        conditions.compile("c", source)
    assert words in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_fact_without_a_value_is_refused(conditions: Conditions) -> None:
    with pytest.raises(KeyError, match=r"plan\.size"):
        conditions.bind({k: v for k, v in FACTS.items() if k != "plan.size"})
