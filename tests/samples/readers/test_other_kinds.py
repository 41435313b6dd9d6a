"""A file that is something else than rows is told by what it is, with the way out."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from auditor import plugins
from auditor.errors import AuditorError, UnreadableInputError
from auditor.samples.inputs.sources import find_files
from auditor.samples.readers.formats import Format, sniff
from tests.samples.archives import zipped
from tests.samples.reading import GOOD, LINES, read

TABLE = "prompt,completion\nSay hi to me,Hi to you\n"


@pytest.mark.parametrize(
    ("name", "content", "what", "fix"),
    [
        ("a.jsonl", b"version https://hawser.github.com/spec/v1\noid", "Git LFS", "git lfs pull"),
        ("a.parquet", b"/annex/objects/SHA256E-s1234--abc.parquet\n", "git-annex", "git annex get"),
        ("a.jsonl", b"../.git/annex/objects/G4/xX/SHA256E-s1--a/SHA256E-s1--a", "git-annex", "annex get"),
        ("a.parquet", b"# xet version 0\nfilesize = 1\nhash = 'a'\n", "Xet", "git-xet"),
        ("a.parquet", b"<!DOCTYPE html>\n<html><head>", "a web page", "fetch the file again"),
        ("a.csv", b"\n<html>\n<head><title>404, Not Found", "a web page", "fetch the file again"),
        ("a.json", b"<?xml version='1.0'?><Error>", "XML", "fetch the file again"),
        ("a.jsonl", LINES.decode().encode("utf-16"), "UTF-16", "iconv -f UTF-16 -t UTF-8"),
        ("a.jsonl", LINES.decode().encode("utf-16-le"), "UTF-16LE without a mark", "iconv"),
        ("a.csv", TABLE.encode("utf-16-be"), "UTF-16BE without a mark", "iconv"),
        ("a.jsonl", LINES.decode().encode("utf-32"), "UTF-32", "iconv"),
        ("a.jsonl", bytes(4096), "NUL bytes", "fetch the file again"),
        ("a.json", b"// rows\n[{}]", "JSON with comments", "take the comments out"),
        ("a.jsonl", b"{'prompt': 'a', 'completion': None}\n", "Python's notation", "json.dumps"),
        ("a.jsonl", b'\x1e{"a": 1}\n', "JSON text sequence", "tr -d"),
        ("a.json", b"- prompt: a\n", "YAML", "JSONL"),
        ("a.csv", b"prompt|completion\na|b\n", "parted by `|`", "commas"),
        ("a.csv", b"prompt,completion\ra,b\r", "carriage return", "tr "),
        ("a.pkl", b"\x80\x04\x95", "a pickle", "JSONL"),
        ("a.orc", b"ORC\x0a\0\0", "an ORC file", "JSONL"),
        ("a.jsonl.lz4", b"\x04\x22\x4d\x18", "lz4", "lz4 -d"),
        ("a.parquet", b"", "the file is empty", None),
    ],
)
def test_what_a_file_is_instead_is_said(
    tmp_path: Path, name: str, content: bytes, what: str, fix: str | None
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableInputError) as caught:
        sniff(tmp_path / name)
    assert what in caught.value.message
    assert fix is None or fix in (caught.value.fix or "")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bom.jsonl", b"\xef\xbb\xbf" + LINES),
        ("crlf.jsonl", LINES.replace(b"\n", b"\r\n")),
        ("cr.jsonl", LINES.replace(b"\n", b"\r")),
        ("concatenated.jsonl", LINES.replace(b"\n", b"")),
        ("pretty.jsonl", "\n".join(json.dumps(row, indent=1) for row in GOOD).encode()),
        ("array.jsonl", json.dumps(GOOD).encode()),
        ("lines.json", LINES),
        ("separator.jsonl", LINES.replace(b"plus", "plus\u2028".encode())),
        ("html.jsonl", LINES.replace(b"What", b"<html>What")),
        ("pipe.jsonl", LINES.replace(b"plus", b"|")),
        ("tab.csv", b"prompt\tcompletion\n" + b"What is it, now?\tIt is it.\n" * 3),
        ("comma.tsv", b"prompt,completion\n" + b"What is it?,It is it.\n" * 3),
        ("semi.csv", b"prompt;completion\n" + b"What is it, now?;It is it.\n" * 3),
        ("orcid.csv", b"ORCID,prompt,completion\n" + b"0000,What is it?,It is it.\n" * 3),
        ("mscf.csv", b"MSCF;prompt;completion\n" + b"1;What is it?;It is it.\n" * 3),
        ("quoted.csv", b"prompt,completion\n" + b'"What\nis, ""it""?",It is it.\n' * 3),
    ],
)
def test_rows_written_in_another_way_are_read(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    source = read(tmp_path / name)
    assert (source.samples, source.unreadable_rows) == (3, 0)
    assert {str(file.shape) for file in source.files} == {"prompt-completion"}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"prompt": "a", "completion": NaN}', "NaN is no number in JSON: write null (column 31)"),
        (b'{"prompt": "a", "completion": -Infinity}', "-Infinity is no number in JSON"),
        (b'{"prompt": "a"}{"prompt": "b"}', "more than one object in a line"),
        ('{"prompt": "a"}\u2028{"prompt": "b"}'.encode(), "more than one object in a line"),
        (b'{"prompt": "a"},', "a comma follows the object"),
        (b'{"prompt": "a\0"}', "a control character inside a text"),
        (b'{"prompt": "caf\xe9"}', "not valid UTF-8 (byte 16)"),
        (b"# a comment", "a comment: take it out"),
        (b'{"prompt": "a"} // why', "a comment: take it out"),
        (b'{"prompt": None}', "Python's notation"),
    ],
)
def test_a_line_that_is_no_row_says_why_and_hides_no_other(tmp_path: Path, line: bytes, why: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES + line + b"\n" + LINES)
    source = read(tmp_path / "a.jsonl")
    assert source.samples == 6
    (row,) = source.unreadable
    assert (row.sample_id, row.line) == ("a.jsonl#3", 4)
    assert why in row.reason


def test_links_that_lead_nowhere_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").symlink_to(".git/annex/objects/aa/bb/SHA256E-s1--x/SHA256E-s1--x")
    with pytest.raises(AuditorError, match="git-annex"):
        sniff(tmp_path / "a.jsonl")
    (tmp_path / "b.jsonl").symlink_to("gone.jsonl")
    with pytest.raises(AuditorError, match="leads nowhere"):
        sniff(tmp_path / "b.jsonl")


def test_what_another_package_reads_is_told_as_a_pointer_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = EntryPoint("avro", "tests.samples.readers:reader", plugins.Family.READERS)
    monkeypatch.setattr(plugins, "added", lambda family: {"avro": point})
    (tmp_path / "a.avro").write_bytes(b"Obj\x01")
    assert sniff(tmp_path / "a.avro") is Format.ADDED
    (tmp_path / "b.avro").write_bytes(zipped(("a.jsonl", LINES)))
    assert [file.name for file in find_files([str(tmp_path)])] == ["a.avro", "b.avro"]
    (tmp_path / "a.avro").write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(UnreadableInputError, match="Git LFS"):
        sniff(tmp_path / "a.avro")
