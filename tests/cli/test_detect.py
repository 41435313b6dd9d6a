"""Rows are searched in an index, one answer a row."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from auditor.cli.main import execute
from auditor.fingerprint.search.reference_index import open_index
from tests.fingerprint.material import build, essay, make_folder


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
        "public",
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


LICENSE = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software
and associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense,
and/or sell copies."""


def _quoted_by(folder: Path, text: str, *teachers: str) -> Path:
    """Build an index in which each of these teachers quotes a text, and has one of its own."""
    rng = random.Random(11)
    rows = [{"teacher": name, "text": f"{essay(rng)} {text} {essay(rng)}"} for name in teachers]
    rows += [{"teacher": name, "text": essay(rng)} for name in teachers]
    (folder / "refs.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert execute(["index", "build", str(folder / "refs.jsonl"), "--out", str(folder / "refs.idx")]) == 0
    return folder / "refs.idx"


def _found(folder: Path, index: Path, text: str, *options: str) -> dict[str, object]:
    (folder / "rows.jsonl").write_text(json.dumps({"text": text}))
    out = folder / "found.parquet"
    command = ["detect", str(folder / "rows.jsonl"), "--index", str(index), "--out", str(out), *options]
    assert execute(command) == 0
    [match] = pq.read_table(out).to_pylist()
    return match


def test_a_license_text_is_no_teachers_though_one_alone_quotes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    match = _found(tmp_path, _quoted_by(tmp_path, LICENSE, "gpt-4"), LICENSE)
    assert (match["verdict"], match["teacher"], match["public"]) == ("public-text", None, ["public:shipped"])
    assert "1 public-text" in capsys.readouterr().out
    facts = pq.read_schema(tmp_path / "found.parquet").metadata
    assert facts[b"auditor.public"].startswith(b"shipped 20")


def test_providers_are_those_of_the_catalog_not_labels(tmp_path: Path) -> None:
    text = essay(random.Random(12))
    one = _found(tmp_path, _quoted_by(tmp_path, text, "gpt-4", "o3", "text-davinci-003"), text)
    assert one["verdict"] == "copied"
    three = _found(tmp_path, _quoted_by(tmp_path, text, "gpt-4", "claude-3-opus", "gemini-pro"), text)
    assert (three["verdict"], three["public"]) == ("public-text", ["anthropic", "google", "openai"])


def test_an_index_of_ones_own_is_public_where_it_is_named_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = essay(random.Random(13))
    index, own = _quoted_by(tmp_path, text, "gpt-4", "claude-3-opus"), tmp_path / "own.idx"
    (tmp_path / "public.jsonl").write_text(json.dumps({"text": text}))
    assert execute(["index", "build", str(tmp_path / "public.jsonl"), "--public", "--out", str(own)]) == 0
    assert _found(tmp_path, index, text)["verdict"] == "copied"
    assert _found(tmp_path, index, text, "--public", str(own))["public"] == ["public:own"]
    rows = str(tmp_path / "rows.jsonl")
    assert execute(["detect", rows, "--index", str(own)]) == 2
    assert "marked as public" in capsys.readouterr().err
    assert execute(["detect", rows, "--index", str(index), "--public", str(index)]) == 2
    assert "not marked as public" in capsys.readouterr().err
    assert execute(["index", "merge", str(own), str(index), "--out", str(tmp_path / "both.idx")]) == 2
    assert "whether their texts are public" in capsys.readouterr().err
