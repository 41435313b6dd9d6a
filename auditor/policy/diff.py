"""Which origins come to another answer under another pack, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.domain.origin import Origin
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Verdict
from auditor.policy.evaluate.evaluator import Judge


@dataclass(frozen=True, slots=True)
class Flip:
    """One origin that flips."""

    origin: str
    rows: int
    before: Outcome
    after: Outcome
    because: tuple[str, ...]
    """Rules that block under one pack and not, or otherwise, under the other."""


def flips(
    before: Judge, after: Judge, origins: Iterable[Origin], counts: Mapping[str, int]
) -> tuple[Flip, ...]:
    """Judge every origin twice and return those that flip, most rows first."""
    found = []
    for origin in origins:
        old, new = before.judge(origin), after.judge(origin)
        if old.outcome is not new.outcome:
            changed = _blocking(old) ^ _blocking(new) or _spoke(old) ^ _spoke(new)
            because = tuple(sorted({rule for rule, _ in changed}))
            rows = counts.get(origin.id, 0)
            found.append(Flip(origin.id, rows, old.outcome, new.outcome, because))
    return tuple(sorted(found, key=lambda flip: (-flip.rows, flip.origin)))


def _blocking(verdict: Verdict) -> set[tuple[str, Outcome]]:
    return {(reason.rule, reason.outcome) for reason in verdict.reasons if not reason.outcome.passes}


def _spoke(verdict: Verdict) -> set[tuple[str, Outcome]]:
    return {(reason.rule, reason.outcome) for reason in verdict.reasons}
