"""Which rows block and why: every row is counted once, under the first finding that holds it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.domain.finding import Finding
from auditor.domain.outcome import Outcome
from auditor.domain.report.report import Report
from auditor.printable import plain
from auditor.report.view import ordered, waived_origins
from auditor.report.words import count

MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Cause:
    """A teacher, license or rule that holds rows back, with the rows that nothing before it holds."""

    name: str
    """As the rows spell it, else as the catalog does."""
    rows: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Tally:
    """The rows of a report by what becomes of them, and what holds the rest back."""

    denied: int
    open: int
    """Rows that wait for a person."""
    waived: int
    """Rows that only waivers let pass."""
    passing: int
    deny_causes: tuple[Cause, ...]
    open_causes: tuple[Cause, ...]
    of_the_set: tuple[Finding, ...]
    """Findings that hold back the set as a whole, not one row of it; strictest first."""


def tally(report: Report) -> Tally:
    """Count the rows of a report; findings that were waived hold none back."""
    held = [f for f in ordered(report.findings) if not f.outcome.passes and f.waived_by is None]
    rows = dict.fromkeys(Outcome, 0)
    by_origin = {origin.id: origin for origin in report.origins}
    waived = waived_origins(report)
    for origin in report.origins:
        if origin.id not in waived:
            rows[origin.outcome] += origin.samples
    return Tally(
        rows[Outcome.DENY],
        rows[Outcome.REVIEW],
        sum(by_origin[one].samples for one in waived if one in by_origin),
        sum(number for outcome, number in rows.items() if outcome.passes),
        tuple(_causes(report, held, Outcome.DENY)),
        tuple(_causes(report, held, Outcome.REVIEW)),
        tuple(finding for finding in held if not any(one in by_origin for one in finding.origins)),
    )


def _causes(report: Report, held: list[Finding], outcome: Outcome) -> Iterator[Cause]:
    left = {origin.id: origin.samples for origin in report.origins if origin.outcome is outcome}
    found = []
    for finding in held:
        taken = sum(left.pop(one, 0) for one in finding.origins) if finding.outcome is outcome else 0
        if taken:
            found.append(Cause(_name(report, finding), taken, finding))
    merged: dict[str, Cause] = {}
    for cause in found:
        met = merged.get(cause.name)
        merged[cause.name] = Cause(cause.name, cause.rows + met.rows, met.finding) if met else cause
    yield from sorted(merged.values(), key=lambda cause: (-cause.rows, cause.name))


def _name(report: Report, finding: Finding) -> str:
    """Return how the rows spell what a finding is about: the commonest spelling of its teacher."""
    inside, spelled = frozenset(finding.origins), Counter[str]()
    for origin in report.origins:
        if origin.id in inside:
            for teacher in origin.teacher_details:
                if teacher.id == finding.subject and teacher.name:
                    spelled[teacher.name] += origin.samples
    if not spelled:
        return plain(finding.subject) or plain(finding.title)
    name, _ = min(spelled.items(), key=lambda pair: (-pair[1], pair[0]))
    return plain(name)


def block_words(report: Report) -> str:
    """Return which rows block and for whom: `16 of 221 rows block: gpt-4o 11, CC-BY-NC-4.0 4; 197 pass`."""
    found, total = tally(report), report.dataset.samples
    parts = []
    if found.denied:
        blocked = f"{found.denied:,} of {count(total, 'row')} {'blocks' if found.denied == 1 else 'block'}"
        parts.append(f"{blocked}: {_listed(found.deny_causes)}" if found.deny_causes else blocked)
    if found.open:
        waits = "waits" if found.open == 1 else "wait"
        head = f"{found.open:,}" if found.denied else f"{found.open:,} of {count(total, 'row')}"
        names = "" if found.denied or not found.open_causes else f": {_listed(found.open_causes)}"
        parts.append(f"{head} {waits} for a person{names}")
    if found.of_the_set and found.of_the_set[0].outcome is report.outcome:
        parts.append(f"the set as a whole is held by: {plain(found.of_the_set[0].title)}")
    if found.denied or found.open:
        parts.append(f"{found.passing:,} pass" if found.passing != 1 else "1 passes")
        parts += [f"{count(found.waived, 'row')} by waiver alone"] if found.waived else []
    said = "; ".join(parts)
    return said[:1].upper() + said[1:]


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one command that helps most from here, and what it gives."""

    command: str
    gives: str


def next_step(report: Report) -> NextStep | None:
    """Return the command that an audit proposes last, its weightiest, with what it comes to in rows."""
    commands = [one for one in report.next_commands if one.startswith("auditor ")]
    if not commands:
        return None
    command, found = commands[-1], tally(report)
    rest = found.denied + found.open + found.waived
    match command.split()[1]:
        case "split" if "--keep-review" in command.split():
            gives = f"keeps {count(found.open, 'row')} that only a person holds back, and sets the rest aside"
        case "split":
            gives = f"keeps the {count(found.passing, 'row')} that pass; {rest:,} go aside, with cause"
        case "attest":
            rows = count(report.dataset.samples, "row")
            gives = f"signs a permit for these {rows}; the gate lets no others train"
        case "init":
            gives = "asks what the student is for: without a plan the rows are judged for every use"
        case "explain":
            gives = "shows one row of the weightiest cause: fact, clause, rule, and what would change it"
        case _:
            gives = ""
    return NextStep(command, gives)


def _listed(causes: tuple[Cause, ...]) -> str:
    named = [f"{cause.name} {cause.rows:,}" for cause in causes[:MOST_NAMED]]
    left = sum(cause.rows for cause in causes[MOST_NAMED:])
    return ", ".join([*named, f"{count(len(causes) - MOST_NAMED, 'other')} {left:,}"] if left else named)
