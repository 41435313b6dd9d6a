"""The space of facts that a rule can meet, for lint, tables and mutants: closed words, both truths, edges."""

from __future__ import annotations

import itertools
import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from auditor.domain.rule import AppliesTo, ForEach, Rule
from auditor.domain.tribool import Tribool
from auditor.policy.pack.load import CompiledRule, environment
from auditor.policy.pack.variables import FactType, Variable, variables_of

MAX_POINTS = 4_000
_NAME = re.compile(r"[a-z]+(?:\.[a-z_]+)+")
_LITERAL = re.compile(r"\"([^\"]*)\"")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")

Point = dict[str, Any]


def variables_in(rule: Rule) -> tuple[Variable, ...]:
    """Return the variables that a rule's conditions name."""
    text = _text(rule)
    named = set(_NAME.findall(re.sub(r"\"[^\"]*\"", '""', text)))
    return tuple(v for v in variables_of(rule.applies_to, rule.for_each) if v.name in named)


def _text(rule: Rule) -> str:
    return " ".join(source for _, source in rule.when)


def values_of(variable: Variable, rule: Rule) -> Sequence[Any]:
    """Return values of a variable that can make a difference to a rule."""
    text = _text(rule)
    match variable.type:
        case FactType.TRUTH:
            return (False, True)
        case FactType.TEXT:
            return variable.words or ("", *dict.fromkeys(_LITERAL.findall(text)))
        case FactType.TEXTS:
            words = tuple(dict.fromkeys(_LITERAL.findall(text)))
            known = tuple(w for w in words if not variable.words or w in variable.words)
            return ([], *([word] for word in known or ("x",)))
        case FactType.COUNT | FactType.NUMBER:
            edges = {float(number) for number in _NUMBER.findall(text)} or {0.0}
            near = sorted({max(0.0, edge + step) for edge in edges for step in (-0.5, 0.0, 1.0)})
            return near if variable.type is FactType.NUMBER else sorted({int(one) for one in near})


@cache
def defaults(applies_to: AppliesTo, for_each: ForEach) -> Mapping[str, Any]:
    """Return a blank value for every variable of a scope."""
    return {variable.name: default_of(variable) for variable in variables_of(applies_to, for_each)}


def default_of(variable: Variable) -> Any:
    """Return the first word of a variable; false, zero or nothing where it has no words."""
    empty: dict[FactType, Any] = {
        FactType.TRUTH: False,
        FactType.TEXT: "",
        FactType.TEXTS: [],
        FactType.COUNT: 0,
        FactType.NUMBER: 0.0,
    }
    return variable.words[0] if variable.type is FactType.TEXT and variable.words else empty[variable.type]


def enumerable(rule: Rule) -> bool:
    """Tell whether `assignments` yields all the facts that a rule can meet."""
    return math.prod(len(axis) for axis in _axes(rule)[1]) <= MAX_POINTS


def _axes(rule: Rule) -> tuple[list[str], list[Sequence[Any]]]:
    variables = variables_in(rule)
    return [variable.name for variable in variables], [values_of(variable, rule) for variable in variables]


def assignments(rule: Rule) -> Iterator[Point]:
    """Yield the facts that a rule can meet: all of them, or a fixed sample where there are too many."""
    names, axes = _axes(rule)
    if enumerable(rule):
        for values in itertools.product(*axes):
            yield dict(zip(names, values, strict=True))
        return
    chance = random.Random(0)
    for _ in range(MAX_POINTS):
        yield {name: chance.choice(axis) for name, axis in zip(names, axes, strict=True)}


def fires(compiled: CompiledRule, facts: Point) -> Tribool:
    """Evaluate one rule at one point; facts that are left out are blank."""
    rule = compiled.rule
    scope = environment(rule.applies_to, rule.for_each)
    answer = compiled.answer(scope.bind_some(facts))
    if answer is not Tribool.UNKNOWN:
        return answer  # No fact that is left out can change it.
    return compiled.answer(scope.bind({**defaults(rule.applies_to, rule.for_each), **facts}))
