"""Characters are counted by what was done with them; none is counted twice."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.engine.part_texts import PartTexts
from auditor.engine.text_count import TextCount, characters

SCHEMA = pa.schema([("row_index", pa.int32()), ("text", pa.string())])


def _texts(*held: tuple[int, str]) -> pa.Table:
    return pa.Table.from_pylist([{"row_index": at, "text": text} for at, text in held], SCHEMA)


def test_every_character_has_one_place() -> None:
    count = TextCount()
    parts = _texts((0, "asked"), (0, "äöü"), (0, "ab"), (1, "told"), (2, "cdef"))
    learned = PartTexts(parts, np.array([1, 2, 4]))
    count.add(learned, np.array([True, False, True]), np.array([1, 0, 1], np.int32))
    count.add(learned, np.zeros(0, np.bool_), np.array([2, 0, 0], np.int32))
    assert (count.learned, count.decided, count.other) == (18, 7, 18)
    assert [count.of(number) for number in range(4)] == [4, 9, 5, 0]


def test_no_row_and_no_text_count_nothing() -> None:
    count = TextCount()
    nothing = np.zeros(0, np.int64)
    count.add(PartTexts(_texts(), nothing), np.zeros(0, np.bool_), np.zeros(0, np.int32))
    count.add(PartTexts(_texts((0, "asked")), nothing), np.zeros(0, np.bool_), np.array([0], np.int32))
    assert (count.learned, count.other, count.of(0)) == (0, 5, 0)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
@given(texts=st.lists(st.text(alphabet="ab é日😀\0", max_size=4), max_size=8), cut=st.integers(0, 3))
def test_characters_are_counted_as_arrow_counts_them(kind: pa.DataType, texts: list[str], cut: int) -> None:
    column = pa.chunked_array([pa.array(texts, kind), pa.array(texts[::-1], kind)])
    for one in (column, column.slice(cut), column.chunk(1).slice(cut)):
        assert characters(one).tolist() == pc.utf8_length(one).to_pylist()
