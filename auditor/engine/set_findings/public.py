"""Rows with passages that are nobody's own: a note, since they were not taken as evidence of a teacher."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.domain.clause import ClauseRef
from auditor.domain.finding import Evidence, Finding
from auditor.domain.outcome import Outcome
from auditor.engine.own_finding import engine_finding

PUBLIC_TEXT = "public-text"
_CLAUSE = ClauseRef("engine-rule", "what is nobody's own is evidence for nobody")


def public_text(rows: int, aside: int, shown: Sequence[Evidence]) -> tuple[Finding, ...]:
    """Return the note about rows whose public passages were left aside; none where there are none.

    Args:
        rows: those in which nothing else is a copy.
        aside: all of them.
    """
    if not aside:
        return ()
    return (
        engine_finding(
            PUBLIC_TEXT,
            "Public text is no teacher's",
            f"{aside:,} {'row shares' if aside == 1 else 'rows share'} passages with teachers that three "
            "providers or more have, or that public texts hold; they are evidence for none of them. "
            f"In {rows:,} of these nothing else is a copy: what is declared of them stands.",
            "look at the rows shown and at who holds their passages; a text that is a teacher's after all is "
            "registered by `auditor index build --work-column`",
            samples=aside,
            clause=_CLAUSE,
            evidence=tuple(shown),
            outcome=Outcome.ALLOW,
        ),
    )
