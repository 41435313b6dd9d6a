"""A file that is one object is a table where data frames write it so, and a row where it is one."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from auditor.samples.readers.json_tables import rows_of

ROWS = [{"prompt": "a", "model": "x"}, {"prompt": "b", "model": None}, {"prompt": "c", "model": "y"}]
NAMES = ["prompt", "model"]
TABLES: dict[str, Any] = {
    "lists": {name: [row[name] for row in ROWS] for name in NAMES},
    "columns": {name: {str(at): row[name] for at, row in enumerate(ROWS)} for name in NAMES},
    "index": {str(at): row for at, row in enumerate(ROWS)},
    "split": {"columns": NAMES, "index": [0, 1, 2], "data": [[row[name] for name in NAMES] for row in ROWS]},
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_every_orient_gives_the_same_rows(table: Any) -> None:
    assert rows_of(orjson.dumps(table)) == ROWS


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "a", "answers": ["b", "c"]},
        {"messages": [{"role": "user", "content": "a"}]},
        {"chosen": ["a"], "rejected": ["b"]},
        {"a": [1, 2], "b": [1]},
        {"a": {"0": 1}, "b": {"1": 1}},
        {"columns": ["a"], "data": [[1, 2]]},
        {"request": {"a": 1}, "response": {"b": 2}},
        {},
    ],
)
def test_a_row_is_no_table(row: Any) -> None:
    assert rows_of(orjson.dumps(row)) is None
