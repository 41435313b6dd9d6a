"""A file of cells without a header is refused: its first row would be lost as names of columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import UnreadableInputError
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
