"""The page of shapes is made from the shapes that are tested; AUDITOR_GOLDEN=write renews it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.docs.made_pages import assert_made
from tests.samples.shape_table import GROUPS
from tests.samples.tools.interface import Written

PAGE = Path(__file__).parents[2] / "docs" / "reading.md"
BEGIN, END = (
    "<!-- shapes: made from tests/samples/tools, see AUDITOR_GOLDEN -->\n",
    "<!-- end of shapes -->\n",
)
HEAD = "| tool | where | slots | model | date | asked about |\n|---|---|---|---|---|---|\n"
WIDEST = 3
"""So many slots are named; of more, the first."""


def _teacher(written: Written) -> str:
    if not written.teachers:
        return "not told"
    if written.beside:
        return "beside the rows"
    slots = {slot for slot, _ in written.teachers}
    return (
        "told"
        if "" in slots
        else "told for each answer"
        if slots & {*written.learned}
        else "of the judge alone"
    )


def _line(written: Written) -> str:
    slots = [slot for slot in written.learned if slot]
    named = ", ".join(f"`{slot}`" for slot in slots[:WIDEST]) + (", …" if len(slots) > WIDEST else "")
    left = ", ".join(f"`{path}`" for path in written.unjudged) or ("unknown role" if written.unknown else "")
    cells = (
        written.tool,
        written.where.replace("|", "\\|"),
        named,
        _teacher(written),
        "yes" if written.days else "",
        left,
    )
    return f"| {' | '.join(cells)} |\n".replace("  |", " |")


def _lines() -> Iterator[str]:
    for title, group in GROUPS:
        yield f"\n### {title}\n\n{HEAD}"
        yield from map(_line, group)
    yield "\n"


def test_the_page_lists_every_shape_that_is_tested() -> None:
    assert_made(PAGE, BEGIN, END, _lines())


def test_no_tool_stands_twice() -> None:
    tools = [written.tool for _, group in GROUPS for written in group]
    assert sorted(set(tools)) == sorted(tools)
