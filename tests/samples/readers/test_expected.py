"""The guess at the number of rows that a bar is drawn from."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.samples.readers.expected import expected_rows


def test_parquet_tells_its_rows(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["a"] * 7}), tmp_path / "a.parquet")
    assert expected_rows([tmp_path / "a.parquet"] * 2) == 14


def test_a_long_file_of_lines_is_guessed_from_its_head(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"text": f"row {n:06}"}) + "\n" for n in range(100_000)))
    assert expected_rows([path]) == pytest.approx(100_000, rel=0.01)


def test_short_files_are_counted_packed_or_not(tmp_path: Path) -> None:
    lines = b'{"text": "a"}\n' * 5
    (tmp_path / "a.jsonl").write_bytes(lines)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines))
    assert expected_rows([tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz"]) == 10


@pytest.mark.parametrize(
    "content",
    [b"[{}]", b"PAR1 no parquet", gzip.compress(b"{}\n" * 9_000)[:40]],
    ids=["array", "no-parquet", "cut-gzip"],
)
def test_what_cannot_be_told_is_not_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    assert expected_rows([tmp_path / "a.json"]) is None
    assert expected_rows([tmp_path / "missing.jsonl"]) is None
