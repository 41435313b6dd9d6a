"""A refusal names the row, whatever a foreign row's values are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.canonical import Typed
from auditor.gate.columns import _other_types
from auditor.samples.readers.columnar import read_columnar


@pytest.mark.parametrize(
    "value",
    [
        Typed("timestamp", str(9 * 10**21)),
        Typed("timestamp-utc", str(-9 * 10**21)),
        Typed("date", "1970-01-01+9999999d"),
        Typed("decimal", "1E+999999"),
        Typed("decimal", "NaN"),
        10**400,
        "9" * 40,
        "1e999",
    ],
)
def test_what_no_other_type_holds_has_no_other_types(value: object) -> None:
    assert isinstance(list(_other_types(value)), list)


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64()])
def test_a_day_beyond_the_calendar_is_a_value_of_its_row_alone(tmp_path: Path, kind: pa.DataType) -> None:
    days = [0, 10_000_000, date.max.toordinal() - 719_163, -1_000_000]
    unit = 1 if kind == pa.date32() else 86_400_000
    raw = pa.array([day * unit for day in days], pa.int32() if unit == 1 else pa.int64())
    pq.write_table(pa.table({"d": raw.view(kind)}), tmp_path / "a.parquet")
    (chunk,) = read_columnar(tmp_path / "a.parquet")
    found = [row["d"].text for row in chunk.rows]
    assert found == ["1970-01-01", "1970-01-01+10000000d", "9999-12-31", "1970-01-01-1000000d"]
    assert len(set(chunk.digests)) == 4
