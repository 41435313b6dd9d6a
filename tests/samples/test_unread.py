"""What lies in the named data and gives no rows is named, unless it is plainly no data."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.samples.inputs.sources import find_files
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
    path.write_bytes(text.encode("latin-1" if text.startswith("\x89") else "utf-8"))
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
        ("rows.jsonl.lz4", "an archive"),
        ("deep/er/rows.7z", "an archive"),
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
        ("picture.png", "\x89PNG\r\n\x1a\n\0"),
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
    for name in ("report.html", "summary.md", "junit.xml"):
        _write(out, name, "x")
    _write(out, "findings.sarif", '{"version": "2.1.0", "runs": []}')
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


LINES = ROW * 3
PROSE = "Once upon a time there was a model that learned whatever it was given to read.\n"


@pytest.mark.parametrize(
    "name",
    [
        ".hidden/license.jsonl", ".hidden/README.jsonl", ".hidden/README.md", "authors.zip",
        "security.tar.gz", "license.bin", "citation.pkl", "copying.h5", "security.db", "license_train.txt",
        "notice.train.parquet", "readme-part-1.txt", "changelog.data", "license.model",
    ],
)  # fmt: skip
@pytest.mark.parametrize("text", [LINES, PROSE])
def test_a_documents_name_excuses_no_other_kind_of_file(data: Path, name: str, text: str) -> None:
    _write(data, "README.md", "---\nconfigs:\n- config_name: a\n  data_files: rows.jsonl\n---\n")
    _write(data, name, text)
    assert list(_unread(data)) == [name]


@pytest.mark.parametrize("name", ["LICENSE", "README.md", "notice.txt", "citation.bib", "Makefile"])
@pytest.mark.parametrize(
    "text",
    [LINES, "prompt,completion\nhello,there\n", json.dumps([json.loads(ROW)], indent=1), f"# A\n{LINES}"],
)
def test_a_document_that_holds_rows_is_data(data: Path, name: str, text: str) -> None:
    _write(data, name, text)
    assert list(_unread(data)) == [name]


def test_a_card_may_show_a_row(data: Path) -> None:
    _write(data, "README.md", f"# A set\n\nSome words.\n\n```json\n{ROW}```\n\nMore words.\n\nEnd.\n")
    assert _unread(data) == {}


@pytest.mark.parametrize(
    "name",
    [
        "train.png", "train.cfg", "train.lock", "train.sig", "train.crc", "train.pem", "train.svg",
        "train.yaml", ".gitattributes", "train.dvc", "train.pdf", "train.sha256", "train.mp3", "KEY",
        "train.toml", "SHA256SUMS", "checksums.txt", "requirements.txt", ".git/train", ".git/objects/ab/cdef",
        ".git/lfs/objects/ab/cdef", "__pycache__/train", ".cache/huggingface/download/train",
        ".cache/huggingface/download/a.metadata",
        ".dvc/cache/files/md5/ab/cdef", ".svn/pristine/ab/cdef",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "text", [LINES, "prompt,completion\nhello,there\nhi,you\n", PROSE * 30, "PAR1 and more"]
)
def test_a_suffix_or_a_tools_folder_excuses_no_rows(data: Path, name: str, text: str) -> None:
    _write(data, name, text)
    if text == "PAR1 and more" and name.endswith((".cfg", ".lock", ".gitattributes")):
        text = ""
    assert list(_unread(data)) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "- prompt: Say hi\n  completion: Hi there\n",
        "rows:\n- prompt: Say hi\n  completion: Hi there\n",
        f"rows:\n- {PROSE}",
        "".join(f"k{number}: {PROSE}" for number in range(30)),
        PROSE,
        f"- &a\n  prompt: {PROSE}  completion: {PROSE}- *a\n",
    ],
)
def test_settings_that_are_rows_are_data(data: Path, text: str) -> None:
    _write(data, "train.yaml", text)
    assert list(_unread(data)) == ["train.yaml"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SHA256SUMS", f"{'ab' * 32}  rows.jsonl\n"),
        ("checksums.txt", f"{'ab' * 32} *rows.jsonl\nSHA256 (rows.jsonl) = {'ab' * 32}\n"),
        ("rows.jsonl.dvc", "outs:\n- md5: ab\n  size: 12\n  path: rows.jsonl\n"),
        (
            "requirements.txt",
            "datasets==2.0\ntorch>=2 ; python_version > '3'\n# all that is needed to load it\n",
        ),
        ("DATA_CARD.md", "# A set\n\nMany words about it.\n"),
        ("datacard.md", "# A set\n"),
        ("TERMS.md", PROSE),
        ("README.zh-CN.md", PROSE),
        ("LICENSE-CC-BY-SA-4.0", PROSE),
        ("Makefile", "all:\n\tauditor audit .\n"),
        ("paper.pdf", "\x89"),
        ("dataset_infos.json", "[]"),
        ("config.toml", "[train]\nrate = 1\n"),
        (".git/hooks/pre-commit.sample", f"#!/bin/sh\n# {PROSE}"),
        (".git/COMMIT_EDITMSG", PROSE),
        (".gitignore", "# what nobody wants to see in the history\n*.pyc\n"),
        ("state.json", '{"step": 3, "epoch": 1.5}'),
    ],
)
def test_what_people_put_beside_data_is_none(data: Path, name: str, text: str) -> None:
    path = _write(data, name, text)
    if name == "paper.pdf":
        path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    assert _unread(data) == {}


def test_what_a_tool_stores_of_the_data_that_was_read_is_none(data: Path) -> None:
    _write(data, ".git/lfs/objects/ab/cd/abcd", (data / "rows.jsonl").read_text())
    assert _unread(data) == {}
    _write(data, ".git/lfs/objects/ab/cd/abcd", (data / "rows.jsonl").read_text().replace("hi", "ho"))
    assert list(_unread(data)) == [".git/lfs/objects/ab/cd/abcd"]


CHINESE = "这是一个很长的中文回答，模型可以从中学习到很多东西。"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("metadata.json", {"q": {"0": "EVIL long text of words", "1": "EVIL more long text of words"}}),
        ("results_1.json", {"data": [{"prompt": "请问", "completion": CHINESE}]}),
        ("results_1.json", {"data": [{"a": "请问", "b": CHINESE}]}),
        ("config.json", {"rows": [["EVIL", "long", "text", "words"]]}),
        ("config.json", {"story": PROSE * 4}),
        ("info.json", {"a": {"b": {"prompt": "x", "completion": "Hi there to all of you"}}}),
        ("info.json", {"a": {"b": [{"prompt": "x"}]}}),
        ("state.json", {"a": {f"k{number}": "many words in one text" for number in range(9)}}),
        (
            "croissant.json",
            {"@context": {}, "@type": "Dataset", "recordSet": [{"data": [{"a": "EVIL long text of words"}]}]},
        ),
        (
            "croissant.json",
            {"@context": {"x": [PROSE]}, "@type": "Dataset", "recordSet": [], "rows": [PROSE]},
        ),
    ],
)
def test_rows_in_a_side_file_are_seen_however_they_are_laid_out(data: Path, name: str, value: object) -> None:
    _write(data, name, json.dumps(value, ensure_ascii=False))
    assert list(_unread(data)) == [name]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("report.json", json.dumps({"schema": "auditor.report/v2", "rows": [json.loads(ROW)]})),
        ("report.json", json.dumps({"schema": "auditor.report/v2", "dataset": {"text": PROSE}})),
        ("report.json", json.dumps({"schema": "auditor.report/v2", "dataset": PROSE})),
        ("summary.md", LINES),
        ("junit.xml", LINES),
        ("findings.sarif", LINES),
        (".auditor/ledger.db", LINES),
        (".auditor/ledger.db.jsonl", LINES),
        (".auditor/ledger.dbtrain", "SQLite format 3\0"),
        (".auditor/train", PROSE),
        (".auditor/ledger.rows/aa/train.digests.npy", LINES),
    ],
)
def test_among_an_audits_answers_rows_are_seen(data: Path, name: str, text: str) -> None:
    out = data / "out"
    _write(out, "report.json", '{"schema": "auditor.report/v2", "exit_code": 1}')
    pq.write_table(pa.table({"sample_id": ["a#0"], "digest": ["sha256:0"]}), out / "samples.parquet")
    _write(out, name, text)
    assert list(_unread(data)) == [f"out/{name}"]


@pytest.mark.parametrize(
    "columns",
    [{"rules": ["learn me"]}, {"spans": [["learn me"]]}, {"line": ["learn me"]}, {"teachers": [[["a"]]]}],
)
def test_an_audits_table_has_its_own_types(data: Path, columns: dict[str, list[object]]) -> None:
    _write(data, "out/report.json", '{"schema": "auditor.report/v2"}')
    pq.write_table(pa.table({"sample_id": ["a#0"], **columns}), data / "out" / "samples.parquet")
    assert list(_unread(data)) == ["out/samples.parquet"]


def test_a_real_ledger_is_no_data(data: Path) -> None:
    import sqlite3

    (data / ".auditor").mkdir()
    with sqlite3.connect(data / ".auditor" / "ledger.db") as database:
        database.execute("CREATE TABLE a (b)")
    assert _unread(data) == {}


def _envelope(statement: object) -> dict[str, object]:
    payload = base64.b64encode(json.dumps(statement).encode()).decode()
    return {"payload": payload, "payloadType": "application/vnd.in-toto+json", "signatures": []}


STATEMENT = {"_type": "https://in-toto.io/Statement/v1", "subject": [], "predicateType": "x", "predicate": {}}


def test_a_permit_laid_beside_the_rows_is_neither_data_nor_unread(data: Path) -> None:
    envelope = _envelope(STATEMENT)
    bundle = {"mediaType": "x", "verificationMaterial": {}, "dsseEnvelope": envelope}
    _write(data, "permit.intoto.json", json.dumps(envelope))
    _write(data, "permit.test-result.intoto.json", json.dumps(envelope))
    _write(data, "permit.sigstore.json", json.dumps(bundle))
    _write(data, "permit.intoto.json.rows", f"{'ab' * 32} rows.jsonl#0\n")
    assert [file.name for file in find_files([str(data)])] == ["rows.jsonl"]
    assert _unread(data) == {}


@pytest.mark.parametrize(
    "value",
    [
        json.loads(ROW),
        [json.loads(ROW)],
        {**_envelope(STATEMENT), "text": PROSE},
        {**_envelope(STATEMENT), "payload": PROSE},
        {**_envelope(STATEMENT), "signatures": [{"text": PROSE}]},
        {**_envelope(STATEMENT), "payloadType": PROSE},
        _envelope({**STATEMENT, "text": PROSE}),
    ],
)
def test_under_a_permits_name_rows_are_read(data: Path, value: object) -> None:
    _write(data, "train.intoto.json", json.dumps(value))
    assert [file.name for file in find_files([str(data)])] == ["rows.jsonl", "train.intoto.json"]


def test_a_list_of_rows_that_holds_text_is_unread(data: Path) -> None:
    _write(data, "permit.intoto.json.rows", f"{'ab' * 32} {PROSE}")
    assert list(_unread(data)) == ["permit.intoto.json.rows"]
