"""A path or an answer that no row has is refused by name, with what may be meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.samples.shapes.mapping import read_mapping
from auditor.samples.source import ReadOptions, open_source

PAIR = {
    "prompt": "q",
    "response_a": "one answer",
    "response_b": "another",
    "meta": {"gen": {"model": "m"}},
    "model_a": "x",
}


def _read(folder: Path, *lines: str) -> None:
    (folder / "rows.jsonl").write_text(json.dumps(PAIR) + "\n" + json.dumps({**PAIR, "late": "y"}) + "\n")
    for _ in open_source([str(folder)], ReadOptions(mapping=read_mapping(lines))):
        pass


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("teacher=meta.gen.modle", "meta.gen.model"),
        ("teacher=gen.model", "meta.gen.model"),
        ("learned=Response_a", "response_a"),
        ("ignore=nowhere", "--show-map"),
        ("teacher@respones_a=model_a", "response_a"),
        ("teacher@chosen=model_a", "answers are response_a, response_b"),
    ],
)
def test_what_no_row_has_is_refused(tmp_path: Path, line: str, meant: str) -> None:
    with pytest.raises(UsageError) as refused:
        _read(tmp_path, line)
    assert meant in (refused.value.fix or "")


@pytest.mark.parametrize(
    "lines",
    [("learned=late", "prompt=late"), ("ignore=model_a", "teacher=model_a"), ("id=late", "ignore=late")],
)
def test_one_column_is_not_two_things(tmp_path: Path, lines: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="two things"):
        _read(tmp_path, *lines)
    _read(tmp_path, "teacher=model_a", "source=model_a")


@pytest.mark.parametrize("line", ["ignore=late", "teacher@response_a=model_a", "teacher@translator=model_a"])
def test_what_one_row_has_is_enough(tmp_path: Path, line: str) -> None:
    _read(tmp_path, line)
