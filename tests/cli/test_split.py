"""The rows that pass and the rows that do not."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from audited import ROWS, audited

from auditor.cli.main import execute
from auditor.samples.rows import iter_row_digests


def test_split_kept_and_removed_are_the_audited_rows_and_kept_passes(
    out: Path, tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    split = tmp_path / "split"
    assert execute(["split", str(out), "--out", str(split), "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["rows"] == {"kept": 2, "removed": 2}
    whole = sorted(digest for _, digest in iter_row_digests([str(data)]))
    parts = [*iter_row_digests([str(split / "kept")]), *iter_row_digests([str(split / "removed")])]
    assert sorted(digest for _, digest in parts) == whole
    costs = {one["rule"]: one["rows"] for one in result["removals"]}
    assert costs["outputs-forbidden"] == 1
    assert costs["teacher-unknown"] == 1
    again = tmp_path / "again"
    again.mkdir()
    report = json.loads((audited(again, split / "kept") / "report.json").read_text())
    assert report["outcome"] == "allow"


def test_split_keeps_types_of_parquet_and_can_keep_review(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "mix.parquet"
    rows = [{**row, "when": datetime(2026, 1, 1), "n": at} for at, row in enumerate(ROWS)]
    pq.write_table(pa.Table.from_pylist(rows), data)
    out = audited(tmp_path, data)
    split = tmp_path / "split"
    assert execute(["split", str(out), str(data), "--out", str(split), "--keep-review"]) == 0
    kept = pq.read_table(split / "kept/mix.parquet")
    assert kept.column("n").to_pylist() == [0, 2, 3]
    assert kept.schema.equals(pq.read_schema(data), check_metadata=False)
    assert "to lift outputs-forbidden (deny): take out 1 row" in (said := capsys.readouterr()).out
    assert f"Next:  auditor audit {split / 'kept'} --plan plan.yaml" in said.err


def test_split_refuses_data_that_is_not_what_was_audited(
    out: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = data.read_text().replace("four", "five")
    data.write_text(changed)
    assert execute(["split", str(out), "--out", str(tmp_path / "s")]) == 1
    data.write_text(changed + json.dumps(ROWS[0]) + "\n")
    assert execute(["split", str(out), "--out", str(tmp_path / "s")]) == 1
    assert not (tmp_path / "s").exists()
    assert "mix.jsonl#4" in capsys.readouterr().err
