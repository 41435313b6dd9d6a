"""Values of Parquet and Arrow that a row cannot hold."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest

from auditor.errors import UnreadableInputError
from tests.samples.reading import GOOD, read


def arrow(path: Path, **columns: pa.Array) -> Path:
    table = pa.Table.from_pylist(GOOD)
    for name, column in columns.items():
        table = table.append_column(name, column)
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)
    return path


def test_a_float_that_is_not_finite_costs_its_row_alone(tmp_path: Path) -> None:
    scores = pa.array([0.5, float("nan"), float("inf")], pa.float32())
    source = read(arrow(tmp_path / "a.arrow", score=scores))
    assert source.samples == 1
    assert [row.sample_id for row in source.unreadable] == ["a.arrow#1", "a.arrow#2"]


@pytest.mark.parametrize(
    "column",
    [
        pa.StructArray.from_arrays([pa.array([1] * 3), pa.array([2] * 3)], ["a", "a"]),
        pa.array([(1, 2, 3)] * 3, pa.month_day_nano_interval()),
    ],
    ids=["two fields of one name", "an interval"],
)
def test_columns_that_rows_cannot_have_make_the_file_unreadable(tmp_path: Path, column: pa.Array) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        read(arrow(tmp_path / "a.arrow", odd=column))
    assert caught.value.where == "a.arrow"
    assert caught.value.fix
