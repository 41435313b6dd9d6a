"""Coverage: what was looked at and what was not, in rows, characters and columns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts; a share of rows needs `samples` of the dataset as its denominator."""

    declared: int = 0
    """Rows for which somebody names a teacher (or declares a human)."""
    searched_rows: int = 0
    """Rows with text that was looked up in an index."""
    detected: int = 0
    """Rows judged `copied`."""
    insufficient: int = 0
    """Rows searched in which no part was long enough to decide."""
    unknown_origin: int = 0
    """Rows with no known teacher: none is named, or one the catalog does not know, and no copy was found."""
    searched: tuple[str, ...] = ()
    """Indexes searched, each with its spec id."""
    not_searched: tuple[str, ...] = ()
    """What was left out and why, one sentence each."""
    learned_chars: int = 0
    """Characters of text that is learned."""
    decided_chars: int = 0
    """Of them those in texts that were searched and long enough to decide."""
    unattributed_chars: int = 0
    """Of them those in rows of unknown origin."""
    other_chars: int = 0
    """Characters of prompts, system messages and tool output, which are not compared."""
    unjudged_columns: int = 0
    """Columns with prose outside the map: neither attributed nor searched."""
    masked: int = 0
    """Rows with an answer that their own mask keeps from being learned; it was searched like the others."""
    unreadable_text: int = 0
    """Rows searched of which a part is encoded or disguised and could not be undone: it was not compared."""
    public_text: int = 0
    """Rows in which nothing is a copy but what is nobody's own: public texts, or what providers share."""
