"""CONTRIBUTING draws the house as it stands: its floors are those that are held, its files are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TICKED = re.compile(r"`([\w./*-]+)`")
DRAWING = re.compile(r"^(\d)   (.+)$", re.MULTILINE)


def section(title: str) -> str:
    return PAGE.split(f"## {title}\n")[1].split("\n## ")[0]


def places(text: str) -> list[str]:
    """Return the files and folders that a text names."""
    return [name for name in TICKED.findall(text) if "/" in name or name.endswith(".py")]


def drawn() -> dict[str, int]:
    """Return the floor of every room in the drawing."""
    lines = DRAWING.findall(section("The house").split("```")[1])
    return {name: int(floor) for floor, names in lines for name in names.replace("people", "").split()}


def held() -> dict[str, int]:
    """Return the height of every room in the contract that import-linter holds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [contract] = [one for one in project["tool"]["importlinter"]["contracts"] if "The house" in one["name"]]
    return {
        name.strip().removeprefix("auditor."): -place
        for place, layer in enumerate(contract["layers"])
        for name in layer.split("|")
    }


@pytest.mark.parametrize("title", ["The house", "The way of one row", "Where a new one goes"])
def test_every_file_that_a_section_names_is_there(title: str) -> None:
    named = places(section(title))
    assert named
    homes = [
        ROOT,
        ROOT / "auditor",
        *(ROOT / "auditor" / room for room in ("policy", "samples", "fingerprint")),
    ]
    missing = [name for name in named if not any(list(home.glob(name.rstrip("/"))) for home in homes)]
    assert missing == []


def test_the_way_of_a_row_names_its_files_in_full() -> None:
    assert [
        name for name in places(section("The way of one row")) if not (ROOT / "auditor" / name).is_file()
    ] == []


def test_every_room_is_drawn_and_described() -> None:
    rooms = {path.parent.name for path in (ROOT / "auditor").glob("*/__init__.py")}
    described = {name for name in TICKED.findall(section("The house")) if name in rooms}
    assert rooms <= drawn().keys()
    assert described == rooms


def test_what_is_drawn_is_there() -> None:
    assert [name for name in drawn() if not list((ROOT / "auditor").glob(f"{name}*"))] == []


def test_the_floors_are_those_that_import_linter_holds() -> None:
    floors, heights = drawn(), held()
    shared = sorted(floors.keys() & heights.keys(), key=lambda name: heights[name])
    assert len(shared) > 15
    upside_down = [
        (lower, upper)
        for lower in shared
        for upper in shared
        if heights[lower] < heights[upper] and floors[lower] > floors[upper]
    ]
    assert upside_down == []
