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
    assert "0.001" in facts["calibration"]["brief"]["contained"]
    assert facts["short_texts"] is True
    assert execute(["index", "info", str(index)]) == 0
    assert "Short texts: the same rates" in capsys.readouterr().out


def test_add_and_calibrate_extend_an_index(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = build(folder)
    more = ["index", "add", str(folder / "data.json"), "--index", str(index), "--text-column", "answer"]
    assert execute([*more, "--teacher", "qwen-2"]) == 0
    plain = folder / "human.csv"
    plain.write_text("text\n" + "\n".join(essay(random.Random(100 + k)) for k in range(20)) + "\n")
    assert execute(["index", "calibrate", str(index), str(plain)]) == 0
    assert "20 user negatives" in capsys.readouterr().out


def test_sketches_go_out_and_in_and_are_searched(folder: Path) -> None:
    index = build(folder)
    out, near = str(folder / "sketches.parquet"), str(folder / "near.idx")
    assert execute(["index", "export", str(index), "--datasketch", "--out", out]) == 0
    assert execute(["index", "import", out, "--datasketch", "--out", near]) == 0
    assert execute(["index", "import", out, "--out", near]) == 2
    assert execute(["index", "import", out, "--datasketch", "--hash", "md5", "--out", near]) == 2
    assert verdicts(folder, near) == [("copied", "claude-3", "minhash"), *NOTHING]


NOTHING = [("insufficient", None, None), ("no-match", None, None)]
LANES = ["minhash", "ngrams,minhash"]


def verdicts(folder: Path, index: str) -> list[tuple[object, ...]]:
    out = folder / "m.parquet"
    command = ["detect", str(folder / "data.json"), "--index", index, "--text-column", "answer"]
    assert execute([*command, "--out", str(out)]) == 0
    return [(row["verdict"], row["teacher"], row["lane"]) for row in pq.read_table(out).to_pylist()]


@pytest.mark.parametrize("lanes", LANES)
def test_an_index_of_lanes_is_built_told_calibrated_and_searched(
    folder: Path, lanes: str, capsys: pytest.CaptureFixture[str]
) -> None:
    index = str(folder / "lanes.idx")
    assert (
        execute(["index", "build", str(folder / "reference.parquet"), "--lanes", lanes, "--out", index]) == 0
    )
    assert "Of the MinHash lane, on 30 built-in negatives" in capsys.readouterr().out
    assert execute(["index", "info", index]) == 0
    assert f"lanes  {lanes.replace(',', ', ')}" in (shown := capsys.readouterr().out)
    assert "16 bands of 5 slots" in shown
    assert verdicts(folder, index) == [("copied", "claude-3", lanes.split(",")[0]), *NOTHING]
    human = folder / "human.csv"
    human.write_text("text\n" + "\n".join(essay(random.Random(100 + k)) for k in range(20)) + "\n")
    capsys.readouterr()
    assert execute(["index", "calibrate", index, str(human)]) == 0
    assert "MinHash lane, on 20 user negatives" in capsys.readouterr().out


def test_prompts_that_change_nothing_are_said_to(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "prompts.jsonl").write_text('{"prompt": "Say it again."}\n')
    rest = ["--out", str(folder / "idx"), "--prompts", str(folder / "prompts.jsonl")]
    for lanes, said in (("minhash", True), ("ngrams,minhash", False)):
        assert execute(["index", "build", str(folder / "reference.parquet"), "--lanes", lanes, *rest]) == 0
        assert ("--prompts changes nothing" in capsys.readouterr().err) is said


@pytest.mark.parametrize("lanes", LANES)
def test_lanes_grow_merge_and_shrink_to_the_index_of_the_same_texts(folder: Path, lanes: str) -> None:
    rng = random.Random(6)
    rows = [(essay(rng), ("gpt-4", "claude-3", "yi")[at % 3]) for at in range(24)]
    whole = built(folder, "whole", rows, "--lanes", lanes)
    parts = [
        built(folder, name, some, "--lanes", lanes) for name, some in (("a", rows[:10]), ("b", rows[10:]))
    ]
    merged = folder / "merged.idx"
    assert execute(["index", "merge", *map(str, parts), "--out", str(merged)]) == 0
    assert execute(["index", "add", str(folder / "b.parquet"), "--index", str(parts[0])]) == 0
    for grown in (merged, parts[0]):
        assert lane_of(grown) == lane_of(whole)
    assert execute(["index", "remove", str(whole), "--teacher", "yi", "--id", "whole.parquet#0"]) == 0
    rest = [row for at, row in enumerate(rows) if row[1] != "yi" and at]
    assert lane_of(whole) == lane_of(built(folder, "rest", rest, "--lanes", lanes))
    assert open_index(whole).reference_id(0) == "whole.parquet#1"
    assert execute(["index", "remove", str(whole), "--id", "whole.parquet#0"]) == 2


def lane_of(path: Path) -> tuple[object, ...]:
    index = open_index(path)
    assert index.near is not None
    arrays = [array.tobytes() for array in index.near.arrays().values()]
    labels = [index.teachers[number] for number in index.text_teachers.tolist()]
    return (labels, index.near.header(), arrays)


def test_merging_ngrams_with_and_without_signatures_gives_both_lanes(folder: Path) -> None:
    rng = random.Random(7)
    rows = [(essay(rng), "gpt-4") for _ in range(8)]
    old = built(folder, "old", rows[:4], "--lanes", "ngrams")
    new = built(folder, "new", rows[4:], "--lanes", "ngrams,minhash")
    near = built(folder, "near", rows[4:], "--lanes", "minhash")
    for pair in ((old, new), (new, old)):
        assert execute(["index", "merge", *map(str, pair), "--out", str(folder / "m")]) == 0
        assert [str(lane) for lane in open_index(folder / "m").lanes] == ["ngrams", "minhash"]
    assert execute(["index", "merge", str(new), str(near), "--out", str(folder / "n")]) == 2
    assert not (folder / "n").exists()


@pytest.mark.parametrize(
    "more", [["--lanes", "words"], ["--lanes", ""], ["--lanes", "minhash", "--scale", "4"]]
)
def test_lanes_that_are_none_are_a_mistake_in_the_command(folder: Path, more: list[str]) -> None:
    out = folder / "idx"
    assert execute(["index", "build", str(folder / "reference.parquet"), "--out", str(out), *more]) == 2
    assert not out.exists()


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
