"""A row has one digest, whatever container holds it."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.digest import row_digest
from auditor.errors import InputError
from auditor.samples.rows import iter_row_digests
from tests.effort import tries

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
integers = st.integers(-(2**63), 2**63 - 1)
doubles = st.floats(allow_nan=False, allow_infinity=False)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


SCHEMA = pa.schema(
    [
        ("text", pa.string()),
        ("count", pa.int64()),
        ("score", pa.float64()),
        ("flag", pa.bool_()),
        ("turns", pa.list_(pa.struct([("role", pa.string()), ("content", pa.string()), ("n", pa.int64())]))),
        ("meta", pa.struct([("tags", pa.list_(pa.string())), ("deep", pa.struct([("x", pa.float64())]))])),
    ]
)
turn = st.fixed_dictionaries({"role": maybe(texts), "content": maybe(texts), "n": maybe(integers)})
meta = st.fixed_dictionaries(
    {
        "tags": maybe(st.lists(maybe(texts), max_size=3)),
        "deep": maybe(st.fixed_dictionaries({"x": maybe(doubles)})),
    }
)
row = st.fixed_dictionaries(
    {
        "text": maybe(texts),
        "count": maybe(integers),
        "score": maybe(doubles),
        "flag": maybe(st.booleans()),
        "turns": maybe(st.lists(maybe(turn), max_size=3)),
        "meta": maybe(meta),
    }
)


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def digests(path: Path) -> list[bytes]:
    return [digest for _, digest in iter_row_digests([str(path)])]


@settings(deadline=None, max_examples=tries(60))
@given(st.lists(row, min_size=1, max_size=4))
def test_json_parquet_arrow_and_gzip_agree(rows: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist(rows, SCHEMA)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("a.jsonl", "b.json", "c.jsonl.gz", "d.parquet", "e.arrow")]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        paths[0].write_text(lines)
        paths[1].write_text(json.dumps([without_nulls(row) for row in rows], ensure_ascii=False, indent=1))
        paths[2].write_bytes(gzip.compress(lines.encode()))
        pa.parquet.write_table(table, paths[3])
        with pa.ipc.new_file(paths[4], table.schema) as writer:
            writer.write_table(table)
        first, *others = [digests(path) for path in paths]
        assert len(first) == len(rows)
        assert all(other == first for other in others)


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=12)
flat_row = st.fixed_dictionaries(
    {"prompt": cells, "answer": cells.filter(lambda text: text.strip() != "answer")}
)


def write_everywhere(rows: list[dict[str, str]], folder: Path) -> list[Path]:
    """Write rows in every format, as it is and packed; return the files."""
    table, spool = pa.Table.from_pylist(rows), io.StringIO(newline="")
    lines = csv.DictWriter(spool, list(rows[0]))
    lines.writeheader()
    lines.writerows(rows)
    parquet, file, stream = (pa.BufferOutputStream() for _ in range(3))
    pa.parquet.write_table(table, parquet, row_group_size=2)
    for sink, opened in ((file, pa.ipc.new_file), (stream, pa.ipc.new_stream)):
        with opened(sink, table.schema) as writer:
            writer.write_table(table, max_chunksize=2)
    kinds = {
        "a.jsonl": "".join(json.dumps(row) + "\n" for row in rows).encode(),
        "b.json": json.dumps(rows, ensure_ascii=False).encode(),
        "c.json": json.dumps({"version": [1, {"a": "]"}], "data": rows, "license": "MIT"}, indent=2).encode(),
        "d.csv": spool.getvalue().encode(),
        "e.parquet": parquet.getvalue().to_pybytes(),
        "f.arrow": file.getvalue().to_pybytes(),
        "g.arrow": stream.getvalue().to_pybytes(),
    }
    packers = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}
    paths = []
    for name, content in kinds.items():
        for ending, pack in packers.items():
            paths.append(folder / f"{name}{ending}")
            paths[-1].write_bytes(pack(content))
    return paths


@settings(deadline=None, max_examples=tries(60))
@given(st.lists(flat_row, min_size=1, max_size=5).filter(lambda rows: rows[0]["prompt"].strip() != "prompt"))
def test_every_container_packed_or_not_gives_the_same_rows(rows: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for path in write_everywhere(rows, Path(folder)):
            assert digests(path) == [row_digest(row) for row in rows], path.name


@settings(deadline=None, max_examples=tries(60))
@given(
    st.binary(max_size=200), st.sampled_from(["a.jsonl", "a.json", "a.csv", "a.parquet", "a.arrow", "a.gz"])
)
def test_no_bytes_give_anything_but_rows_faults_or_an_input_error(content: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        # Any other error is a fault of the readers and fails the test.
        with contextlib.suppress(InputError):
            list(iter_row_digests([str(path)], on_fault=lambda *_: None))
