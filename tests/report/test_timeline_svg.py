"""A timeline's file is plain SVG: nothing in it runs, loads or breaks out."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from auditor.report.timeline_svg import svg
from tests.report import examples
from tests.report.golden import assert_golden

SPACE = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_as_agreed() -> None:
    assert_golden("timeline.svg", svg(examples.rich().timelines[0]).encode())


@pytest.mark.parametrize("timeline", [*examples.rich().timelines, examples.hostile().timelines[0]])
def test_it_is_well_formed_and_inert(timeline: object) -> None:
    root = ElementTree.fromstring(svg(timeline))  # type: ignore[arg-type]
    kinds = {one.tag.removeprefix(SPACE) for one in root.iter()}
    assert kinds <= {"svg", "title", "style", "defs", "pattern", "line", "rect", "text", "g", "path"}
    for one in root.iter():
        assert not [name for name in one.attrib if name.startswith("on") or "href" in name or name == "style"]
