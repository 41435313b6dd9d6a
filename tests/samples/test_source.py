"""The front of the readers: batches, rows that cannot be read, bounded memory."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from auditor.domain.claim import Basis, Claim, ClaimKind
from auditor.domain.sample import Shape
from auditor.errors import InputError, NoRowsError, UnreadableInputError
from auditor.samples.file_facts import Unreadable
from auditor.samples.source import ReadOptions, open_source
from tests.samples.reading import run, write

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


def test_the_batch_points_at_rows_lines_and_claims(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl",
        {"instruction": "Q", "output": "A", "generator": "gpt4"},
        "",
        "{bad",
        {"instruction": "Q", "output": "B", "generator": "gpt4"},
        {"instruction": "Q", "output": "C"},
    )
    source = open_source(
        [str(path)], ReadOptions(claims=(Claim(ClaimKind.LICENSE, "MIT", Basis.CLI_OPTION, "--license"),))
    )
    (batch,) = source
    assert batch.sample_ids().to_pylist() == ["a.jsonl#0", "a.jsonl#2", "a.jsonl#3"]
    assert batch.lines is not None
    assert batch.lines.tolist() == [1, 4, 5]
    assert batch.claim_sets.tolist() == [0, 0, 1]
    assert [c.basis for c in source.claim_sets[0].claims] == [Basis.ROW, Basis.CLI_OPTION]
    assert np.unique(batch.parts["row_index"].to_numpy()).tolist() == [0, 1, 2]
    assert source.unreadable == [Unreadable("a.jsonl", 1, 3, source.unreadable[0].reason)]


def test_every_unreadable_row_reaches_the_sink(tmp_path: Path) -> None:
    seen: list[Unreadable] = []
    path = write(tmp_path / "a.jsonl", {"text": "T"}, *["{"] * 12_000)
    source = open_source([str(path)])
    assert sum(map(len, source.read(seen.append))) == 1
    assert len(seen) == source.unreadable_rows == 12_000
    assert len(source.unreadable) == 10_000


def test_reasons_hold_no_row_text(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl", {"text": "T"}, '{"secret": "secret', {"secret": 1}, {"text": {"secret": 2}}
    )
    source, _ = run(path)
    assert source.unreadable_rows == 3
    assert not any("secret" in row.reason for row in source.unreadable)


def test_one_unreadable_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no")
    write(tmp_path / "a.jsonl", {"text": "T"})
    write(tmp_path / "c.jsonl", {"text": "T"})
    source, parts = run(tmp_path)
    assert len(parts) == 2
    assert [file.file for file in source.unreadable_files] == ["b.parquet"]


@pytest.mark.parametrize("content", ["", "\n\n", "[]"])
def test_no_row_is_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(content)
    with pytest.raises(NoRowsError):
        run(path)


def test_nothing_readable_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NoRowsError):
        run(write(tmp_path / "a.jsonl", "{", "{"))
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(UnreadableInputError):
        run(tmp_path / "b.parquet")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError):
        run(tmp_path / "empty")


def test_sample_stops_early(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *[{"text": "T"}] * 100)
    source, parts = run(path, options=ReadOptions(sample=7, batch_rows=5))
    assert (source.samples, len(parts)) == (7, 7)


@pytest.mark.parametrize(
    ("name", "rows", "shape", "sets"),
    [
        ("gsm8k-train.jsonl", 7473, Shape.QUESTION_ANSWER, 1),
        ("gpteacher-codegen.json", 4535, Shape.ALPACA, 1),
        ("codealpaca-2k.json", 2017, Shape.ALPACA, 1),
        ("self-instruct-seeds.jsonl", 175, Shape.ALPACA, 1),
        ("aligner-2b-qwen1.5-72b.json", 805, Shape.ALPACA_EVAL, 1),
    ],
)
def test_real_datasets(shared: Path, name: str, rows: int, shape: Shape, sets: int) -> None:
    source, _ = run(shared / "data/datasets" / name)
    assert (source.samples, source.unreadable_rows) == (rows, 0)
    assert source.files[0].shape is shape
    assert len(source.claim_sets) == sets


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


@pytest.mark.parametrize(
    "name", ["a.jsonl", "a.jsonl.gz", "a.json", "wrapped.json", "a.csv", "a.parquet", "a.zip"]
)
def test_the_part_that_was_read_grows_to_the_whole(tmp_path: Path, name: str) -> None:
    chance = random.Random(0)  # so that compressed files are read in several pieces
    rows = [{"prompt": f"ask {at}", "response": f"{chance.getrandbits(1600):x}"} for at in range(9_000)]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    for folder in ("one", "two"):
        path = tmp_path / folder / name
        path.parent.mkdir()
        match path.suffix:
            case ".gz":
                path.write_bytes(gzip.compress(lines))
            case ".json":
                path.write_text(json.dumps({"data": rows} if "wrapped" in name else rows))
            case ".zip":
                with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                    archive.writestr("rows.jsonl", lines)
            case ".csv":
                pa.csv.write_csv(pa.Table.from_pylist(rows), path)
            case ".parquet":
                pq.write_table(pa.Table.from_pylist(rows), path)
            case _:
                path.write_bytes(lines)
    source = open_source([str(tmp_path / "one"), str(tmp_path / "two")], ReadOptions(batch_rows=2_000))
    assert source.share_read() == 0
    shares = [source.share_read() for _ in source]
    assert len(shares) == 10
    assert shares == sorted(shares)
    assert shares[3] <= 0.5 < shares[5] < shares[9] == 1


def test_of_a_sample_the_rows_asked_for_are_the_whole(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", *[{"prompt": "ask", "response": "answer"}] * 100)
    source = open_source([str(tmp_path)], ReadOptions(batch_rows=10, sample=40))
    assert [source.share_read() for _ in source][-1] == 1
