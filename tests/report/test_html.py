from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from auditor.domain.match import Span
from auditor.domain.report.excerpt import Excerpt
from auditor.domain.report.report import Report
from auditor.report.html import HtmlWriter, marked, prose
from auditor.report.interface import Style
from tests.report import examples
from tests.report.golden import assert_golden

ALL = ["rich", "bare", "passing", "waived", "hostile"]
VOID = {"meta", "link", "br", "img", "input", "hr"}


def _page(report: Report) -> str:
    return HtmlWriter().render(report, Style()).decode()


class _Page(HTMLParser):
    """Collect tags, ids and addresses; notice tags that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "srcset", "action", "data", "xlink:href"):
                self.addresses.append(value or "")
            if name.startswith("on") or name == "style":
                self.handlers.append(name)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _parsed(report: Report) -> _Page:
    page = _Page()
    page.feed(_page(report))
    assert page.open == []
    return page


@pytest.mark.parametrize("name", ALL)
def test_html_is_as_agreed(name: str) -> None:
    assert_golden(f"{name}.html", _page(getattr(examples, name)()).encode())


@pytest.mark.parametrize("name", ALL)
def test_page_is_well_formed_and_runs_and_loads_nothing(name: str) -> None:
    page = _parsed(getattr(examples, name)())
    assert not {"script", "iframe", "object", "embed", "img", "link", "form", "base"} & set(page.tags)
    assert page.handlers == []
    assert len(page.ids) == len(set(page.ids))
    assert all(address.startswith(("#", "https://", "http://")) for address in page.addresses)


@pytest.mark.parametrize("name", ALL)
def test_inner_links_lead_somewhere(name: str) -> None:
    page = _parsed(getattr(examples, name)())
    inner = {address[1:] for address in page.addresses if address.startswith("#")}
    assert inner <= set(page.ids)


@pytest.mark.parametrize("name", ALL)
def test_banned_words_are_not_said(name: str) -> None:
    text = _page(getattr(examples, name)()).lower()
    assert " clean" not in text
    assert "fair use: yes" not in text
    assert " is legal" not in text


def test_a_pass_says_what_it_does_not_say() -> None:
    text = _page(examples.passing())
    assert "too short to decide" in text
    assert "says nothing about what was not searched" in text


def test_not_searched_is_said_aloud() -> None:
    assert "No index was searched" in _page(examples.bare())
    assert "No index was searched" not in _page(examples.passing())


def test_a_hundred_thousand_findings_stay_under_five_megabytes() -> None:
    rich = examples.rich()
    long = Excerpt("F", "a#1", "word " * 100_000, "word " * 100_000, (Span(0, 9, 0, 9),))
    report = replace(
        rich, findings=rich.findings * 2_000, origins=rich.origins * 2_000, excerpts=(long,) * 5_000,
        questions=rich.questions * 5_000, assumptions=rich.assumptions * 5_000, notes=rich.notes * 5_000,
    )  # fmt: skip
    assert len(HtmlWriter().render(report, Style())) < 5_000_000


def test_spans_are_marked_where_they_lie() -> None:
    assert marked("ab<c>de", [(2, 5)]) == "ab<mark>&lt;c&gt;</mark>de"
    assert marked("abcdef", [(1, 3), (2, 4), (5, 99)]) == "a<mark>bc</mark><mark>d</mark>e<mark>f</mark>"
    assert marked("abc", [(-5, 1), (2, 2), (9, 12)]) == "<mark>a</mark>bc"
    assert marked("a\x1b\u202eb\nc", []) == "a\\u001b\\u202eb\nc"


def test_back_quotes_become_code_only_in_pairs() -> None:
    assert prose("use `a<b`.") == "use <code>a&lt;b</code>."
    assert prose("a ` b") == "a ` b"


def test_a_report_without_rows_is_rendered() -> None:
    report = replace(examples.bare(), dataset=examples.DatasetFacts("", 0), findings=())
    assert "No finding" in _page(report)
