"""Prose in columns that nothing judged: a finding, since a trainer may learn any column of the rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Evidence, Finding
from auditor.domain.outcome import Outcome
from auditor.domain.sample import Shape
from auditor.domain.verdict import Layer
from auditor.policy.evaluate.findings import finding_id
from auditor.samples.shapes.column_map import ColumnMap, Prose
from auditor.samples.shapes.mapping import read_mapping
from auditor.samples.source import ReadOptions, Source, open_source

TEXT_UNJUDGED = "text-unjudged"
_SHOWN = 5
_LOOKED = 200
"""Rows of a file that a guess is made from."""
_SHOWN_COLUMNS = 20
_COLUMN = re.compile(r"\w[\w.-]{0,39}")
_CLAUSE = ClauseRef("engine-rule", "what was not judged never passes")


def unjudged(columns: ColumnMap) -> list[Finding]:
    """Return the finding about columns with unjudged prose; none where there are none."""
    found = columns.unjudged_prose()
    return [_finding(found)] if found else []


def _finding(found: Sequence[Prose]) -> Finding:
    paths = [one.path for one in found]
    first, more = paths[0], len(found) > 1
    return Finding(
        id=finding_id(TEXT_UNJUDGED, " ".join(paths), _CLAUSE),
        rule=TEXT_UNJUDGED,
        outcome=Outcome.REVIEW,
        title="Text was found that nothing judged",
        message=(
            f"The {'columns' if more else 'column'} {', '.join(paths[:_SHOWN_COLUMNS])} "
            f"{'hold' if more else 'holds'} prose outside the recognized shape: it was neither attributed "
            "nor searched, and a trainer may learn it."
        ),
        layer=Layer.PROVENANCE,
        samples=max(one.cells for one in found),
        subject="dataset",
        clauses=(_CLAUSE,),
        fix=(
            f"`--map learned={first}` judges it with the rest; `--map prompt={first}` says it is a prompt; "
            f"`--map ignore={first}` says that nobody trains on it, and stands in the permit"
        ),
        evidence=tuple(
            Evidence(f"{file}#{row}", note=f"prose in {one.path}", line=line)
            for one in found
            for file, row, line in one.examples
        )[:_SHOWN],
    )


def names(columns: Sequence[str]) -> str:
    """Return the names of columns; of those that may be a row's text only how many they are."""
    # A file without a header has a row's text for names, which no report shows.
    plain = [name for name in columns if _COLUMN.fullmatch(name)][:_SHOWN_COLUMNS]
    more = len(columns) - len(plain)
    return ", ".join([*plain, *([f"{more} more"] if more else [])])


def guessed_map(
    data: Sequence[str], mapping: Sequence[str], shape: Shape | None, network: bool
) -> dict[str, tuple[str, ...]]:
    """Return the columns by role, from the first rows of each file."""
    said = read_mapping(mapping)
    options = ReadOptions(shape, mapping=said, bind=True, sample=_LOOKED, allow_network=network)
    opened = open_source(data, options)
    for file in opened.inputs:
        for _ in Source((file,), options, column_map=opened.column_map):
            pass
    return opened.column_map.columns()
