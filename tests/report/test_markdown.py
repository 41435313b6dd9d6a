from __future__ import annotations

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from auditor.report.interface import Style
from auditor.report.markdown import MAX_LINES, MarkdownWriter
from tests.report import examples
from tests.report.golden import assert_golden


def _text(report: examples.Report) -> str:
    return MarkdownWriter().render(report, Style()).decode()


@pytest.mark.parametrize("name", ["rich", "bare", "passing", "waived", "hostile"])
def test_markdown_is_as_agreed(name: str) -> None:
    assert_golden(f"{name}.md", _text(getattr(examples, name)()).encode())


def test_summary_keeps_to_sixty_lines() -> None:
    rich = examples.rich()
    many = replace(
        rich, findings=rich.findings * 40, questions=rich.questions * 40, next_commands=("a",) * 40
    )
    assert len(_text(many).splitlines()) <= MAX_LINES


def test_hostile_strings_become_no_markup_link_or_mention() -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(_text(examples.hostile()))
    assert "<script" not in html
    assert "<img" not in html
    assert "<a " not in html


def test_a_mention_is_no_mention() -> None:
    text = _text(replace(examples.bare(), questions=("ask @everyone",)))
    assert "@everyone" not in text


def test_tables_are_tables() -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(_text(examples.rich()))
    assert html.count("<table>") == 2
    assert html.count("<tr>") == 2 + 1 + 5
