"""The outcome of the set: under its plan once waivers count, and under every other use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from auditor.domain.outcome import Outcome, strictest
from auditor.domain.plan import IntendedUse
from auditor.domain.report.use_outcome import UseOutcome
from auditor.domain.verdict import Verdict
from auditor.engine.scan import Scan
from auditor.policy.evaluate.evaluator import Judge
from auditor.policy.waivers.waivers import Applied, effective_outcome
from auditor.samples.source import Source


def effective(scan: Scan, applied: Applied, floor: Sequence[Outcome]) -> Outcome:
    """Return the outcome once waivers count.

    Args:
        floor: outcomes that no waiver lifts.
    """
    return effective_outcome(scan.verdict_by_id(), applied, floor)


def not_to_be_waived(source: Source, sampled: bool) -> Iterator[Outcome]:
    """Yield `review` where rows were not judged at all: nobody can accept what nobody has seen."""
    if source.unreadable_rows or source.unreadable_files or source.sources_left_out or sampled:
        yield Outcome.REVIEW
    # Whoever knows the column says so by --map, which the permit shows.
    if source.column_map.unjudged_prose():
        yield Outcome.REVIEW


def other_uses(scan: Scan, whole: Outcome, floor: Sequence[Outcome]) -> tuple[UseOutcome, ...]:
    """Judge the same rows for every use; the rest of the plan stays as it is.

    Args:
        whole: of the set as a whole.
        floor: outcomes that hold for every use.
    """
    return tuple(_under(scan, use, (whole, *floor)) for use in IntendedUse)


def _under(scan: Scan, use: IntendedUse, floor: Sequence[Outcome]) -> UseOutcome:
    rows, reasons = Counter[Outcome](), Counter[tuple[int, str]]()
    for (outcome, reason), samples in zip(_by_origin(scan, use), scan.table.samples, strict=True):
        rows[outcome] += samples
        if reason:
            reasons[outcome.severity, reason] += samples
    [((_, reason), _)] = sorted(reasons.items(), key=lambda one: (-one[0][0], -one[1], one[0][1]))[:1] or [
        ((0, ""), 0)
    ]
    passing = sum(number for outcome, number in rows.items() if outcome.passes)
    outcome = strictest((*floor, *rows))
    return UseOutcome(use, outcome, reason, rows[Outcome.DENY], rows[Outcome.REVIEW], passing)


def _by_origin(scan: Scan, use: IntendedUse) -> Iterator[tuple[Outcome, str]]:
    """Yield the outcome of each origin under a use with what decides it; empty where the origin passes."""
    context = scan.rules.context
    if context.plan is None:
        yield from ((dict(one.matrix).get(use, one.outcome), "") for one in scan.verdicts)
    else:
        judge = Judge(replace(context, plan=replace(context.plan, intended_use=use)))
        for origin in scan.table.origins:
            verdict = judge.judge(origin)
            yield verdict.outcome, "" if verdict.outcome.passes else _decisive(verdict)


def _decisive(verdict: Verdict) -> str:
    deciding = (one for one in verdict.reasons if one.outcome is verdict.outcome)
    first = next(deciding, None)
    return "" if first is None else f"{first.rule} {first.subject}".strip()
