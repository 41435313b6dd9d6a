"""The fair-use sheet in lines, for the terminal and the summary."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.domain.direction import Direction
from auditor.domain.report.fair_use import FairUseSheet, SheetEntry, SheetWork
from auditor.report.words import count


def sheet_lines(sheet: FairUseSheet) -> Iterator[str]:
    """Yield the notes, the works, then what is known; what is not is counted, for a person to say."""
    yield from sheet.notes
    yield from map(work_line, sheet.works)
    known = [entry for entry in sheet.entries if entry.known]
    yield from map(_entry, known)
    if left := len(sheet.entries) - len(known):
        yield f"A person must answer {count(left, 'more question')} of the sheet; see report.html."


def work_line(work: SheetWork) -> str:
    """Say how much of a work, and of the set, repeats."""
    share = "share of the work not known"
    if work.share_of_work is not None:
        share = f"{_share(work.share_of_work)} of the work as indexed"
    return f"{work.title}: {count(work.rows, 'row')}, {share}, {_share(work.share_of_set)} of the set"


def _share(part: float) -> str:
    return f"{100 * part:.1f} %"


def _entry(entry: SheetEntry) -> str:
    pull = "" if entry.direction is Direction.UNKNOWN else f" (speaks {entry.direction})"
    cited = f" [{entry.authority}]" if entry.authority else ""
    return f"{entry.factor}: {entry.question} {entry.known}{pull}{cited}"
