"""samples.parquet has the published columns, one line per row, and appears only when complete."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.domain.claim import Basis, Grade
from auditor.domain.origin import Origin, OriginLicense, OriginTeacher, View
from auditor.domain.outcome import Outcome
from auditor.domain.verdict import Verdict
from auditor.engine.part_texts import PartTexts
from auditor.engine.samples_file import SCHEMA, OriginColumns, SamplesFile, sample_table
from auditor.engine.search import search
from auditor.errors import EnvironmentFault

PUBLISHED = ["sample_id", "digest", "origin_id", "teachers", "licenses", "basis", "grade", "outcome", "rules"]


def batch() -> pa.RecordBatch:
    teacher = OriginTeacher("openai-gpt-4", "gpt-4", True, (View.DECLARED,), Basis.ROW, Grade.C)
    mit = OriginLicense("mit", "MIT", Basis.CARD)
    inherited = OriginColumns()
    inherited.add(Origin("o-1", (teacher,), (mit,), Basis.ROW, Grade.C), Verdict(Outcome.DENY, ()))
    inherited.add(Origin("o-2", (), (), Basis.NONE, Grade.E), Verdict(Outcome.REVIEW, ()))
    parts = pa.table({"row_index": pa.array([0, 1], pa.int32()), "slot": ["a", "a"], "text": ["x", "y"]})
    matches = search([], PartTexts(parts, np.arange(2)), 2, 0.001).columns()
    numbers = np.array([1, 0], np.int32)
    digests = b"\0" * 32 + b"\1" * 32
    return sample_table(pa.array(["f#0", "f#1"]), digests, inherited.take(numbers), None, matches)


def test_the_published_columns_come_first_and_rows_inherit_from_their_origin(tmp_path: Path) -> None:
    with SamplesFile(tmp_path / "out" / "samples.parquet") as file:
        file.write(batch())
    table = pq.read_table(tmp_path / "out" / "samples.parquet")
    assert table.column_names[: len(PUBLISHED)] == PUBLISHED
    assert table.schema.equals(SCHEMA)
    assert table["teachers"].to_pylist() == [[], ["openai-gpt-4"]]
    assert table["outcome"].to_pylist() == ["review", "deny"]
    assert table["digest"].to_pylist()[1] == "sha256:" + "01" * 32


def test_a_failed_audit_leaves_no_half_file(tmp_path: Path) -> None:
    def fail_half_way() -> None:
        with SamplesFile(tmp_path / "samples.parquet") as file:
            file.write(batch())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_our_side_and_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFault), SamplesFile(tmp_path / "file" / "x" / "samples.parquet"):
        pass


def test_rows_of_one_origin_inherit_what_those_of_several_do() -> None:
    inherited = OriginColumns()
    mit, gpl = (OriginLicense(name.lower(), name, Basis.CARD) for name in ("MIT", "GPL"))
    inherited.add(Origin("o-1", (), (mit,), Basis.ROW, Grade.C), Verdict(Outcome.DENY, ()))
    inherited.add(Origin("o-2", (), (gpl, mit), Basis.NONE, Grade.E), Verdict(Outcome.REVIEW, ()))
    mixed = [column.to_pylist() for column in inherited.take(np.array([0, 1, 1], np.int32))]
    for number, place, rows in ((0, 0, 3), (1, 1, 4), (1, 2, 2), (0, 0, 1), (1, 1, 5)):
        alike = inherited.take(np.full(rows, number, np.int32))
        assert [column.to_pylist() for column in alike] == [[column[place]] * rows for column in mixed]
    assert [len(column) for column in inherited.take(np.zeros(0, np.int32))] == [0] * 7
