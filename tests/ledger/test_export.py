from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from auditor.errors import EnvironmentFault, LedgerError, UsageError
from auditor.ledger.export import ExportFormat, export
from auditor.ledger.store import Ledger
from tests.ledger.material import digest_of, record


@pytest.mark.slow
def test_parquet_holds_every_row_in_order_with_what_it_inherits(ledger: Ledger, tmp_path: Path) -> None:
    record(ledger, 300_000)
    export(ledger.database, tmp_path / "out", ExportFormat.PARQUET)
    table = pq.read_table(tmp_path / "out" / "samples.parquet")
    assert table.column("sample_id").to_pylist() == [f"train.jsonl#{row}" for row in range(300_000)]
    first = table.slice(0, 1).to_pylist()[0]
    assert first["digest"] == f"sha256:{digest_of(0).hex()}"
    assert (first["teachers"], first["licenses"], first["grade"]) == (["openai/gpt-4"], ["MIT"], "C")


def test_only_the_newest_audit_of_each_dataset_is_written(ledger: Ledger, tmp_path: Path) -> None:
    record(ledger, 9, "one")
    newest = [record(ledger, 6, "one"), record(ledger, 12, "two", "b.jsonl")]
    written = export(ledger.database, tmp_path, ExportFormat.JSONL)
    rows = [json.loads(line) for line in (tmp_path / "samples.jsonl").read_text().splitlines()]
    assert {row["audit"] for row in rows} == set(newest)
    assert len(rows) == 18
    assert {path.name for path in written} == {
        f"{name}.jsonl" for name in ("samples", "audits", "verdicts", "findings", "claims", "events")
    }


def test_one_dataset_alone_can_be_written_as_csv(ledger: Ledger, tmp_path: Path) -> None:
    record(ledger, 9, "one")
    record(ledger, 6, "two")
    export(ledger.database, tmp_path, ExportFormat.CSV, "two")
    with (tmp_path / "samples.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["dataset"] for row in rows] == ["two"] * 6


def test_two_datasets_with_the_same_rows_are_both_written(ledger: Ledger, tmp_path: Path) -> None:
    record(ledger, 9, "one")
    record(ledger, 9, "two")
    export(ledger.database, tmp_path, ExportFormat.PARQUET)
    assert pq.read_table(tmp_path / "samples.parquet").num_rows == 18


def test_an_empty_ledger_has_nothing_to_write(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        export(ledger.database, tmp_path, ExportFormat.CSV)


def test_missing_rows_are_the_ledgers_fault(ledger: Ledger, tmp_path: Path) -> None:
    record(ledger)
    for shard in tmp_path.rglob("*.parquet"):
        shard.unlink()
    with pytest.raises(LedgerError, match="missing"):
        export(ledger.database, tmp_path / "out", ExportFormat.CSV)


def test_a_folder_that_cannot_be_made_is_a_fault(ledger: Ledger, tmp_path: Path) -> None:
    record(ledger)
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentFault):
        export(ledger.database, tmp_path / "file" / "out", ExportFormat.CSV)
