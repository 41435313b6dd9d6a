"""All findings of an audit: those of its rules, by cause, and those about what was not judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from auditor.domain.finding import Evidence, Finding
from auditor.domain.verdict import Verdict
from auditor.engine.scan import Scan
from auditor.engine.set_findings.answered import set_aside
from auditor.engine.set_findings.columns import unjudged
from auditor.engine.set_findings.hidden import unreadable_text
from auditor.engine.set_findings.inferred import inferred
from auditor.engine.set_findings.learned import nothing_learned
from auditor.engine.set_findings.license_levels import levels_that_differ
from auditor.engine.set_findings.partly_read import only_a_sample, sources_unjudged
from auditor.engine.set_findings.public import public_text
from auditor.engine.set_findings.unheard import unheard
from auditor.knowledge.catalog import Knowledge
from auditor.policy.evaluate.dataset import UNREADABLE
from auditor.policy.evaluate.findings import by_cause, group_findings
from auditor.samples.file_facts import Unreadable
from auditor.samples.source import Source

_SHOWN = 5


def findings_of_rules(
    scan: Scan, whole: Sequence[tuple[Verdict, int]], unreadable: Sequence[Unreadable]
) -> Iterator[Finding]:
    """Yield what the rules of the pack say, one finding per cause, each with a few rows that show it.

    Args:
        whole: verdicts on the set as a whole, each with the rows that it touches.
        unreadable: rows that could not be read.
    """
    counts = scan.rows_by_id()
    grouped = group_findings(scan.verdict_by_id(), counts, whole)
    numbers = {origin.id: number for number, origin in enumerate(scan.table.origins)}
    for found in by_cause(grouped, scan.table.origins, counts):
        rows = _unread(unreadable) if found.rule == UNREADABLE else _examples(found, numbers, scan)
        yield replace(found, evidence=tuple(islice(rows, _SHOWN)))


def findings_about_rows(
    scan: Scan, source: Source, sample: int | None, knowledge: Knowledge
) -> Iterator[Finding]:
    """Yield what no rule of a pack says of the rows: what their text says of itself, what was not judged.

    Args:
        sample: after how many rows the audit was told to stop.
    """
    yield from scan.phrases.findings(scan.table.origins, knowledge)
    yield from unjudged(source.column_map)
    yield from unreadable_text(scan.unreadable_text, scan.hidden)
    yield from public_text(scan.public_text, scan.aside, scan.public)
    yield from levels_that_differ(scan.table.origins, scan.table.samples, knowledge)
    yield from inferred(scan.table.origins, scan.table.samples, scan.verdicts)
    yield from unheard(source.claim_sets, scan.table.origins, scan.table.catalog)
    yield from set_aside(source.overruled)
    yield from nothing_learned(scan.samples, scan.unlearned)
    if sample is not None:
        yield only_a_sample(sample)
    for where, rows in sorted(source.sources_left_out.items()):
        yield sources_unjudged(where, rows)


def _unread(unreadable: Sequence[Unreadable]) -> Iterator[Evidence]:
    return (Evidence(row.sample_id, note=row.reason, line=row.line) for row in unreadable)


def _examples(finding: Finding, numbers: Mapping[str, int], scan: Scan) -> Iterator[Evidence]:
    named = sorted({numbers[id] for id in finding.origins if id in numbers})
    return (row for number in named for row in scan.examples[number])
