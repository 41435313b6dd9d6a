"""Characters are counted by what was done with them; none is counted twice."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from auditor.engine.text_count import TextCount

SCHEMA = pa.schema([("row_index", pa.int32()), ("text", pa.string())])


def _texts(*held: tuple[int, str]) -> pa.Table:
    return pa.Table.from_pylist([{"row_index": at, "text": text} for at, text in held], SCHEMA)


def test_every_character_has_one_place() -> None:
    count = TextCount()
    learned = _texts((0, "äöü"), (0, "ab"), (2, "cdef"))
    parts = pa.concat_tables([learned, _texts((0, "asked"), (1, "told"))])
    count.add(parts, learned, np.array([True, False, True]), np.array([1, 0, 1], np.int32))
    count.add(parts, learned, np.zeros(0, np.bool_), np.array([2, 0, 0], np.int32))
    assert (count.learned, count.decided, count.other) == (18, 7, 18)
    assert [count.of(number) for number in range(4)] == [4, 9, 5, 0]


def test_no_row_and_no_text_count_nothing() -> None:
    count = TextCount()
    count.add(_texts(), _texts(), np.zeros(0, np.bool_), np.zeros(0, np.int32))
    count.add(_texts((0, "asked")), _texts(), np.zeros(0, np.bool_), np.array([0], np.int32))
    assert (count.learned, count.other, count.of(0)) == (0, 5, 0)
