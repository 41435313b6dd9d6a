"""Rows are searched in an index, one answer a row."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from auditor.cli.main import execute
from auditor.fingerprint.search.reference_index import open_index
from tests.fingerprint.material import build, make_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path)


def test_detect_writes_one_row_per_input_row(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index, out = build(folder), folder / "matches.parquet"
    command = ["detect", str(folder / "data.json"), "--index", str(index), "--out", str(out)]
    assert execute([*command, "--text-column", "answer", "--id-column", "id"]) == 0
    table = pq.read_table(out)
    assert table.column_names == [
        "sample_id",
        "verdict",
        "teacher",
        "teachers",
        "family",
        "score",
        "matched_chars",
        "spans",
        "reference_id",
        "undone",
        "lane",
        "reason",
    ]
    assert table["sample_id"].to_pylist() == ["a", "data.json#1", "c"]
    assert table["verdict"].to_pylist() == ["copied", "insufficient", "no-match"]
    assert table["teacher"].to_pylist() == ["claude-3", None, None]
    assert table["reference_id"].to_pylist()[0] == "reference.parquet#4"
    assert "1 copied" in capsys.readouterr().out
    facts = pq.read_schema(out).metadata
    assert facts[b"auditor.spec"] == open_index(index).spec.encode()
    assert facts[b"auditor.fpr"] == b"0.001"


def test_a_rate_below_the_calibrated_ones_is_not_promised(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index, out = build(folder), folder / "matches.parquet"
    command = ["detect", str(folder / "data.json"), "--index", str(index), "--out", str(out)]
    assert execute([*command, "--text-column", "answer", "--fpr", "0.000001"]) == 0
    assert "down to a rate of 0.0001" in capsys.readouterr().err
    assert pq.read_schema(out).metadata[b"auditor.fpr"] == b"0.0001"


def test_rows_that_name_their_maker_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = build(folder)
    (folder / "rows.jsonl").write_text(
        json.dumps({"text": "I am ChatGPT, a model trained by OpenAI."}) + "\n"
    )
    command = ["detect", str(folder / "rows.jsonl"), "--index", str(index)]
    assert execute([*command, "--out", str(folder / "matches.parquet")]) == 0
    assert "openai 1" in capsys.readouterr().err


def test_numbers_name_rows_and_broken_rows_keep_their_line(folder: Path) -> None:
    index, out = build(folder), folder / "matches.parquet"
    lines = ['{"id": 7, "text": "short"}', "{broken", '{"id": 9.5}', '{"text": 3}']
    (folder / "rows.jsonl").write_text("\n".join(lines) + "\n")
    command = ["detect", str(folder / "rows.jsonl"), "--index", str(index), "--out", str(out)]
    assert execute([*command, "--id-column", "id"]) == 0
    table = pq.read_table(out)
    assert table["sample_id"].to_pylist() == ["7", "rows.jsonl#1", "9.5", "rows.jsonl#3"]
    assert set(table["verdict"].to_pylist()) == {"insufficient"}


def test_progress_shows_rows_a_second_and_the_time_left_on_a_terminal_alone(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from auditor.cli import progress

    build(folder)
    assert "rows/s" not in capsys.readouterr().err
    monkeypatch.setattr(progress, "animated", lambda: True)
    instants = iter(range(1000))
    monkeypatch.setattr(progress.time, "monotonic", lambda: float(next(instants)))
    index = build(folder)
    assert "indexing  30 rows" in (shown := capsys.readouterr().err)
    assert "100%  0 s left" in shown
    out = ["--out", str(folder / "matches.parquet")]
    assert execute(["detect", str(folder / "reference.parquet"), "--index", str(index), *out]) == 0
    assert "searching  30 rows" in capsys.readouterr().err
