"""What the rules of one scope say of facts, kept by the facts that their conditions name.

Many origins differ in names alone, and no condition asks for them: these are answered once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from auditor.domain.tribool import Tribool
from auditor.policy.pack.cel import Condition, Conditions

_MOST = 1 << 14
"""Answers kept in one scope; then they are begun anew."""


class Answering(Protocol):
    """A rule with its conditions."""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Return what must hold for the rule to speak."""

    def answer(self, facts: Any) -> Tribool:
        """Tell whether the rule speaks."""


R = TypeVar("R", bound=Answering)


class KeptAnswers(Generic[R]):
    """The rules of one scope, and what they said so far."""

    def __init__(self, rules: Sequence[R], environment: Conditions) -> None:
        self._rules, self._environment = rules, environment
        sources = [condition.source for rule in rules for condition in rule.conditions]
        # A name that stands in a longer word is one fact more to tell answers apart by, and does no harm.
        self._asked = [name for name in environment.names if any(name in source for source in sources)]
        self._kept: dict[tuple[Any, ...], tuple[tuple[R, Tribool], ...]] = {}

    def of(self, facts: Mapping[str, Any]) -> tuple[tuple[R, Tribool], ...]:
        """Return the rules that speak of these facts or are at fault, in order.

        Raises:
            KeyError: a declared fact is missing.
        """
        if not self._rules:
            return ()
        values = [facts[name] for name in self._asked]
        key = tuple([value if value.__class__ is str else _frozen(value) for value in values])
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            found = self._kept[key] = self._answered(facts)
        return found

    def _answered(self, facts: Mapping[str, Any]) -> tuple[tuple[R, Tribool], ...]:
        activation = self._environment.bind(facts)
        answers = ((rule, rule.answer(activation)) for rule in self._rules)
        return tuple((rule, answer) for rule, answer in answers if answer is not Tribool.NO)


def _frozen(value: Any) -> Any:
    """Return what tells a value from all that a condition may take for another: 1 is not true, nor 1.0."""
    if isinstance(value, list | tuple):
        return (list, *map(_frozen, value))
    return value.__class__, value
