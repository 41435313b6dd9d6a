"""A file of cells without a header is refused: its first row would be lost as names of columns."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from auditor.errors import UnreadableInputError
from auditor.samples.readers.chunk import Chunk
from auditor.samples.readers.delimited import read_delimited
from tests.samples.containers import digests_of, json_lines

PROSE = "the quick brown fox jumps over a lazy dog"


@pytest.mark.parametrize(
    "text",
    [
        f"say,{PROSE}\nmore,words\n",
        f'\ufeff"{PROSE}",b\n1,2\n',
        f"{'x' * 81}\ta\n1\t2\n",
        "Say hi,Hi there my good friend.\nSay bye,Bye.\n",
        "Say hi,gpt-4o\nSay bye,gpt-4o\n",
        '"one\ntwo",b\n1,2\n',
        "\u4f60\u597d\u3002,b\n1,2\n",
    ],
)
def test_a_first_line_of_text_is_no_header(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with path.open("rb") as stream, pytest.raises(UnreadableInputError, match="has no header"):
        list(read_delimited(stream))


@pytest.mark.parametrize(
    "header", ["prompt,completion", '"Your question?","The answer, in short"', "No.,b", "etc.,a.b."]
)
def test_names_of_columns_are_a_header(tmp_path: Path, header: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n1,2\n3,4\n", encoding="utf-8")
    with path.open("rb") as stream:
        assert sum(len(chunk.rows) for chunk in read_delimited(stream)) == 2


def test_csv_cells_are_strings(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('n,text\n1,"two\nlines, ""quoted"""\n')
    same = tmp_path / "a.jsonl"
    same.write_bytes(json_lines([{"n": "1", "text": 'two\nlines, "quoted"'}]))
    assert digests_of(path) == digests_of(same)


@pytest.mark.parametrize("sign", ["\t", ";"])
def test_other_delimiters(tmp_path: Path, sign: str) -> None:
    path = tmp_path / ("a.tsv" if sign == "\t" else "a.csv")
    path.write_text(f"a{sign}b\n1{sign}x, y\n")
    same = tmp_path / "a.jsonl"
    same.write_bytes(json_lines([{"a": "1", "b": "x, y"}]))
    assert digests_of(path) == digests_of(same)


def test_a_bad_csv_row_costs_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'a,b\n1,2\n3\n4,\xff\n"x"y,5\n6,7\n')
    digests, faults = digests_of(path)
    assert len(digests) == 2
    assert [fault.line for fault in faults] == [3, 4, 5]


def _read(text: str) -> list[Chunk]:
    return list(read_delimited(io.BytesIO(text.encode("utf-8-sig"))))


@pytest.mark.parametrize("above", ["# generated with gpt-4o\n", "#a,b,c,d\n# x\n", "# teacher: gpt-4o\n#\n"])
def test_comments_above_the_header_are_told_of_all_rows(above: str) -> None:
    (chunk,) = _read(f"{above}a,b\n1,2\n3\n")
    assert chunk.rows == [{"a": "1", "b": "2"}]
    assert chunk.about == {"comment": "\n".join(line.strip("# ") for line in above.splitlines())}
    (fault,) = chunk.faults
    assert fault.line == 3 + above.count("\n")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("#id,text\n1,x\n", [{"#id": "1", "text": "x"}]),
        ("#text\nx\n", [{"#text": "x"}]),
        ("a,b\n# x,y\n", [{"a": "# x", "b": "y"}]),
    ],
)
def test_a_header_or_row_that_begins_with_the_sign_is_none(text: str, rows: list[dict[str, str]]) -> None:
    (chunk,) = _read(text)
    assert (chunk.rows, chunk.about) == (rows, {})


@pytest.mark.parametrize(
    "text", ["# 2025, two rows\na,b\n1,2\n", "# words\ntext\nx\n", "# w\na,b\n1,2,3\n4,5\n"]
)
def test_lines_that_may_be_comments_are_refused_with_the_way_out(text: str) -> None:
    with pytest.raises(UnreadableInputError, match="begin with `#`") as refused:
        _read(text)
    assert "delete the comment lines" in (refused.value.fix or "")
