"""Mutants of rules: small wrong changes that a pack's tables must notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditor.domain.outcome import Outcome
from auditor.domain.rule import Rule

_SWAPS = (
    ("==", "!="),
    ("!=", "=="),
    ("&&", "||"),
    ("||", "&&"),
    (">=", ">"),
    ("<=", "<"),
    (" > ", " >= "),
    (" < ", " <= "),
)
_LIST = re.compile(r"\[([^\]]*,[^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed rule and what was changed."""

    rule: Rule
    change: str


def mutants_of(rule: Rule) -> Iterator[Mutant]:
    """Yield the mutants of a rule: outcome made milder, conditions dropped, negated, or altered."""
    for milder in Outcome:
        if milder.severity == rule.outcome.severity - 1:
            yield Mutant(replace(rule, outcome=milder), f"outcome {milder}")
    for at, (name, source) in enumerate(rule.when):
        rest = rule.when[:at] + rule.when[at + 1 :]
        if rest:
            yield Mutant(replace(rule, when=rest), f"without `{name}`")
        for change, altered in _altered(source):
            when = (*rule.when[:at], (name, altered), *rule.when[at + 1 :])
            yield Mutant(replace(rule, when=when), f"`{name}` {change}")


def _altered(source: str) -> Iterator[tuple[str, str]]:
    yield "negated", f"!({source})"
    for old, new in _SWAPS:
        for match in re.finditer(re.escape(old), source):
            yield f"{old.strip()} to {new.strip()}", source[: match.start()] + new + source[match.end() :]
    for match in _LIST.finditer(source):
        words = [word.strip() for word in match.group(1).split(",")]
        for at in range(len(words)):
            kept = ", ".join(words[:at] + words[at + 1 :])
            yield f"without {words[at]}", f"{source[: match.start()]}[{kept}]{source[match.end() :]}"
