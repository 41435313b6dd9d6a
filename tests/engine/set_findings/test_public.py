"""Passages that are nobody's own are a note with who holds them."""

from __future__ import annotations

from auditor.domain.finding import Evidence
from auditor.domain.outcome import Outcome
from auditor.engine.set_findings.public import public_text


def test_no_row_gives_no_note() -> None:
    assert public_text(0, 0, ()) == ()


def test_the_note_changes_no_outcome_and_shows_rows() -> None:
    [note] = public_text(1, 3, (Evidence("a.jsonl#0", note="held by openai"),))
    assert (note.outcome, note.samples) == (Outcome.ALLOW, 3)
    assert note.message.startswith("3 rows share passages")
    assert "In 1 of these" in note.message
    assert note.evidence[0].note == "held by openai"
