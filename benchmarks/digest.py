"""How fast rows are read, digested and given shapes and claims, on one core.

Run: python benchmarks/digest.py
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from auditor.digest import DatasetDigest, digest_json
from auditor.samples.rows import iter_row_digests
from auditor.samples.source import open_source

_WORDS = [f"word{n}" for n in range(5000)]


def sentence(chance: random.Random, words: int) -> str:
    """Return so many words."""
    return " ".join(chance.choices(_WORDS, k=words))


def timed(name: str, size: int, rows: int, work: Callable[[], object]) -> None:
    """Print the best of three runs."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    print(f"{name:42} {best:6.2f} s  {size / best / 1e6:7.0f} MB/s  {rows / best:10,.0f} rows/s")


def digests_of_lines() -> None:
    """Row bytes to digests, rows of 1 KB."""
    chance = random.Random(1)
    plain = [
        json.dumps(
            {"instruction": sentence(chance, 40), "input": "", "output": sentence(chance, 100)}
        ).encode()
        for _ in range(20_000)
    ]
    chats = [
        json.dumps(
            {
                "messages": [
                    {"role": r, "content": sentence(chance, 45) + ' "é" : null'}
                    for r in ("user", "assistant", "user")
                ],
                "score": 0.5,
            }
        ).encode()
        for _ in range(20_000)
    ]
    for name, lines in (("digest, alpaca rows", plain), ("digest, chat rows with a float", chats)):
        timed(
            name, sum(map(len, lines)), len(lines), lambda lines=lines: [digest_json(line) for line in lines]
        )


def whole_reads() -> None:
    """180,000 short rows from Parquet and JSONL: rows, digests, shapes, claims."""
    chance = random.Random(2)
    rows = [
        {
            "instruction": sentence(chance, 12),
            "input": "",
            "output": sentence(chance, 40),
            "generator": f"model-{n % 7}",
        }
        for n in range(180_000)
    ]
    with tempfile.TemporaryDirectory() as folder:
        parquet, lines = Path(folder, "a.parquet"), Path(folder, "a.jsonl")
        pa.parquet.write_table(pa.Table.from_pylist(rows), parquet)
        lines.write_text("".join(json.dumps(row) + "\n" for row in rows))
        size = lines.stat().st_size
        for path in (parquet, lines):
            timed(
                f"row digests, {path.suffix}",
                size,
                len(rows),
                lambda path=path: list(iter_row_digests([str(path)])),
            )
            timed(
                f"batches with shapes and claims, {path.suffix}",
                size,
                len(rows),
                lambda path=path: list(open_source([str(path)])),
            )


def roots() -> None:
    """Dataset digest of a million rows."""
    chance = random.Random(3)
    digests = [chance.randbytes(32) for _ in range(1_000_000)]

    def root() -> str:
        gathered = DatasetDigest()
        gathered.extend(digests)
        return gathered.hexdigest()

    timed("dataset digest", 32_000_000, len(digests), root)


if __name__ == "__main__":
    digests_of_lines()
    whole_reads()
    roots()
