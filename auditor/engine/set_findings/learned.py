"""Rows in which nothing is learned: all that they hold was asked, instructed or returned by a tool."""

from __future__ import annotations

from auditor.domain.finding import Finding
from auditor.engine.own_finding import engine_finding

NOTHING_LEARNED = "nothing-learned"


def nothing_learned(rows: int, unlearned: int) -> tuple[Finding, ...]:
    """Return a finding where no row holds a text that is learned: a trainer learns something there."""
    if not rows or unlearned < rows:
        return ()
    return (
        engine_finding(
            NOTHING_LEARNED,
            "No row holds text that is learned",
            f"In none of {rows:,} rows was an answer found: every text was taken for a prompt, a system "
            "message or tool output, and was neither attributed nor searched.",
            "`--map learned=COLUMN` names the text that is learned; `--show-map` prints what was guessed",
            samples=unlearned,
        ),
    )


def masked_note(rows: int, masked: int, searched: bool) -> tuple[str, ...]:
    """Say how many rows hold answers that are shown and not learned, by their own word.

    Args:
        searched: an index was given.
    """
    if not masked:
        return ()
    return (
        f"{masked:,} of {rows:,} rows {'holds' if masked == 1 else 'hold'} an answer that its own mask keeps "
        "from being learned (`weight: 0`, `train: false`), and that was "
        f"{'searched' if searched else 'judged'} like the others.",
    )


def unlearned_note(rows: int, unlearned: int) -> tuple[str, ...]:
    """Say how many rows hold no text that is learned, where others do."""
    if not 0 < unlearned < rows:
        return ()
    one = unlearned == 1
    return (
        f"{unlearned:,} of {rows:,} rows {'holds' if one else 'hold'} no text that is learned: "
        "no answer was found there to attribute or to search.",
    )
