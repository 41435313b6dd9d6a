"""The same rows in every container, and the digests that reading gives."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

from auditor.samples.readers.chunk import Fault
from auditor.samples.rows import iter_row_digests

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


def digests_of(*paths: Path) -> tuple[list[bytes], list[Fault]]:
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
