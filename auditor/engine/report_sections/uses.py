"""The outcome of the set: under its plan once waivers count, and under every other use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from auditor.domain.outcome import Outcome, strictest
from auditor.domain.plan import IntendedUse
from auditor.domain.report.use_outcome import UseOutcome
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
    return tuple(UseOutcome(use, strictest((whole, *floor, *_by_origin(scan, use)))) for use in IntendedUse)


def _by_origin(scan: Scan, use: IntendedUse) -> Iterator[Outcome]:
    context = scan.rules.context
    if context.plan is None:
        yield from (dict(verdict.matrix).get(use, verdict.outcome) for verdict in scan.verdicts)
    else:
        judge = Judge(replace(context, plan=replace(context.plan, intended_use=use)))
        yield from map(judge.outcome, scan.table.origins)
