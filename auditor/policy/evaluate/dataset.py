"""Rules on the whole set and on what was seen of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from auditor.domain.coverage import Coverage
from auditor.domain.rule import AppliesTo, ForEach, Rule
from auditor.domain.verdict import Verdict
from auditor.policy.evaluate.context import EvaluationContext, planned_use
from auditor.policy.evaluate.decision import combine
from auditor.policy.evaluate.rules import Subject, evaluate_rules
from auditor.policy.facts.knowledge_view import KnowledgeView
from auditor.policy.pack.load import CompiledPack


@dataclass(frozen=True, slots=True)
class SetFacts:
    """Counts over a whole set, in rows."""

    rows: int
    unreadable: int = 0
    """Rows, and whole files, that could not be read."""
    coverage: Coverage = field(default_factory=Coverage)
    """What was looked at."""
    fair_use_sheet: bool = False
    indexed: bool = True
    """There was an index to search in."""
    unnamed: tuple[str, ...] = ()
    """Permissions given as a bare yes though the rows' texts ask several parties for them."""


UNREADABLE = "rows-unreadable"
NO_INDEX = "No index was given, so nothing was compared with teacher text"
_ANSWERS = "build one, or state why none is needed"


def judge_set(context: EvaluationContext, facts: SetFacts) -> Verdict:
    """Judge the set as a whole: floors on coverage, unreadable rows, rows at all.

    A set without a row is `review` whatever the pack says.
    """
    plan = context.plan
    planned = planned_use(KnowledgeView(context.knowledge), plan, plan.intended_use if plan else None)
    decision = combine(evaluate_rules(context.pack, one) for one in _subjects(facts, planned.facts))
    return Verdict(
        outcome=decision.outcome,
        reasons=tuple(sorted(decision.reasons, key=lambda reason: -reason.outcome.severity)),
        obligations=tuple(duty for _, duty in decision.obligations),
        fixes=tuple(dict.fromkeys(r.fix for r in decision.reasons if r.fix and not r.outcome.passes)),
        questions=decision.questions,
        advice=decision.advice,
    )


def _subjects(facts: SetFacts, plan: Mapping[str, Any]) -> Iterator[Subject]:
    seen = facts.coverage
    undecided = seen.insufficient + seen.unreadable_text
    whole = {
        **plan,
        "dataset.rows": facts.rows,
        "dataset.unreadable": facts.unreadable,
        "dataset.declared": _share(seen.declared, facts.rows),
        "dataset.searched": _share(seen.searched_rows, facts.rows),
        "dataset.decided": _share(seen.searched_rows - undecided, seen.searched_rows),
        "dataset.fair_use_sheet": facts.fair_use_sheet,
        "dataset.compared": _compared(facts),
        "dataset.search_question": ""
        if facts.indexed
        else f"{NO_INDEX}: build one, or state why none is needed.",
        "dataset.unnamed": list(facts.unnamed),
    }
    yield Subject(AppliesTo.DATASET, ForEach.WHOLE, "dataset", whole)
    for state, count in _states(facts).items():
        found = {**plan, "sample.state": state, "sample.count": count}
        yield Subject(AppliesTo.SAMPLE, ForEach.WHOLE, state, found, must_match=False)


def by_reason(
    whole: Verdict, pack: CompiledPack, facts: SetFacts, unreadable_rows: int
) -> Iterator[tuple[Verdict, int]]:
    """Yield each reason of the verdict on the whole set with the rows that it speaks of.

    Args:
        unreadable_rows: those of `facts.unreadable` that are rows and not whole files.
    """
    rules = {rule.id: rule for rule in pack.pack.rules}
    for reason in whole.reasons:
        touched = rows_touched(rules.get(reason.rule), reason.subject, facts)
        rows = unreadable_rows if reason.rule == UNREADABLE else touched
        yield replace(whole, reasons=(reason,)), rows


def rows_touched(rule: Rule | None, subject: str, facts: SetFacts) -> int:
    """Return how many rows a rule on the whole set speaks of, by the facts that its conditions name."""
    if rule is None:
        return 0
    if rule.applies_to is AppliesTo.SAMPLE:
        return _states(facts).get(subject, 0)
    sources = " ".join(source for _, source in rule.when)
    counts = {
        "dataset.searched": facts.rows - facts.coverage.searched_rows,
        "dataset.declared": facts.rows - facts.coverage.declared,
        "dataset.decided": facts.coverage.insufficient + facts.coverage.unreadable_text,
        "dataset.unreadable": facts.unreadable,
        "dataset.fair_use_sheet": facts.rows,
    }
    return max((rows for name, rows in counts.items() if name in sources), default=0)


def _compared(facts: SetFacts) -> str:
    if not facts.indexed:
        return NO_INDEX
    share = _share(facts.coverage.searched_rows, facts.rows)
    return f"The share of rows searched for copies of registered teachers is {share:g}"


def _states(facts: SetFacts) -> dict[str, int]:
    return {
        "unreadable": facts.unreadable,
        "copied": facts.coverage.detected,
        "insufficient": facts.coverage.insufficient,
        "unreadable-text": facts.coverage.unreadable_text,
        "public-text": facts.coverage.public_text,
        "unknown-origin": facts.coverage.unknown_origin,
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
