"""The kernel over columns gives the digests of the rows as Python values, or leaves a row to them."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.digest import RowError, row_digest
from auditor.jit.compile import COMPILED
from auditor.row_kernels import columns
from auditor.samples.readers.column_digests import batch_digests
from auditor.samples.readers.column_values import batch_rows
from tests.effort import tries

pytestmark = pytest.mark.skipif(not COMPILED, reason="numba does not compile here")

ROWS: list[dict[str, Any]] = [
    {
        "a": "x",
        "é": None,
        "b": [1, None, 2],
        "c": {"z": None, "y": 'q"\\\n\x01é日\U0001f600'},
        "d": 1.5,
        "e": True,
        "f": 10**17,
        "g": [{"role": "user", "content": "hi"}, {"role": None, "content": ""}],
        "\ue000": 1,
        "\U0001f600": 2,
    },
    {"a": None, "é": "ü", "b": [], "c": None, "d": 1e-7, "e": False, "f": -5, "g": None},
    {"a": "", "b": None, "c": {"z": 3, "y": None}, "d": float("nan"), "e": None, "f": 0, "g": []},
    {"a": "x" * 100, "d": 1e22, "f": -(2**63)},
    {"d": 0.30000000000000004, "f": 2**63 - 1},
]


def exact(row: dict[str, Any]) -> bytes | None:
    try:
        return row_digest(row)
    except RowError:
        return None


def agree(batch: pa.RecordBatch) -> int:
    """Hold the kernel to the exact path; return how many rows it digested itself."""
    digests, left = batch_digests(batch)[:2]
    done = 0
    for place, row in enumerate(batch_rows(batch)):
        if not left[place]:
            assert digests[place].tobytes() == exact(row), row
            done += 1
    return done


@pytest.mark.parametrize("start", range(5))
def test_rows_of_every_json_type_have_the_exact_digest_wherever_a_batch_is_cut(start: int) -> None:
    batch = pa.RecordBatch.from_pylist(ROWS, pa.Table.from_pylist(ROWS).schema)
    for length in range(1, len(ROWS) - start + 1):
        nan = 1 if start <= 2 < start + length else 0
        assert agree(batch.slice(start, length)) == length - nan


def test_types_that_json_lacks_have_the_exact_digest() -> None:
    columns = {
        "when": pa.array([dt.datetime(2020, 1, 1, 5), None]),
        "zoned": pa.array([dt.datetime(2020, 1, 1, tzinfo=dt.UTC), None], pa.timestamp("ms", "UTC")),
        "day": pa.array([dt.date(2020, 1, 1), None]),
        "span": pa.array([dt.timedelta(seconds=5), None]),
        "bytes": pa.array([b"ab", b""]),
        "single": pa.array([1.5, None], pa.float32()),
        "big": pa.array([2**64 - 1, 0], pa.uint64()),
        "decimal": pa.array([decimal.Decimal("1.10"), None]),
        "named": pa.array(["a", "b"]).dictionary_encode(),
        "two": pa.array([[1, 2], [3, 4]], pa.list_(pa.int8(), 2)),
        "map": pa.array([[("a", 1)], []], pa.map_(pa.string(), pa.int32())),
        "nothing": pa.nulls(2),
        "large": pa.array(["x", None], pa.large_string()),
        "view": pa.array(["x" * 40, None], pa.string_view()),
    }
    batch = pa.record_batch(columns)
    assert agree(batch) == 2
    assert agree(batch.slice(1)) == 1


NUMBERS = [[1, None, 2], None, [], [3], [None], [4, 5]]
WORDS = [["x", None, "é"], None, [], ["a"], [None], ["b", "c"]]
RUNS = pa.RunEndEncodedArray.from_arrays(pa.array([2, 5, 6], pa.int32()), pa.array(["a", None, "c"]))
LAID_OUT = {
    "list": pa.array(WORDS, pa.list_(pa.string())),
    "large list": pa.array(NUMBERS, pa.large_list(pa.int8())),
    "list view": pa.array(WORDS, pa.list_view(pa.string())),
    "large list view": pa.array(WORDS, pa.large_list_view(pa.string_view())),
    "view of lists": pa.array([[one] for one in WORDS], pa.list_view(pa.list_(pa.string()))),
    "fixed": pa.array([[1, 2], None, [3, None], [5, 6], None, [7, 8]], pa.list_(pa.int16(), 2)),
    "fixed, of none": pa.array([[], None, [], [], None, []], pa.list_(pa.int16(), 0)),
    "runs": RUNS,
    "lists of runs": pa.ListArray.from_arrays([0, 1, 2, 3, 4, 5, 6], RUNS),
    "objects of runs": pa.StructArray.from_arrays([RUNS], ["r"]),
    "lists of named": pa.ListArray.from_arrays(
        [0, 2, 2, 3, 4, 5, 6], pa.array(list("abcabc")).dictionary_encode()
    ),
    "null above values": pa.ListArray.from_arrays(
        pa.array([0, 2, 4, 4, 5, 6, 6], pa.int32()),
        pa.array([1.0, 2.0, float("nan"), 4.0, 5.0, 6.0]),
        mask=pa.array([False, True, False, False, False, False]),
    ),
    "objects of none": pa.array([[{}, None], None, [], [{}], [], [{}]], pa.list_(pa.struct([]))),
    "map": pa.array(
        [[("a", 1), ("a", 2)], None, [], [("b", None)], [], []], pa.map_(pa.string(), pa.int32())
    ),
    "map of runs": pa.MapArray.from_arrays([0, 1, 2, 3, 4, 5, 6], pa.array(list("uvwxyz")), RUNS),
    "extension": pa.ExtensionArray.from_storage(pa.bool8(), pa.array([0, 1, None, 5, -1, 0], pa.int8())),
}


@pytest.mark.parametrize("column", LAID_OUT.values(), ids=LAID_OUT)
def test_however_a_column_is_laid_out_each_cut_of_it_has_the_exact_digests(column: pa.Array) -> None:
    batch = pa.record_batch({"a": pa.array(range(6)), "odd": column})
    for start in range(6):
        for length in range(7 - start):
            assert agree(batch.slice(start, length)) == length


def test_a_map_of_runs_has_its_own_values_wherever_it_is_cut() -> None:
    column = LAID_OUT["map of runs"]
    values = ["a", "a", None, None, None, "c"]
    for start in range(6):
        rows = batch_rows(pa.record_batch({"m": column.slice(start)}))
        assert [row["m"][0]["value"] for row in rows] == values[start:]


def test_rows_without_a_value_have_room_behind_wide_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "OWN_SHA256", False)
    texts = ["\x01" * 10_800, *[None] * 40_000]
    assert agree(pa.record_batch({"t": texts})) == len(texts)
    assert agree(pa.RecordBatch.from_struct_array(pa.array([{}] * 40_000, pa.struct([])))) == 40_000


def test_text_that_is_not_utf_8_and_numbers_that_are_not_finite_are_left() -> None:
    bad = pa.array([b"good", b"\xff\xfe", b"\xed\xa0\x80"]).view(pa.string())
    numbers = pa.array([float("inf"), 1.0, 2.0], pa.float32())
    assert list(batch_digests(pa.record_batch({"t": bad}))[1]) == [0, 1, 1]
    assert list(batch_digests(pa.record_batch({"n": numbers}))[1]) == [1, 0, 0]


def test_a_form_much_longer_than_its_text_has_room() -> None:
    deep: Any = "\x01" * 70_000
    for _ in range(60):
        deep = [deep]
    assert agree(pa.RecordBatch.from_pylist([{"a": deep}, {"a": deep}])) == 2


values = st.none() | st.text(max_size=40)
rows = st.fixed_dictionaries(
    {
        "t": values,
        "n": st.none() | st.integers(-(2**63), 2**63 - 1),
        "d": st.none() | st.floats(),
        "b": st.none() | st.booleans(),
        "m": st.none()
        | st.lists(st.none() | st.fixed_dictionaries({"role": values, "content": values}), max_size=4),
        "o": st.none()
        | st.fixed_dictionaries({"z": values, "a": st.none() | st.lists(st.integers(0, 9), max_size=3)}),
    }
)


@settings(max_examples=tries(100), deadline=None)
@given(st.lists(rows, min_size=1, max_size=6))
def test_any_batch_has_the_digests_of_its_rows(found: list[dict[str, Any]]) -> None:
    agree(pa.RecordBatch.from_pylist(found))


def test_a_processor_without_its_own_sha_256_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = pa.RecordBatch.from_pylist(ROWS, pa.Table.from_pylist(ROWS).schema)
    own, _ = batch_digests(batch)[:2]
    monkeypatch.setattr(columns, "OWN_SHA256", False)
    other, left = batch_digests(batch)[:2]
    assert [d.tobytes() for d in own[left == 0]] == [d.tobytes() for d in other[left == 0]]
