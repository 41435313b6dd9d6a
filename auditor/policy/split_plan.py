"""Which rows to take out so that the rest passes, and the least removal that lifts each blocking rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Removal:
    """The rows that one blocking rule costs."""

    rule: str
    outcome: Outcome
    origins: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """What stays and what goes, by origin."""

    kept: frozenset[str]
    removed: frozenset[str]
    removals: tuple[Removal, ...]


def plan_split(
    verdicts: Mapping[str, Verdict], counts: Mapping[str, int], keep: Iterable[Outcome]
) -> SplitPlan:
    """Plan the split; rows of one origin share their verdict, so they stay or go together.

    A rule on origins blocks each of them on its own: the least removal that lifts it is exactly the origins
    on which it speaks.
    """
    wanted = frozenset(keep)
    kept = frozenset(id for id, verdict in verdicts.items() if verdict.outcome in wanted)
    blocking: dict[tuple[str, Outcome], set[str]] = {}
    for id, verdict in verdicts.items():
        for reason in verdict.reasons:
            if reason.outcome not in wanted:
                blocking.setdefault((reason.rule, reason.outcome), set()).add(id)
    removals = [
        Removal(rule, outcome, tuple(sorted(ids)), sum(counts.get(id, 0) for id in ids))
        for (rule, outcome), ids in blocking.items()
    ]
    return SplitPlan(
        kept=kept,
        removed=frozenset(verdicts) - kept,
        removals=tuple(sorted(removals, key=lambda r: (-r.outcome.severity, -r.rows, r.rule))),
    )
