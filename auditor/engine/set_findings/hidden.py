"""Rows whose text is code that nothing undid: a finding, since it may hold a copy that no search can see."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.domain.finding import Evidence, Finding
from auditor.engine.own_finding import engine_finding

TEXT_UNREADABLE = "text-unreadable"


def unreadable_text(rows: int, shown: Sequence[Evidence]) -> tuple[Finding, ...]:
    """Return the finding about rows whose text could not be read; none where there are none."""
    if not rows:
        return ()
    return (
        engine_finding(
            TEXT_UNREADABLE,
            "Text is encoded or disguised",
            f"{rows:,} {'row holds' if rows == 1 else 'rows hold'} text that is mostly code which nothing "
            "undid: what it says was not compared with any teacher's text.",
            "decode the text before the audit, drop the rows, or say by `--map ignore=COLUMN` that nobody "
            "trains on the column",
            samples=rows,
            evidence=tuple(shown),
        ),
    )
