"""Every container gives the same rows; every malformed row is counted, named and stepped over."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet
import pytest
import zstandard

from auditor.canonical import RowError
from auditor.errors import InputError, UnreadableInputError, UsageError
from auditor.samples.readers.chunk import Fault
from auditor.samples.readers.formats import Format, read_file, sniff
from auditor.samples.readers.json_arrays import _Splitter
from auditor.samples.readers.json_lines import split_lines
from auditor.samples.rows import iter_row_digests
from tests.samples import reading as front

ROWS: list[dict[str, Any]] = [
    {
        "instruction": f'Say {n} "x": [{{',
        "output": "é 😀 null\n",
        "score": n / 2,
        "n": n,
        "tags": [{"a": None}, {"a": "b"}],
    }
    for n in range(50)
]


def read(*paths: Path) -> tuple[list[bytes], list[Fault]]:
    faults: list[Fault] = []
    digests = [
        digest
        for _, digest in iter_row_digests(
            [str(path) for path in paths], on_fault=lambda _, f: faults.append(f)
        )
    ]
    return digests, faults


def json_lines(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def json_array(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps(rows, indent=2, ensure_ascii=False).encode()


def parquet(rows: list[dict[str, Any]]) -> bytes:
    sink = io.BytesIO()
    pa.parquet.write_table(pa.Table.from_pylist(rows), sink)
    return sink.getvalue()


def arrow_file(rows: list[dict[str, Any]]) -> bytes:
    table, sink = pa.Table.from_pylist(rows), io.BytesIO()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def arrow_stream(rows: list[dict[str, Any]]) -> bytes:
    table, sink = pa.Table.from_pylist(rows), io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=7)
    return sink.getvalue()


WRITERS: dict[str, Callable[[list[dict[str, Any]]], bytes]] = {
    "a.jsonl": json_lines,
    "a.json": json_array,
    "b.json": json_lines,
    "a.parquet": parquet,
    "a.arrow": arrow_file,
    "s.arrow": arrow_stream,
    "no-ending": json_lines,
}


@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, zstandard.ZstdCompressor().compress], ids=["plain", "gz", "zst"]
)
@pytest.mark.parametrize("name", WRITERS)
def test_the_same_rows_have_the_same_digests_in_every_container(
    tmp_path: Path, name: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / name
    path.write_bytes(pack(WRITERS[name](ROWS)))
    plain = tmp_path / "plain.jsonl"
    plain.write_bytes(json_lines(ROWS))
    digests, faults = read(path)
    assert not faults
    assert digests == read(plain)[0]


def test_csv_cells_are_strings(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('n,text\n1,"two\nlines, ""quoted"""\n')
    same = tmp_path / "a.jsonl"
    same.write_bytes(json_lines([{"n": "1", "text": 'two\nlines, "quoted"'}]))
    assert read(path) == read(same)


@pytest.mark.parametrize("sign", ["\t", ";"])
def test_other_delimiters(tmp_path: Path, sign: str) -> None:
    path = tmp_path / ("a.tsv" if sign == "\t" else "a.csv")
    path.write_text(f"a{sign}b\n1{sign}x, y\n")
    same = tmp_path / "a.jsonl"
    same.write_bytes(json_lines([{"a": "1", "b": "x, y"}]))
    assert read(path) == read(same)


BAD_LINES = {
    b'{"a": 1': "not valid JSON",
    b"[1]": "a row is an object, this is a list",
    b'"text"': "a row is an object, this is a string",
    b"null": "a row is an object, this is null",
    b'{"a": 1, "a": 2}': "a key is there twice in one object",
    b'{"a": NaN}': "not valid JSON",
    b'{"a": "\\ud800"}': "not valid JSON",
    b'{"a": "\xff"}': "not valid JSON",
    b"\x00\x01": "not valid JSON",
    b'{"a": 1e999}': "not valid JSON",
    b'{"a": ' + b"[" * 200 + b"]" * 200 + b"}": "nested deeper",
}


@pytest.mark.parametrize("bad", BAD_LINES)
def test_a_bad_line_is_named_and_the_others_are_read(tmp_path: Path, bad: bytes) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 0}\n\n' + bad + b'\n{"a": 2}\r\n')
    digests, faults = read(path)
    assert len(digests) == 2
    assert [(fault.row, fault.line) for fault in faults] == [(1, 3)]
    assert faults[0].reason.startswith(BAD_LINES[bad])


def test_without_a_place_to_count_it_a_bad_row_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 0}\n{"a": \n')
    with pytest.raises(RowError) as caught:
        list(iter_row_digests([str(path)]))
    assert caught.value.where == "a.jsonl#1"


@pytest.mark.parametrize(
    ("text", "good", "faults"),
    [
        (b'[{"a":1},{"a":NaN},{"a":2}]', 2, 1),
        (b'[{"a":1},\n7,\n{"a":2}]', 2, 1),
        (b'[{"a":1},"x",null,{"a":2}]', 2, 2),
        (b'[{"a":1},{"a":2}', 2, 1),
        (b'[{"a":1},{"a":"cut', 1, 1),
        (b'[{"a":1}] {"b":2}', 1, 1),
        (b'[{"a":1},[2]]', 1, 1),
        (b"[]", 0, 0),
        (b'[{"a":"]}[{\\"\\\\"}]', 1, 0),
    ],
)
def test_arrays_keep_good_rows_and_count_bad_ones(
    tmp_path: Path, text: bytes, good: int, faults: int
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(text)
    digests, found = read(path)
    assert (len(digests), len(found)) == (good, faults)


def test_array_rows_know_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[\n{"a":1},\n\n{"a":\nNaN},\n{"a":2}\n]')
    assert [(fault.row, fault.line) for fault in read(path)[1]] == [(1, 4)]


def test_wrapped_rows_are_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for text in (
        json.dumps({"version": 1, "data": ROWS}),
        json.dumps({"version": 1, "data": ROWS}, indent=1),
    ):
        path.write_text(text)
        assert len(read(path)[0]) == len(ROWS)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_splitting_does_not_depend_on_where_blocks_end(size: int) -> None:
    text = json_array(ROWS[:5])

    class Trickle(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    whole = list(_Splitter(io.BytesIO(text), wrapped=True))
    assert list(_Splitter(Trickle(text), wrapped=True)) == whole
    assert len(whole) == 5
    lines = b'{"a":1}\n\n{"b":"\xc3\xa9"}'
    assert list(split_lines(Trickle(lines))) == list(split_lines(io.BytesIO(lines)))


def test_a_row_beyond_the_limit_is_stepped_over() -> None:
    lines = list(split_lines(io.BytesIO(b"a\n" + b"x" * 5000 + b"\nb\n"), limit=1000))
    assert lines[0] == (1, b"a")
    assert lines[2] == (3, b"b")
    assert isinstance(lines[1][1], str)
    big = b'[{"a":1},{"a":[' + b'"xxxxxxxxx",' * 3000 + b'1]},{"a":2}]'
    pieces = list(_Splitter(io.BytesIO(big), wrapped=True, limit=10_000))
    assert [isinstance(piece, str) for _, piece in pieces] == [False, True, False]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress], ids=["gz", "zst"])
def test_rows_before_the_end_of_cut_compressed_data_are_kept(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    import random

    noise = random.Random(0)
    rows = [{"n": n, "noise": noise.randbytes(500).hex()} for n in range(20_000)]
    packed = pack(json_lines(rows))
    path = tmp_path / "a.jsonl.x"
    path.write_bytes(packed[: len(packed) // 2])
    digests, faults = read(path)
    assert 1000 < len(digests) < len(rows)
    assert len(faults) == 1
    assert "lost" in faults[0].reason


def test_concatenated_frames_are_all_read(tmp_path: Path) -> None:
    compress = zstandard.ZstdCompressor().compress
    for name, pack in (("a.jsonl.gz", gzip.compress), ("a.jsonl.zst", compress)):
        path = tmp_path / name
        path.write_bytes(pack(json_lines(ROWS[:25])) + pack(json_lines(ROWS[25:])))
        assert len(read(path)[0]) == 50


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.parquet", b"not parquet"),
        ("a.parquet", b"PAR1 broken"),
        ("a.arrow", b"ARROW1 broken"),
        ("a.arrow", b"\xff\xff\xff\xffbroken"),
        ("a.txt", b"hello"),
        ("a.jsonl", "{}".encode("utf-16")),
        ("a.csv", b""),
        ("a.csv", b"a,a\n1,2\n"),
    ],
)
def test_files_that_cannot_be_read_at_all_say_so(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableInputError):
        read(path)


def test_a_bad_csv_row_costs_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'a,b\n1,2\n3\n4,\xff\n"x"y,5\n6,7\n')
    digests, faults = read(path)
    assert len(digests) == 2
    assert [fault.line for fault in faults] == [3, 4, 5]


def test_bad_utf8_in_a_parquet_cell_is_one_bad_row(tmp_path: Path) -> None:
    text = pa.array([b"good", b"\xff", b"fine"], pa.binary()).view(pa.string())
    path = tmp_path / "a.parquet"
    pa.parquet.write_table(pa.table({"text": text, "n": [1, 2, 3]}), path)
    digests, faults = read(path)
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
        digests.update(read(path)[0])
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
        found.append(tuple(read(tmp_path / "x.arrow")[0]))
    assert len(found[0]) == len(arrays[0])
    assert len(set(found)) == 1


def test_units_of_time_do_not_count(tmp_path: Path) -> None:
    found = set()
    for unit in ("s", "ms", "us", "ns"):
        path = tmp_path / f"{unit}.arrow"
        table = pa.table({"v": pa.array([10**9], pa.timestamp("s")).cast(pa.timestamp(unit))})
        with pa.ipc.new_file(path, table.schema) as writer:
            writer.write_table(table)
        found.update(read(path)[0])
    assert len(found) == 1


def test_missing_paths_and_hub_names_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "none.jsonl")
    with pytest.raises(InputError) as caught:
        list(iter_row_digests(["tatsu-lab/alpaca"]))
    assert "hf://tatsu-lab/alpaca" in str(caught.value.fix)
    with pytest.raises(UsageError):
        list(iter_row_digests(["hf://tatsu-lab/alpaca"]))
    loop = tmp_path / "loop.jsonl"
    loop.symlink_to(loop)
    with pytest.raises(InputError):
        read(loop)


def test_content_beats_the_name(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(parquet(ROWS))
    assert sniff(path) is Format.PARQUET
    path.write_bytes(json_array(ROWS))
    assert sniff(path) is Format.JSON_ARRAY


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
            read(path)


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet", "a.csv"])
def test_a_pointer_of_git_lfs_is_told_from_the_data(tmp_path: Path, name: str) -> None:
    text = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 146946961\n"
    (tmp_path / name).write_text(text)
    with pytest.raises(UnreadableInputError, match="Git LFS") as caught:
        sniff(tmp_path / name)
    assert caught.value.fix == "run `git lfs pull`"


@pytest.mark.parametrize(
    "table", [{"a": {"0": "x", "1": "y"}, "b": {"0": 1, "1": 2}}, {"0": {"a": 1}, "1": {"a": 2}}]
)
def test_a_table_in_one_line_is_read_as_a_table(tmp_path: Path, table: dict[str, object]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(table))
    rows = [row for chunk in read_file(tmp_path / "a.json", sniff(tmp_path / "a.json")) for row in chunk.rows]
    assert len(rows) == 2


def test_a_pipe_is_refused_and_its_neighbors_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    (tmp_path / "b.jsonl").write_bytes(front.LINES)
    source = front.read(tmp_path)
    assert [(file.file, file.reason) for file in source.unreadable_files] == [
        ("a.jsonl", "it is not a regular file")
    ]
    assert source.samples == 3
    with pytest.raises(UnreadableInputError, match="not a regular file"):
        front.read(Path("/dev/null"))
