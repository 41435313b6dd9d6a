"""A comparison reads as text and as Markdown; hostile names stay inert in both."""

from __future__ import annotations

import re
from dataclasses import replace

from auditor.report.comparison import compare
from auditor.report.comparison_words import comparison_markdown, comparison_text, headline, rows_line
from tests.report.examples import hostile, passing, rich


def test_both_outcomes_and_the_rows_are_said_first() -> None:
    found = compare(passing(), rich())
    first, second, *_ = comparison_text(found).splitlines()
    assert first == headline(found)
    assert "→ ■ DENY" in first
    assert second == rows_line(found)
    assert "denied" in second


def test_an_outcome_that_stays_is_said_to_stay() -> None:
    assert headline(compare(rich(), rich())).endswith("DENY, as before")
    assert "nothing that was recorded differs" in comparison_text(compare(rich(), rich()))


def test_hostile_names_stay_text() -> None:
    found = compare(replace(hostile(), findings=()), hostile())
    outside_of_code = re.sub(r"(?<!\\)`[^`]*`", "", comparison_markdown(found))
    assert "<script>" not in outside_of_code
    assert not {c for c in comparison_text(found) if ord(c) < 32} - {"\n"}
    assert len(comparison_markdown(found).splitlines()) <= 60
