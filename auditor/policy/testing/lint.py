"""What is wrong with a pack though it compiles."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from auditor.domain.rule import AppliesTo, ForEach, Rule
from auditor.domain.tribool import Tribool
from auditor.policy.pack.load import CompiledPack, CompiledRule, environment
from auditor.policy.pack.older_words import RENAMED, older_words
from auditor.policy.pack.variables import Variable, variables_of
from auditor.policy.testing.fact_space import (
    Point,
    assignments,
    default_of,
    enumerable,
    fires,
    values_of,
    variables_in,
)

SAMPLES = 1_500
_MUST_COVER = (ForEach.TEACHER, ForEach.TERMS, ForEach.LICENSE)


class Flaw(StrEnum):
    """Kinds of flaws."""

    UNREACHABLE = "unreachable"
    OVERLAPPING = "overlapping"
    CONTRADICTORY = "contradictory"
    UNCOVERED = "uncovered"
    FAULTY = "faulty"
    RENAMED = "renamed"
    """A word that has another name by now: it is read as that one, so this alone fails no pack."""


@dataclass(frozen=True, slots=True)
class Lint:
    """One flaw."""

    flaw: Flaw
    rules: tuple[str, ...]
    message: str


def lint_pack(pack: CompiledPack) -> tuple[Lint, ...]:
    """Look for rules that can never speak, that fail, that say the same or the opposite, and for gaps."""
    found = [flaw for rule in pack.pack.rules for flaw in _renamed(rule)]
    found += [flaw for compiled in pack.rules for flaw in _reach(compiled)]
    found += _pairs(pack)
    for for_each in _MUST_COVER:
        found += _gaps(pack, for_each)
    return tuple(found)


def _renamed(rule: Rule) -> Iterator[Lint]:
    """Name the words of older packs, in conditions and in what the rule says."""
    named = ", ".join(f"`{word}` is `{RENAMED[word]}` by now" for word in older_words(rule))
    if named:
        yield Lint(Flaw.RENAMED, (rule.id,), f"{named}; the old word is read for one more version")


def _reach(compiled: CompiledRule) -> Iterator[Lint]:
    spoke = False
    for point in assignments(compiled.rule):
        answer = fires(compiled, point)
        spoke = spoke or answer is Tribool.YES
        if answer is Tribool.UNKNOWN:
            yield Lint(Flaw.FAULTY, (compiled.rule.id,), f"the condition fails at {point}")
            return
    if not spoke:
        yield Lint(Flaw.UNREACHABLE, (compiled.rule.id,), "no facts make it speak")


def _pairs(pack: CompiledPack) -> Iterator[Lint]:
    for left, right in itertools.combinations(pack.rules, 2):
        one, other = left.rule, right.rule
        if (one.applies_to, one.for_each) != (other.applies_to, other.for_each):
            continue
        ids = (one.id, other.id)
        if one.outcome is not other.outcome and _contain(left, right) and _contain(right, left):
            text = f"the same conditions give {one.outcome} and {other.outcome}"
            yield Lint(Flaw.CONTRADICTORY, ids, text)
        if _says(one) == _says(other) and (_contain(left, right) or _contain(right, left)):
            yield Lint(Flaw.OVERLAPPING, ids, "where the one speaks, the other gives the same answer")


def _says(rule: Rule) -> tuple[object, ...]:
    return rule.outcome, rule.obligations, rule.advice, rule.clause, rule.references


def _contain(wide: CompiledRule, narrow: CompiledRule) -> bool:
    """Tell whether a rule speaks wherever another does, over all the facts that the two can meet."""
    if not {v.name for v in variables_in(wide.rule)} <= {v.name for v in variables_in(narrow.rule)}:
        return False
    if {source for _, source in wide.rule.when} <= {source for _, source in narrow.rule.when}:
        return True
    joined = replace(narrow.rule, when=(*wide.rule.when, *narrow.rule.when))
    if not enumerable(joined):
        return False
    spoken = [at for at in assignments(joined) if fires(narrow, at) is Tribool.YES]
    return bool(spoken) and all(fires(wide, at) is Tribool.YES for at in spoken)


def _gaps(pack: CompiledPack, for_each: ForEach) -> Iterator[Lint]:
    rules = pack.scope(AppliesTo.ORIGIN, for_each)
    if not rules:
        yield Lint(Flaw.UNCOVERED, (), f"no rule speaks of any {for_each}; all of them are review")
        return
    for point in _sample(rules, for_each):
        activation = environment(AppliesTo.ORIGIN, for_each).bind(point)
        if not any(one.answer(activation) is Tribool.YES for one in rules):
            named = [f"{key} {value}" for key, value in point.items() if key in _TOLD[for_each]]
            text = f"no rule speaks where {', '.join(named)}; what no rule covers is review"
            yield Lint(Flaw.UNCOVERED, (), text)
            return


_TOLD: dict[ForEach, tuple[str, ...]] = {
    ForEach.TEACHER: ("teacher.known", "teacher.ambiguous", "teacher.unread"),
    ForEach.TERMS: ("terms.role", "terms.kind", "terms.outputs", "terms.silence"),
    ForEach.LICENSE: ("license.known", "license.share_alike", "license.reach"),
}
"""The facts that tell a gap best."""
_CALM = ("none", "no", "inside", "under")


def _sample(rules: tuple[CompiledRule, ...], for_each: ForEach) -> Iterator[Point]:
    """Draw facts; in every second draw the plan is calm, so that no other rule hides a gap."""
    chance = random.Random(0)
    variables = variables_of(AppliesTo.ORIGIN, for_each)
    axes = {one.name: values_of(one, rules[0].rule) for one in variables}
    calm = {one.name: _calm(one) for one in variables if one.name.startswith(("plan.", "assessment."))}
    for number in range(SAMPLES):
        point = {name: chance.choice(values) for name, values in axes.items()}
        if number % 2:
            point |= calm
        if _possible(point):
            yield point


def _calm(variable: Variable) -> Any:
    quiet = next((word for word in _CALM if word in variable.words), None)
    return quiet if quiet is not None else default_of(variable)


def _possible(point: Point) -> bool:
    """Leave out facts that cannot hold together, so that a gap is a gap."""
    outputs, silence = point.get("terms.outputs"), point.get("terms.silence")
    return (outputs == "silent") == (silence != "none") if outputs else True
