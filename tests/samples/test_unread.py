"""What lies in the named data and gives no rows is named, unless it is plainly no data."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.samples.unread import find_unread

ROW = json.dumps({"prompt": "Say hi", "completion": "Hi there, and welcome to all of you."}) + "\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with one file of rows."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "rows.jsonl").write_text(ROW)
    return folder


def _write(folder: Path, name: str, text: str = ROW) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def _unread(*places: Path | str) -> dict[str, str]:
    return {one.name: one.reason for one in find_unread([str(place) for place in places])}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("more.txt", "of a format that is not read"),
        ("corpus.md", "of a format that is not read"),
        ("corpus.py", "of a format that is not read"),
        ("shard.bin", "of a format that is not read"),
        ("page.html", "of a format that is not read"),
        ("without_a_suffix", "of a format that is not read"),
        ("rows.jsonl.xz", "an archive"),
        ("deep/er/rows.zip", "an archive"),
        (".hidden.jsonl", "hidden"),
        (".folder/rows.jsonl", "hidden"),
        (".git/rows.jsonl", "hidden"),
        (".cache/huggingface/rows.parquet", "hidden"),
        (".auditor/ledger.rows/aa/rows.parquet", "hidden"),
        ("results_1.json", "a side file and holds rows"),
        ("README_more_rows_than_any_card_ever_had.txt", "of a format that is not read"),
    ],
)
def test_what_a_trainer_may_load_is_named(data: Path, name: str, reason: str) -> None:
    _write(data, name)
    found = _unread(data)
    assert list(found) == [name]
    assert reason in found[name]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.md", "---\nlicense: mit\n---\n"),
        ("LICENSE", "MIT"),
        ("LICENSE-Apache-2.0.txt", "Apache"),
        ("data_license.txt", "CC0"),
        (".gitattributes", "*.parquet filter=lfs"),
        (".git/objects/ab/cdef", "x"),
        (".cache/huggingface/download/rows.jsonl.metadata", "x"),
        ("plan.yaml", "student_name: x"),
        ("rows.jsonl.sha256", "ab"),
        ("KEY", "-----BEGIN PUBLIC KEY-----\n"),
        ("picture.png", "x"),
        ("_SUCCESS", ""),
        ("empty.txt", ""),
        ("info.json", '{"model_id": "x", "docker_label": "y"}'),
        ("generation_config.json", '{"eos_token_id": [1, 2], "temperature": 0.6}'),
        ("dataset_info.json", '{"description": "A set of many words.", "features": {"text": {}}}'),
        (
            "croissant.json",
            '{"@context": {}, "@type": "Dataset", "recordSet": [{"description": "a b c d e f"}]}',
        ),
    ],
)
def test_what_is_plainly_no_data_is_not(data: Path, name: str, text: str) -> None:
    _write(data, name, text)
    assert _unread(data) == {}


@pytest.mark.parametrize(
    "text",
    [
        f"[{ROW}]",
        ROW + ROW,
        json.dumps({"rows": [json.loads(ROW)]}),
        json.dumps({"train": {"completion": ["Hi there, and welcome to all of you."]}}),
        json.dumps({"@context": {}, "@type": "Dataset", "rows": [json.loads(ROW)]}),
        "not JSON at all",
    ],
)
def test_a_side_files_name_does_not_hide_rows(data: Path, text: str) -> None:
    for name in ("metadata.json", "dataset_infos.json", "eval-results.json", "config.json"):
        _write(data, name, text)
    assert len(_unread(data)) == 4


def test_a_card_that_leaves_files_out_does_not_hide_them(data: Path) -> None:
    _write(data, "other.jsonl")
    _write(data, "README.md", "---\nconfigs:\n- config_name: a\n  data_files: rows.jsonl\n---\n")
    assert _unread(data) == {"other.jsonl": "the card or the saved dataset's index leaves it out"}


def test_large_cards_and_settings_count_as_data(data: Path) -> None:
    for name in ("README.md", "LICENSE", "plan.yaml", ".gitattributes"):
        _write(data, name, "x" * (1 << 20) + "y")
    assert sorted(_unread(data)) == [".gitattributes", "LICENSE", "README.md", "plan.yaml"]


def test_every_way_to_name_a_folder_is_looked_into(data: Path, tmp_path: Path) -> None:
    _write(data, "more.txt")
    _write(data, "sub/deep.txt")
    named = {"more.txt", "sub/deep.txt"}
    assert set(_unread(data)) == named
    assert set(_unread(data / "rows.jsonl", data)) == named
    assert set(_unread(f"{data}/*")) == named
    assert set(_unread(f"{data}/*.jsonl")) == set()
    assert set(_unread(data / "rows.jsonl")) == set()
    link = tmp_path / "link"
    link.symlink_to(data)
    assert set(_unread(link)) == named


def test_links_and_odd_files_are_named(data: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    _write(outside, "deep.txt")
    _write(outside, "deep.jsonl")
    (data / "linked").symlink_to(outside)
    (data / ".linked.jsonl").symlink_to(outside / "deep.jsonl")
    (data / "nowhere.txt").symlink_to(tmp_path / "missing")
    (data / "loop").symlink_to(data)
    os.mkfifo(data / "pipe.txt")
    assert set(_unread(data / "rows.jsonl", data / "linked")) == {"deep.txt"}
    (data / "loop").unlink()
    assert set(_unread(data)) == {"linked/deep.txt", ".linked.jsonl", "nowhere.txt", "pipe.txt"}


def test_an_audits_own_answers_are_no_data_and_what_is_put_among_them_is(data: Path) -> None:
    out = data / "out"
    _write(out, "report.json", '{"schema": "auditor.report/v2"}')
    for name in ("report.html", "summary.md", "findings.sarif", "junit.xml"):
        _write(out, name, "x")
    _write(out, "unreadable.jsonl", '{"sample_id": "a#1", "line": 2, "reason": "r"}\n')
    pq.write_table(pa.table({"sample_id": ["a#0"], "digest": ["sha256:0"]}), out / "samples.parquet")
    assert _unread(data) == {}
    pq.write_table(pa.table({"sample_id": ["a#0"], "text": ["learn me"]}), out / "samples.parquet")
    _write(out, "unreadable.jsonl")
    _write(out, "more.txt")
    assert sorted(_unread(data)) == ["out/more.txt", "out/samples.parquet", "out/unreadable.jsonl"]


@pytest.mark.parametrize("seed", range(3))
def test_all_are_named_however_many_there_are(data: Path, seed: int) -> None:
    names = [f"{seed}-{number:03}.txt" for number in range(40)]
    for name in names:
        _write(data, name)
    assert list(_unread(data)) == names
