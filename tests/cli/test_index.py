"""An index is built, added to, merged, calibrated, exported and imported."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.cli.main import execute
from auditor.fingerprint.search.detect import detect
from auditor.fingerprint.search.reference_index import open_index
from tests.fingerprint.material import build, essay, make_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path)


def built(folder: Path, name: str, rows: list[tuple[str, str]], *more: str) -> Path:
    table = pa.table({"text": [text for text, _ in rows], "teacher": [teacher for _, teacher in rows]})
    pq.write_table(table, folder / f"{name}.parquet")
    out = folder / f"{name}.idx"
    command = ["index", "build", str(folder / f"{name}.parquet"), "--out", str(out)]
    assert execute([*command, *more]) == 0
    return out


def arrays(index: Path) -> tuple[object, ...]:
    opened = open_index(index)
    return (opened.teachers, opened.families, opened.ngrams.words.tobytes(), opened.ngrams.teachers.tobytes())


def test_build_states_what_the_index_finds_at_its_scale(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["index", "build", str(folder / "reference.parquet"), "--out", str(folder / "idx")]
    for scale, kept in (("1", "every n-gram"), ("4", "one n-gram in 4")):
        assert execute([*command, "--scale", scale]) == 0
        shown = capsys.readouterr().out
        assert f"edited, at 0.001 with {kept}:" in shown
        assert "unchanged                   100.0%" in shown


def test_info_tells_teachers_and_thresholds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = build(folder)
    capsys.readouterr()
    assert execute(["index", "info", str(index), "--format", "json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["texts"] == 30
    assert {entry["name"]: entry["texts"] for entry in facts["teachers"]} == {
        "gpt-4": 10,
        "claude-3": 10,
        "llama-3": 10,
    }
    assert "0.001" in facts["calibration"]["thresholds"]


def test_add_and_calibrate_extend_an_index(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = build(folder)
    more = ["index", "add", str(folder / "data.json"), "--index", str(index), "--text-column", "answer"]
    assert execute([*more, "--teacher", "qwen-2"]) == 0
    plain = folder / "human.csv"
    plain.write_text("text\n" + "\n".join(essay(random.Random(100 + k)) for k in range(20)) + "\n")
    assert execute(["index", "calibrate", str(index), str(plain)]) == 0
    assert "20 user negatives" in capsys.readouterr().out


def test_sketches_go_out_and_in(folder: Path) -> None:
    index = build(folder)
    out = str(folder / "sketches.parquet")
    assert execute(["index", "export", str(index), "--datasketch", "--out", out]) == 0
    assert execute(["index", "import", out, "--datasketch", "--out", str(folder / "near")]) == 0
    assert execute(["index", "import", out, "--out", str(folder / "near")]) == 2


@pytest.mark.parametrize(
    "command",
    [
        ["index", "build", "missing.parquet", "--out", "x"],
        ["index", "build", "{folder}/reference.parquet", "--out", "x", "--text-column", "nothing"],
        ["index", "build", "{folder}/reference.parquet", "--out", "x", "--teacher-column", "nothing"],
        ["detect", "{folder}/data.json", "--index", "missing", "--text-column", "answer"],
        ["detect", "{folder}/data.json", "--index", "{folder}/data.json", "--text-column", "answer"],
        ["index", "info", "{folder}"],
    ],
)
def test_bad_input_is_exit_2_and_no_traceback(
    folder: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute([part.replace("{folder}", str(folder)) for part in command]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_merged_indexes_are_the_index_of_all_their_texts(folder: Path) -> None:
    rng = random.Random(3)
    rows = [(essay(rng), ("gpt-4", "claude-3", "gpt-4", "yi")[at % 4]) for at in range(40)]
    parts = [built(folder, "first", rows[:20]), built(folder, "second", rows[20:])]
    merged = folder / "merged.idx"
    assert execute(["index", "merge", *map(str, parts), "--out", str(merged)]) == 0
    whole = built(folder, "whole", rows)
    assert arrays(merged) == arrays(whole)
    thresholds = [open_index(index).calibration for index in (merged, whole)]
    assert thresholds[0] == thresholds[1]
    assert open_index(merged).reference_id(21) == "second.parquet#1"


def test_removed_texts_are_found_no_more_and_the_rest_is_as_if_they_had_never_been(folder: Path) -> None:
    rng = random.Random(4)
    rows = [(essay(rng), ("yi", "gpt-4", "claude-3")[at % 3]) for at in range(30)]
    index = built(folder, "all", rows, "--with-style")
    command = ["index", "remove", str(index), "--teacher", "yi", "--id", "all.parquet#4"]
    assert execute(command) == 0
    rest = [row for at, row in enumerate(rows) if row[1] != "yi" and at != 4]
    assert arrays(index) == arrays(built(folder, "rest", rest))
    opened = open_index(index)
    assert opened.style is not None
    assert len(opened.style) == len(rest)
    verdicts = detect(opened, pa.array([rows[0][0], rows[4][0], rows[2][0]]), 0.001)["verdict"].to_pylist()
    assert verdicts == ["no-match", "no-match", "copied"]


@pytest.mark.parametrize("change", [[], ["--teacher", "nobody"], ["--id", "all.parquet#99"]])
def test_removing_what_is_not_there_changes_nothing(folder: Path, change: list[str]) -> None:
    index = build(folder)
    before = index.read_bytes()
    assert execute(["index", "remove", str(index), *change]) == 2
    everything = [part for name in ("gpt-4", "claude-3", "llama-3") for part in ("--teacher", name)]
    assert execute(["index", "remove", str(index), *everything]) == 2
    assert index.read_bytes() == before


def test_indexes_of_different_scale_are_not_merged(folder: Path) -> None:
    rng = random.Random(5)
    rows = [(essay(rng), "gpt-4") for _ in range(6)]
    parts = [built(folder, "exact", rows), built(folder, "scaled", rows, "--scale", "4")]
    assert execute(["index", "merge", *map(str, parts), "--out", str(folder / "m")]) == 2
    assert not (folder / "m").exists()
