"""Values of Parquet and Arrow that a row cannot hold."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet
import pytest

from auditor.errors import UnreadableInputError
from auditor.jit.compile import COMPILED
from auditor.row_kernels import worth
from auditor.samples.readers import columnar
from auditor.samples.readers.columnar import read_columnar
from tests.samples.containers import ROWS, WRITERS, digests_of
from tests.samples.reading import arrow, read

UNION = pa.UnionArray.from_sparse(
    pa.array([0, 1, 0], pa.int8()), [pa.array([1, 2, 3]), pa.array(["a", "b", "c"])]
)


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
        UNION,
        pa.StructArray.from_arrays([UNION], ["u"]),
        pa.ListArray.from_arrays(pa.array([None, 0, 0, 0], pa.int32()), UNION),
    ],
    ids=["two fields of one name", "an interval", "a union", "a union in an object", "a union in lists"],
)
@pytest.mark.parametrize("by_kernel", [False, True])
def test_columns_that_rows_cannot_have_make_the_file_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: pa.Array, by_kernel: bool
) -> None:
    monkeypatch.setattr(worth, "_can_be_loaded", lambda: by_kernel and COMPILED)
    monkeypatch.setattr(worth, "_seen", 1 << 40)
    with pytest.raises(UnreadableInputError) as caught:
        read(arrow(tmp_path / "a.arrow", odd=column))
    assert caught.value.where == "a.arrow"
    assert caught.value.fix


def test_bad_utf8_in_a_parquet_cell_is_one_bad_row(tmp_path: Path) -> None:
    text = pa.array([b"good", b"\xff", b"fine"], pa.binary()).view(pa.string())
    path = tmp_path / "a.parquet"
    pa.parquet.write_table(pa.table({"text": text, "n": [1, 2, 3]}), path)
    digests, faults = digests_of(path)
    assert len(digests) == 2
    assert [fault.row for fault in faults] == [1]


def test_columnar_types_that_json_lacks_are_kept_apart(tmp_path: Path) -> None:
    import datetime as dt
    from decimal import Decimal

    moment = dt.datetime(2025, 1, 2, 3, 4, 5)
    columns = {
        "float32": pa.array([1.5], pa.float32()),
        "float64": pa.array([1.5], pa.float64()),
        "instant": pa.array([moment], pa.timestamp("us")),
        "zoned": pa.array([moment], pa.timestamp("us", "UTC")),
        "day": pa.array([moment.date()], pa.date32()),
        "decimal": pa.array([Decimal("1.5")], pa.decimal128(5, 1)),
        "bytes": pa.array([b"1.5"], pa.binary()),
        "text": pa.array(["1.5"]),
        "nested": pa.array([[{"x": 1.5}]], pa.list_(pa.struct([("x", pa.float32())]))),
    }
    digests = set()
    for name, values in columns.items():
        path = tmp_path / f"{name}.parquet"
        pa.parquet.write_table(pa.table({"v": values}), path)
        digests.update(digests_of(path)[0])
    assert len(digests) == len(columns)


@pytest.mark.parametrize(
    "arrays",
    [
        [
            pa.array(["a", None, "a"]),
            pa.array(["a", None, "a"], pa.large_string()),
            pa.array(["a", None, "a"], pa.string_view()),
            pa.array(["a", None, "a"]).dictionary_encode(),
            pc.run_end_encode(pa.array(["a", None, "a"])),
        ],
        [
            pa.array([b"a", None], kind)
            for kind in (pa.binary(), pa.large_binary(), pa.binary_view(), pa.binary(1))
        ],
        [
            pa.array([[1.5, None], None, [0.5, 2.5]], kind(pa.float32()))
            for kind in (
                pa.list_,
                pa.large_list,
                pa.list_view,
                pa.large_list_view,
                lambda of: pa.list_(of, 2),
            )
        ],
    ],
)
def test_how_a_column_is_laid_out_does_not_count(tmp_path: Path, arrays: list[pa.Array]) -> None:
    found = []
    for values in arrays:
        table = pa.table({"v": values})
        with pa.ipc.new_file(tmp_path / "x.arrow", table.schema) as writer:
            writer.write_table(table)
        found.append(tuple(digests_of(tmp_path / "x.arrow")[0]))
    assert len(found[0]) == len(arrays[0])
    assert len(set(found)) == 1


def test_units_of_time_do_not_count(tmp_path: Path) -> None:
    found = set()
    for unit in ("s", "ms", "us", "ns"):
        path = tmp_path / f"{unit}.arrow"
        table = pa.table({"v": pa.array([10**9], pa.timestamp("s")).cast(pa.timestamp(unit))})
        with pa.ipc.new_file(path, table.schema) as writer:
            writer.write_table(table)
        found.update(digests_of(path)[0])
    assert len(found) == 1


@pytest.mark.parametrize("name", ["a.arrow", "s.arrow", "a.parquet"])
def test_damaged_columnar_bytes_end_in_rows_or_one_error(tmp_path: Path, name: str) -> None:
    import random

    chance, whole = random.Random(7), WRITERS[name](ROWS[:8])
    path = tmp_path / name
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(3):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(content)
        with contextlib.suppress(UnreadableInputError):
            digests_of(path)


@pytest.mark.skipif(not COMPILED, reason="numba does not compile here")
@pytest.mark.parametrize("name", ["a.parquet", "a.arrow"])
def test_an_odd_row_goes_the_exact_way_alone(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, faulty = 1_000, {3, 500, 999}
    said = [f"text {at}".encode() for at in range(count)]
    scores = [float("nan") if at in faulty else at / 7 for at in range(count)]
    said[40] = b"\xff"
    table = pa.table({"said": pa.array(said, pa.binary()).view(pa.string()), "score": scores})
    path = tmp_path / name
    if name == "a.parquet":
        pa.parquet.write_table(table, path)
    else:
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    monkeypatch.setattr(columnar, "pays", lambda size: False)
    alone = [(c.numbers, c.digests, c.faults, c.rows) for c in read_columnar(path, 300)]
    monkeypatch.setattr(columnar, "pays", lambda size: True)
    made: list[int] = []
    plain = columnar.batch_rows
    for outlined in (False, True):
        monkeypatch.setattr(columnar, "batch_rows", lambda batch: made.append(len(batch)) or plain(batch))
        chunks = list(read_columnar(path, 300, outlined))
        monkeypatch.setattr(columnar, "batch_rows", plain)
        assert [(c.numbers, c.digests, c.faults, c.rows) for c in chunks] == alone
    assert made == [1] * 2 * (len(faulty) + 1)
    assert {fault.row for _, _, faults, _ in alone for fault in faults} == faulty | {40}
