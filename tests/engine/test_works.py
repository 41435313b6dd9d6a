"""Registered works in the rows: each row counts once a title, each character of a work once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from auditor.engine.search import HIT_SCHEMA, RowMatches
from auditor.engine.works import WorkCount


def hit(
    row: int, teacher: str, *tied: str, spans: tuple[tuple[int, int], ...] = ((0, 10),)
) -> dict[str, Any]:
    places = [{"query_start": 0, "query_end": 1, "reference_start": a, "reference_end": b} for a, b in spans]
    return {
        "row": row, "index": "refs", "slot": "", "teacher": teacher, "teachers": [teacher, *tied],
        "score": 1.0, "matched_chars": 1, "spans": places, "reference_id": "r#1",
    }  # fmt: skip


def matches(rows: int, *hits: dict[str, Any]) -> RowMatches:
    return RowMatches(np.full(rows, 2, np.int8), pa.Table.from_pylist(list(hits), HIT_SCHEMA))


def test_a_title_counts_once_a_row_and_tied_titles_count_too() -> None:
    count = WorkCount()
    found = count.add(
        matches(3, hit(0, "work:Sea"), hit(0, "work:Sea"), hit(1, "gpt", "WORK: Sky"), hit(2, "gpt")), 3
    )
    assert found.tolist() == [True, True, False]
    assert (count.rows, count.total) == ({"Sea": 1, "Sky": 1}, 2)


def test_stretches_of_several_rows_are_joined() -> None:
    count = WorkCount()
    count.add(matches(1, hit(0, "work:Sea", spans=((0, 10), (8, 20)))), 1)
    count.add(matches(1, hit(0, "work:Sea", spans=((30, 40),))), 1)
    assert count._stretches == {("refs", "Sea", "r#1"): [(0, 20), (30, 40)]}
    assert count.rows == {"Sea": 2}


def test_without_matches_nothing_is_a_work() -> None:
    count = WorkCount()
    assert count.add(RowMatches(np.full(2, -1, np.int8)), 2).tolist() == [False, False]
    assert count.total == 0
