"""What changed from one audit to the next: the outcome, the rows, each cause, and why it may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from auditor.domain.finding import Finding
from auditor.domain.report.report import Report
from auditor.report.sentences import sentence
from auditor.report.view import ordered, spoken
from auditor.report.words import count


class Turn(StrEnum):
    """How a cause changed."""

    NEW = "new"
    STRICTER = "stricter"
    MORE = "more rows"
    FEWER = "fewer rows"
    MILDER = "milder"
    GONE = "gone"


NEWS = frozenset({Turn.NEW, Turn.STRICTER, Turn.MORE})
"""What a baseline does not excuse."""


@dataclass(frozen=True, slots=True)
class Change:
    """One cause that is not what it was."""

    turn: Turn
    finding: Finding
    """As it is now; as it was where it is gone."""
    rows_before: int
    rows_after: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two audits and what lies between them."""

    before: Report
    after: Report
    changes: tuple[Change, ...]
    why: tuple[str, ...]
    """What of the recorded grounds differs, a clause each; the outcome rests on nothing else."""


def compare(before: Report, after: Report) -> Comparison:
    """Compare two audits by their causes: rule, subject and clause, whatever the order of rows and files."""
    old, new = {one.id: one for one in spoken(before)}, {one.id: one for one in spoken(after)}
    changes = []
    for finding in ordered([*new.values(), *(one for id, one in old.items() if id not in new)]):
        turn = _turn(old.get(finding.id), new.get(finding.id))
        if turn is not None:
            rows = (old[finding.id].samples if finding.id in old else 0, finding.samples)
            changes.append(Change(turn, finding, rows[0], 0 if turn is Turn.GONE else rows[1]))
    order = list(Turn)
    changes.sort(key=lambda change: order.index(change.turn))
    return Comparison(before, after, tuple(changes), tuple(_why(before, after)))


def _turn(old: Finding | None, new: Finding | None) -> Turn | None:
    if new is None:
        return Turn.GONE
    if old is None:
        return Turn.NEW
    was, now = _weight(old), _weight(new)
    if was != now:
        return Turn.STRICTER if now > was else Turn.MILDER
    if old.samples != new.samples:
        return Turn.MORE if new.samples > old.samples else Turn.FEWER
    return None


def _weight(finding: Finding) -> int:
    return 0 if finding.waived_by is not None else finding.outcome.severity


def _why(before: Report, after: Report) -> Iterator[str]:
    if before.dataset.digest != after.dataset.digest:
        rows = f"{before.dataset.samples:,} → {count(after.dataset.samples, 'row')}"
        yield f"the data differs ({rows})"
    if _plan(before) != _plan(after):
        yield "the plan differs"
    if before.policy.digest != after.policy.digest:
        yield f"the policy differs ({_policy(before)} → {_policy(after)})"
    if before.knowledge.digest != after.knowledge.digest:
        yield f"the catalog differs ({before.knowledge.version or '–'} → {after.knowledge.version or '–'})"
    if {one.digest for one in before.indexes} != {one.digest for one in after.indexes}:
        yield "other indexes were searched"
    if _waivers(before) != _waivers(after):
        yield "other waivers apply"
    if before.columns != after.columns or _settings(before) != _settings(after):
        yield "columns, settings or flags differ"
    if before.tool_digest != after.tool_digest:
        yield f"another build of the program judged ({before.tool_version} → {after.tool_version})"
    if before.sampled != after.sampled:
        yield "one of them read only a sample"


def _plan(report: Report) -> object:
    return replace(report.plan, source="") if report.plan else None


def _policy(report: Report) -> str:
    return f"{report.policy.name}@{report.policy.version}"


def _waivers(report: Report) -> set[tuple[str, bool]]:
    return {(one.digest, one.stale) for one in report.waivers}


def _settings(report: Report) -> object:
    return (report.config.digest if report.config else "", report.request)


def only_new(report: Report, baseline: Report) -> Report:
    """Return a report that shows the causes a baseline lacks, holds milder or with fewer rows.

    The outcome stays that of all rows, and the sentence says how many causes are not shown.
    """
    kept = {one.finding.id for one in compare(baseline, report).changes if one.turn in NEWS}
    shown = tuple(one for one in report.findings if one.id in kept or one.outcome.passes)
    left = len(spoken(report)) - len(kept)
    known = f"{count(left, 'cause')} that the baseline has too {'is' if left == 1 else 'are'} not shown"
    said = f"{sentence(report)} New since the baseline: {count(len(kept), 'cause')}; {known}."
    return replace(report, findings=shown, sentence=said)
