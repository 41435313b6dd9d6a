"""What is packed counts as much more than its size when kernels are spared."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.cli.effort import spare_kernels
from auditor.jit import choice


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    sizes: list[int] = []
    monkeypatch.setattr(choice, "spare_for", sizes.append)
    return sizes


def test_plain_files_count_as_they_are_and_packed_ones_for_more(tmp_path: Path, told: list[int]) -> None:
    line = b'{"text": "a"}\n'
    (tmp_path / "a.jsonl").write_bytes(line)
    (tmp_path / "b.jsonl").write_bytes(gzip.compress(line * 9))  # packed, whatever its name says
    spare_kernels([str(tmp_path / "a.jsonl")])
    spare_kernels([str(tmp_path / "b.jsonl")])
    assert told[0] == len(line)
    assert told[1] > 9 * len(line)


def test_what_is_not_there_or_far_away_is_told_by_who_reads_it(tmp_path: Path, told: list[int]) -> None:
    spare_kernels([str(tmp_path / "none.jsonl")])
    spare_kernels(["hf://datasets/a/b"])
    assert told == []


def test_arrow_is_started_without_pandas_and_finds_it_when_asked() -> None:
    pytest.importorskip("pandas")
    code = """
import sys
from auditor import plugins
from auditor.cli.effort import without_pandas
loaded = without_pandas(lambda given: (given, "pandas" in sys.modules))(7)
import pandas, pyarrow
frame = pandas.Series([1.0, float("nan")])
apart = pyarrow.array(frame).null_count
plugins._join_pandas_and_arrow()
print(loaded, apart, pyarrow.array(frame).null_count, len(pyarrow.table({"a": [1]}).to_pandas()))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "(7, False) 0 1 1\n"
