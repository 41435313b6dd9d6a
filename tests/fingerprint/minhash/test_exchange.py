"""Sketches leave and return unchanged."""

from __future__ import annotations

from pathlib import Path

import datasketch
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.errors import FingerprintError
from auditor.fingerprint.minhash import signature
from auditor.fingerprint.minhash.exchange import export_sketches, import_sketches
from auditor.fingerprint.minhash.signature import MinHashSpec
from auditor.fingerprint.search.reference_index import IndexBuilder, ReferenceIndex

TEXTS = [f"Text number {k} speaks of {k * k} things and of nothing else at all." for k in range(12)]


@pytest.fixture(scope="module")
def index() -> ReferenceIndex:
    builder = IndexBuilder()
    builder.add(pa.array(TEXTS), ["gpt-4"] * 12, [f"ref#{k}" for k in range(12)])
    return builder.build()


def test_datasketch_reads_what_is_exported(index: ReferenceIndex, tmp_path: Path) -> None:
    assert export_sketches(index, MinHashSpec(), tmp_path / "out.parquet") == 12
    rows = signature.signatures(pa.array(TEXTS))
    for row, entry in zip(rows, pq.read_table(tmp_path / "out.parquet").to_pylist(), strict=True):
        lean = datasketch.LeanMinHash.deserialize(entry["lean"])
        np.testing.assert_array_equal(lean.hashvalues, row)


def test_imported_sketches_are_searched_like_texts(index: ReferenceIndex, tmp_path: Path) -> None:
    spec = MinHashSpec(shingle=3)
    export_sketches(index, spec, tmp_path / "out.parquet")
    near = import_sketches(tmp_path / "out.parquet")
    found = near.query(signature.signatures(pa.array([TEXTS[7]]), spec), spec, 0.99)
    assert found.keys == ("ref#7",)


def test_sketches_without_a_specification_are_refused(index: ReferenceIndex, tmp_path: Path) -> None:
    export_sketches(index, MinHashSpec(), tmp_path / "out.parquet")
    table = pq.read_table(tmp_path / "out.parquet").replace_schema_metadata(None)
    pq.write_table(table, tmp_path / "bare.parquet")
    with pytest.raises(FingerprintError):
        import_sketches(tmp_path / "bare.parquet")
    with pytest.raises(FingerprintError):
        import_sketches(tmp_path / "nowhere.parquet")
