"""Files far larger than what a reader may hold."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

_MEASURE = """
import resource, sys
from auditor.samples.source import open_source
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
import auditor.samples.readers.columnar
before = peak()
source = open_source([sys.argv[1]])
rows = 0
try:
    for batch in source:
        rows += len(batch)
except Exception as error:
    print(type(error).__name__, error, file=sys.stderr)
print(rows, source.unreadable_rows, peak() - before)
"""


def measure(path: Path) -> tuple[int, int, float]:
    """Return rows, unreadable rows and the MiB of memory that reading took."""
    out = subprocess.check_output([sys.executable, "-c", _MEASURE, str(path)], text=True).split()
    return int(out[0]), int(out[1]), float(out[2])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.json", "a.jsonl.gz"])
def test_a_large_file_is_read_in_bounded_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    row = json.dumps({"instruction": "Q" * 2000, "output": 'A \\ " [{ ' * 400})
    count = 30_000
    with gzip.open(path, "wt", 1) if name.endswith("gz") else path.open("w") as file:
        opening, between, closing = ("[\n", ",\n", "\n]") if name == "a.json" else ("", "\n", "\n")
        file.write(opening)
        for number in range(count):
            file.write(between * (number > 0) + row)
        file.write(closing)
    rows, unreadable, memory = measure(path)
    assert (rows, unreadable) == (count, 0)
    assert len(row) * count > 180 << 20
    assert memory < 170


@pytest.mark.slow
@pytest.mark.parametrize("opening", [b'{"text": "', b'[{"text": "', b"[[[[", b"[" + b'"x",' * 10])
def test_a_bomb_of_one_endless_row_stops_at_the_limit(tmp_path: Path, opening: bytes) -> None:
    path = tmp_path / "bomb.jsonl.gz"
    with gzip.open(path, "wb", 1) as file:
        file.write(opening)
        for _ in range(400):
            file.write(b"x" * (1 << 20))
    rows, unreadable, memory = measure(path)
    assert rows == 0
    assert unreadable >= 1
    assert memory < 300
