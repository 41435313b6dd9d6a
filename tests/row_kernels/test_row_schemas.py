"""Rows have one number where they are alike but for their values, and their values stand where it is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.jit.compile import COMPILED
from auditor.row_kernels.json_rows import DONE, RowDigests
from auditor.row_kernels.row_schemas import SCHEMAS, Notes, RowSchemas
from auditor.row_kernels.text import PAD

pytestmark = pytest.mark.skipif(not COMPILED, reason="numba does not compile here")

NAMES = st.sampled_from(("role", "from", "content", "a", "b", "rolf"))
SCALARS = st.none() | st.booleans() | st.sampled_from((0, 7, 0.5, "", "a", "user", 'q"\n', "é"))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def leaves(value: Any) -> Iterator[Any]:
    """Yield the values that hold no other, in reading order."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    else:
        yield value


def schema(value: Any, listed: bool = False) -> Any:
    """Return what is the same in rows of one schema."""
    if isinstance(value, dict):
        said = [value.get(name) for name in ("role", "from")] if listed else []
        plain = [one if not isinstance(one, dict | list) else None for one in said]
        return {name: schema(inner) for name, inner in value.items()}, [*value], list(map(repr, plain))
    if isinstance(value, list):
        return [schema(inner, listed=True) for inner in value]
    return type(value).__name__ if value != "" else ""


def noted(rows: list[Any], schemas: RowSchemas, places: int = 1000) -> tuple[Notes, bytes, list[int]]:
    """Return what the kernel notes of rows, their text, and which of them it digested."""
    raws = [json.dumps(row, ensure_ascii=False).encode() for row in rows]
    text, ends = b"\n".join(raws), np.cumsum([len(raw) + 1 for raw in raws]) - 1
    starts = np.array([0, *(ends[:-1] + 1)], np.int64)
    notes = schemas.notes(len(rows), places)
    held = np.frombuffer(text + bytes(PAD), np.uint8)
    states = RowDigests.shared().of_rows(held, starts, ends, notes)[1]
    notes.trim()
    return notes, text, np.flatnonzero(states == DONE).tolist()


@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=4), min_size=1, max_size=20))
@settings(deadline=None)
def test_rows_of_one_number_are_alike_but_for_their_values(rows: list[dict[str, Any]]) -> None:
    notes, text, done = noted(rows, RowSchemas())
    numbers: dict[str, int] = {}
    for place in done:
        known = repr(schema(rows[place]))
        assert notes.schemas[place] == numbers.setdefault(known, len(numbers))
        first, held = notes.first[place], list(leaves(rows[place]))
        spans = notes.leaves[first : first + len(held)].tolist()
        for (begin, end), value in zip(spans, held, strict=True):
            raw = text[begin:end]
            assert json.loads(b'"%b"' % raw if isinstance(value, str) else raw) == value


def test_a_row_of_more_than_there_is_room_for_has_no_schema() -> None:
    long, many = {"a" * 9000: 1}, {"a": [1] * 2000}
    spoken = {"a": [{"role": "x" * 60}]}
    notes, _, done = noted([long, {"a": 1}, many, spoken, {"b": 1}], RowSchemas())
    assert done == [0, 1, 2, 3, 4]
    assert notes.schemas.tolist() == [-1, 0, -1, -1, 1]
    assert len(notes.leaves) == 2


def test_a_file_has_so_many_schemas_at_most() -> None:
    schemas = RowSchemas()
    notes = noted([{f"a{at}": 1} for at in range(SCHEMAS + 5)], schemas, 5000)[0]
    assert notes.schemas.tolist() == [*range(SCHEMAS), *[-1] * 5]
    assert noted([{"a7": 2}], schemas)[0].schemas.tolist() == [7]
