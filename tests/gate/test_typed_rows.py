"""Rows keep the types of their columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from evidence import write_audit
from gated import (
    NOW,
    options_of,
)

from auditor.attest.keys import load_private
from auditor.attest.permit_files import write_permit
from auditor.attest.record import read_record
from auditor.attest.statement import Signing
from auditor.domain.permit import EvidenceMode
from auditor.errors import RefusedError
from auditor.gate import guard, require_permit


def _grant_over(folder: Path, data: Path) -> dict[str, Any]:
    record = read_record(write_audit(folder / "typed", data))
    write_permit(
        record,
        Signing(NOW, evidence=EvidenceMode.ROWS),
        [load_private(folder / "KEY")],
        folder / "typed.intoto.json",
    )
    return {**options_of(folder), "permit": folder / "typed.intoto.json"}


def test_a_huggingface_dataset_keeps_the_types_of_its_columns(folder: Path) -> None:
    datasets = pytest.importorskip("datasets")
    nested = pa.array([[{"w": 0.1}, None], None], pa.list_(pa.struct([("w", pa.float32())])))
    columns = {
        "single": pa.array([0.1, 0.2], pa.float32()),
        "double": pa.array([0.1, 0.2]),
        "list": pa.array([[0.3, None], []], pa.list_(pa.float32())),
        "nested": nested,
        "tick": pa.array([1735787045000000006, None], pa.timestamp("ns")),
        "span": pa.array([7, None], pa.duration("ns")),
    }
    pq.write_table(pa.table(columns), folder / "typed.parquet")
    options = _grant_over(folder, folder / "typed.parquet")
    held = datasets.Dataset(pa.table(columns))
    grant = require_permit(dataset=held, **options)
    assert [row["double"] for row in guard(held, grant)] == [0.1, 0.2]
    assert len(list(guard(held.to_iterable_dataset(), grant))) == 2
    with pytest.raises(RefusedError, match="'single' has another type"):
        list(guard(held.cast_column("single", datasets.Value("float64")), grant))
    columns["tick"] = pa.array([1735787045000000007, None], pa.timestamp("ns"))
    with pytest.raises(RefusedError, match="row#0"):
        list(guard(datasets.Dataset(pa.table(columns)), grant))
