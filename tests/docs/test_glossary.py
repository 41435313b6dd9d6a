"""The glossary names what there is: its modules, classes, closed sets and members of the outputs."""

from __future__ import annotations

import json
import re
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from auditor.engine.samples_file import SCHEMA

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "glossary.md"
REPORT = json.loads((ROOT / "auditor/report/schema/report.v2.schema.json").read_text(encoding="utf-8"))
CODE = re.compile(r"`([\w/]+\.py)`(?: `(\w+)`)?")


class Entry(NamedTuple):
    word: str
    meaning: str
    code: str
    output: str


def entries() -> list[Entry]:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| **")]
    return [Entry(*(cell.strip() for cell in row.strip("|").split("|"))) for row in rows]


ENTRIES = entries()
NAMES = [entry.word.replace("*", "") for entry in ENTRIES]


def named(entry: Entry) -> Any:
    """Return the module, class or function that an entry names."""
    found = CODE.fullmatch(entry.code)
    assert found, entry.code
    module = import_module("auditor." + found[1].removesuffix(".py").replace("/", "."))
    return getattr(module, found[2]) if found[2] else module


def member(schema: dict[str, Any], path: str) -> dict[str, Any]:
    """Return the schema of a member such as `origins[].grade`."""
    for name in path.split("."):
        while "$ref" in schema or "anyOf" in schema:
            choices = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
            reference = schema.get("$ref") or choices[0]["$ref"]
            schema = REPORT["$defs"][reference.rpartition("/")[2]]
        schema = schema["properties"][name.removesuffix("[]")]
        if name.endswith("[]"):
            schema = schema["items"]
    return schema


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_what_an_entry_names_in_the_code_is_there(entry: Entry) -> None:
    assert named(entry) is not None


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_a_closed_set_is_named_with_exactly_its_values(entry: Entry) -> None:
    what = named(entry)
    if isinstance(what, type) and issubclass(what, Enum):
        said = {value for value in re.findall(r"`([^`]+)`", entry.meaning) if not value.startswith("-")}
        assert said == {str(value.value) for value in what}


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_what_an_entry_names_in_the_outputs_is_there(entry: Entry) -> None:
    if not entry.output:
        return
    place, _, name = entry.output.strip("`").partition(": ")
    match place:
        case "report.json":
            assert member(REPORT, name)
        case "samples.parquet":
            assert name in SCHEMA.names
        case "permit":
            source = (ROOT / "auditor/attest/statement.py").read_text(encoding="utf-8")
            assert f'"{name}"' in source
        case _:
            pytest.fail(f"{place} is not an output that the page explains")


def test_a_word_is_explained_once() -> None:
    words = [word for entry in ENTRIES for word in re.findall(r"\*\*([^*]+)\*\*", entry.word)]
    assert len(words) == len(set(words))
