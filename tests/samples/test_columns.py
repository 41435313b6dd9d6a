"""Text columns of any file, a line per row."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from auditor.errors import NoRowsError, UnreadableInputError, UsageError
from auditor.samples.columns import read_columns


def rows(path: Path, *columns: str, optional: tuple[str, ...] = ()) -> list[dict[str, str | None]]:
    return [row for batch in read_columns([path], columns, optional) for row in batch.to_pylist()]


CELLS = [
    {"id": 1, "text": "A", "other": [1]},
    {"id": 2, "text": None, "other": []},
    {"id": 3, "text": "B", "other": None},
]
EXPECTED = [("1", "A", None), ("2", None, None), ("3", "B", None)]


@pytest.mark.parametrize("ending", ["jsonl", "json", "parquet", "csv"])
def test_cells_are_text_or_null(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    if ending == "parquet":
        pa.parquet.write_table(pa.Table.from_pylist(CELLS), path)
    elif ending == "json":
        path.write_text(json.dumps(CELLS))
    elif ending == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in CELLS))
    else:
        path.write_text("id,text\n1,A\n2,\n3,B\n")
    found = rows(path, "id", "text", optional=("other",))
    assert [row["row_id"] for row in found] == [f"a.{ending}#{n}" for n in range(3)]
    expected = [(i, t if t is not None or ending != "csv" else "", o) for i, t, o in EXPECTED]
    assert [(row["id"], row["text"], row["other"]) for row in found] == expected


def test_an_unreadable_row_keeps_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text":"A"}\n{bad\n{"text":"B"}\n')
    assert rows(path, "text") == [
        {"row_id": "a.jsonl#0", "text": "A"},
        {"row_id": "a.jsonl#1", "text": None},
        {"row_id": "a.jsonl#2", "text": "B"},
    ]


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_a_missing_column_is_named_with_those_there(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    if ending == "parquet":
        pa.parquet.write_table(pa.table({"text": ["A"]}), path)
    else:
        path.write_text('{"text":"A"}\n')
    with pytest.raises(UsageError, match="'answer'") as caught:
        rows(path, "answer")
    assert "text" in str(caught.value.fix)


def test_no_rows_and_broken_files(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("")
    with pytest.raises(NoRowsError):
        rows(path, "text")
    broken = tmp_path / "a.parquet"
    broken.write_bytes(b"PAR1")
    with pytest.raises(UnreadableInputError) as caught:
        rows(broken, "text")
    assert caught.value.where == str(broken)


def test_categories_and_views_are_text(tmp_path: Path) -> None:
    path = tmp_path / "a.arrow"
    table = pa.table(
        {
            "t": pa.array(["x", "y", None]).dictionary_encode(),
            "v": pa.array(["a", None, "b"], pa.string_view()),
        }
    )
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)
    assert [(row["t"], row["v"]) for row in rows(path, "t", "v")] == [("x", "a"), ("y", None), (None, "b")]
