"""A refusal names the columns that were added or re-typed."""

from __future__ import annotations

import datetime as dt
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.canonical import Typed
from auditor.digest import row_digest
from auditor.gate.columns import _other_types, column_cause
from auditor.samples.readers.columnar import read_columnar

ROW = {
    "id": 7,
    "text": "seven",
    "score": 0.1,
    "ok": True,
    "day": "2025-01-02",
    "at": "2025-01-02T03:04:05",
    "tags": ["a"],
    "none": None,
}


SINGLE = Typed("float32", "0.10000000149011612")


def cause(row: dict[str, Any], permitted: dict[str, Any]) -> str | None:
    return column_cause(row, {row_digest(permitted)}.__contains__)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"id": "7"}, "column 'id' has another type"),
        ({"id": "7", "score": "0.1", "ok": "true"}, "columns 'id', 'score', 'ok' have other types"),
        ({"score": SINGLE}, "column 'score' has another type"),
        ({"score": Decimal("0.1")}, "column 'score' has another type"),
        ({"score": Typed("decimal", "0.1")}, "column 'score' has another type"),
        ({"day": dt.date(2025, 1, 2)}, "column 'day' has another type"),
        ({"at": dt.datetime(2025, 1, 2, 3, 4, 5)}, "column 'at' has another type"),
        ({"at": Typed("timestamp", "1735787045000000000")}, "column 'at' has another type"),
        ({"tags": "a"}, "column 'tags' has another type"),
        ({"text": ["seven"]}, "column 'text' has another type"),
        ({"hint": "x"}, "column 'hint' was added"),
        ({"a": 1, "b": [], "c": {}}, "columns 'a', 'b', 'c' were added"),
        ({"text": "eight"}, None),
        ({"text": "eight", "hint": "x"}, None),
    ],
)
def test_the_columns_that_changed_are_named(change: dict[str, Any], names: str | None) -> None:
    assert cause({**ROW, **change}, ROW) == names


@pytest.mark.parametrize(
    "permitted",
    [
        {"score": SINGLE},
        {"score": Decimal("0.1")},
        {"day": dt.date(2025, 1, 2)},
        {"at": dt.datetime(2025, 1, 2, 3, 4, 5)},
        {"id": "7"},
        {"ok": "True"},
    ],
)
def test_a_type_is_named_whichever_side_has_the_plainer_one(permitted: dict[str, Any]) -> None:
    (name,) = permitted
    assert cause(ROW, {**ROW, **permitted}) == f"column {name!r} has another type"


def test_a_wide_foreign_row_is_given_up_in_time() -> None:
    tried = []
    wide = {f"c{number}": str(number) for number in range(400)}
    assert column_cause(wide, lambda digest: bool(tried.append(digest))) is None
    assert len(tried) <= 8192


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
