"""A Parquet file appears whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.errors import EnvironmentFault
from auditor.parquet import ParquetFile, open_parquet

TABLE = pa.table({"n": [1, 2, 3]}).replace_schema_metadata({"made": "here"})


def test_tables_and_batches_are_appended_and_metadata_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "out" / "a.parquet"
    with ParquetFile(target, TABLE.schema, fix="") as file:
        file.write(TABLE)
        file.write(TABLE.to_batches()[0])
        assert not target.exists()
    found = pq.read_table(target)
    assert found["n"].to_pylist() == [1, 2, 3, 1, 2, 3]
    assert found.schema.metadata == {b"made": b"here"}
    assert pq.ParquetFile(target).metadata.row_group(0).column(0).compression == "ZSTD"


def test_an_error_in_the_middle_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    target = tmp_path / "a.parquet"
    target.write_bytes(b"old")

    def write() -> None:
        with ParquetFile(target, TABLE.schema, fix="") as file:
            file.write(TABLE)
            file.write(pa.table({"other": ["x"]}))

    with pytest.raises(ValueError, match="schema"):
        write()
    assert os.listdir(tmp_path) == ["a.parquet"]
    assert target.read_bytes() == b"old"


def test_a_disk_that_fails_at_the_end_leaves_no_draft(tmp_path: Path) -> None:
    (tmp_path / "a.parquet" / "full").mkdir(parents=True)

    def write() -> None:
        with ParquetFile(tmp_path / "a.parquet", TABLE.schema, fix="free space", what="no rows") as file:
            file.write(TABLE)

    with pytest.raises(EnvironmentFault, match="no rows: Is a directory") as caught:
        write()
    assert (caught.value.where, caught.value.fix) == (str(tmp_path / "a.parquet"), "free space")
    assert os.listdir(tmp_path) == ["a.parquet"]


def test_a_schema_that_cannot_be_written_leaves_no_draft(tmp_path: Path) -> None:
    schema = pa.schema([("n", pa.int64())])
    with pytest.raises((TypeError, ValueError, pa.ArrowException)):
        ParquetFile(tmp_path / "a.parquet", schema, fix="", compression="none such").__enter__()
    assert os.listdir(tmp_path) == []


def test_what_was_read_is_not_held(tmp_path: Path) -> None:
    group = pa.table({"raw": [os.urandom(1 << 16) for _ in range(32)]})
    with ParquetFile(tmp_path / "a.parquet", group.schema, fix="", compression="none") as written:
        for _ in range(8):
            written.write(group)
    del group
    before, most = pa.total_allocated_bytes(), 0
    with open_parquet(tmp_path / "a.parquet") as file:
        for batch in file.iter_batches(8):
            most = max(most, pa.total_allocated_bytes() - before)
            del batch
    assert most < 8 << 20
