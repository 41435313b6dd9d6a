"""Rows read with the kernels are those read without: values, digests, numbers, lines and faults."""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from auditor.jit.compile import COMPILED
from auditor.samples.readers.formats import read_file, sniff

pytestmark = pytest.mark.skipif(not COMPILED, reason="numba does not compile here")

BAD = [b'{"a": 1, "a": 2}', b"{bad}", b"[1]", b'{"x": "\\ud800"}', b'"text"', b'{"n": 1e999}', b"\xff"]


def _rows() -> list[dict[str, Any]]:
    chance = random.Random(4)
    return [
        {
            "text": 'é"\n\\' * chance.randint(0, 50),
            "n": chance.choice([1, 1.5, None, 2**70, "x", 0.1 + 0.2]),
            "turns": [{"role": "user", "content": "hi"}] * chance.randint(0, 3),
        }
        for _ in range(1000)
    ]


def _lines(path: Path, between: bytes = b"\n") -> None:
    rows = [json.dumps(row).encode() for row in _rows()]
    for place, bad in enumerate([*BAD, b"", b"  "]):
        rows.insert(100 * place, bad)
    path.write_bytes(between.join(rows))


def _array(path: Path) -> None:
    rows = [json.dumps(row).encode() for row in _rows()]
    rows[7:7] = [b'{"a": 1, "a": 2}', b"3", b'{"x": "\\ud800"}']
    path.write_bytes(b"[" + b",\n".join(rows) + b"]")


def _wrapped(path: Path) -> None:
    path.write_text(json.dumps({"data": _rows(), "model": "gpt-4"}))


def _csv(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "é", "a"])
        writer.writerows((row["text"], str(row["n"]), "z") for row in _rows())
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*lines[:40], b"a,b", b"\xff,b,c", *lines[40:]]))


def _parquet(path: Path) -> None:
    rows = [{**row, "n": 1.5} for row in _rows()]
    pa.parquet.write_table(pa.Table.from_pylist(rows), path, row_group_size=333)


WRITERS: dict[str, Callable[[Path], None]] = {
    "a.jsonl": _lines,
    "crlf.jsonl": lambda path: _lines(path, b"\r\n"),
    "a.json": _array,
    "wrapped.json": _wrapped,
    "a.csv": _csv,
    "a.parquet": _parquet,
}


def _read(path: Path, rows: int) -> list[tuple[object, ...]]:
    return [
        (chunk.rows, chunk.numbers, chunk.lines, chunk.digests, chunk.faults, chunk.about)
        for chunk in read_file(path, sniff(path), rows)
    ]


@pytest.mark.parametrize("packed", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", WRITERS)
def test_the_kernels_change_nothing_of_what_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, packed: bool
) -> None:
    path = tmp_path / name
    WRITERS[name](path)
    if packed:
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path = tmp_path / f"{name}.gz"
    for rows in (1, 64, 300, 8192):
        _use(monkeypatch, False)
        plain = _read(path, rows)
        _use(monkeypatch, True)
        assert _read(path, rows) == plain
    assert sum(len(numbers) for _, numbers, *_ in plain) >= 990  # type: ignore[arg-type]


def _use(monkeypatch: pytest.MonkeyPatch, kernels: bool) -> None:
    """Have the readers use the kernels, or not."""
    for module in ("chunk", "json_lines", "columnar", "delimited"):
        monkeypatch.setattr(f"auditor.samples.readers.{module}.pays", lambda size: kernels)
