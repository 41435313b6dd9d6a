"""Prose in columns that nothing judged: a finding, since a trainer may learn any column of the rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from auditor.domain.finding import Evidence, Finding
from auditor.engine.own_finding import engine_finding
from auditor.samples.shapes.column_map import ColumnMap, Prose

TEXT_UNJUDGED = "text-unjudged"
_SHOWN = 5
_SHOWN_COLUMNS = 20
_COLUMN = re.compile(r"\w[\w.-]{0,39}")


def unjudged(columns: ColumnMap) -> list[Finding]:
    """Return the finding about columns with unjudged prose; none where there are none."""
    found = columns.unjudged_prose()
    return [_finding(found)] if found else []


def _finding(found: Sequence[Prose]) -> Finding:
    paths = [one.path for one in found]
    first, more = paths[0], len(found) > 1
    shown = (
        Evidence(f"{file}#{row}", note=f"prose in {one.path}", line=line)
        for one in found
        for file, row, line in one.examples
    )
    return engine_finding(
        TEXT_UNJUDGED,
        "Text was found that nothing judged",
        f"The {'columns' if more else 'column'} {', '.join(paths[:_SHOWN_COLUMNS])} "
        f"{'hold' if more else 'holds'} prose outside the recognized shape: it was neither attributed "
        "nor searched, and a trainer may learn it.",
        f"`--map learned={first}` judges it with the rest; `--map prompt={first}` says it is a prompt; "
        f"`--map ignore={first}` says that nobody trains on it, and stands in the permit",
        cause=" ".join(paths),
        samples=max(one.cells for one in found),
        evidence=tuple(islice(shown, _SHOWN)),
    )


def names(columns: Sequence[str]) -> str:
    """Return the names of columns; of those that may be a row's text only how many they are."""
    # A file without a header has a row's text for names, which no report shows.
    plain = [name for name in columns if _COLUMN.fullmatch(name)][:_SHOWN_COLUMNS]
    more = len(columns) - len(plain)
    return ", ".join([*plain, *([f"{more} more"] if more else [])])
