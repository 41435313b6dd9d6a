"""Rows that nobody asked to read, and sources that were too many to look up."""

from __future__ import annotations

from auditor.domain.finding import Finding
from auditor.engine.own_finding import engine_finding
from auditor.report.words import plain

SAMPLED = "only-a-sample"
SOURCES = "sources-unjudged"


def only_a_sample(rows: int) -> Finding:
    """Return the finding of an audit that was told to stop after `rows` rows."""
    return engine_finding(
        SAMPLED,
        "Only a part of the set was read",
        f"The audit stopped after {rows:,} rows; the answer is not for the whole set.",
        "run it again without --sample",
    )


def sources_unjudged(where: str, rows: int) -> Finding:
    """Return the finding of a column with more sources than are kept apart.

    Args:
        where: the column.
        rows: how many rows name a source there that was not looked up.
    """
    column = plain(where)
    return engine_finding(
        SOURCES,
        "Sources were not all judged",
        f"The column `{column}` names more sources than are kept apart: those of {rows:,} rows were "
        "not looked up, so that what their licenses ask is not known.",
        "name the set that a row is from in that column, and keep what names the row itself in another",
        cause=column,
        subject=column,
        samples=rows,
    )
