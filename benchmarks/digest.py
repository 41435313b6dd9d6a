"""How fast rows are read, digested and given shapes and claims, on one core.

    python benchmarks/digest.py [--scale 1.0]

`--scale` is the share of the usual number of rows, for a quick look.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import tempfile
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import rfc8785

from auditor.digest import DatasetDigest, digest_json
from auditor.samples.rows import iter_row_digests
from auditor.samples.source import open_source

_WORDS = [f"word{n}" for n in range(5000)]


def sentence(chance: random.Random, words: int) -> str:
    """Return so many words."""
    return " ".join(chance.choices(_WORDS, k=words))


def timed(name: str, size: int, rows: int, work: Callable[[], object]) -> float:
    """Print the best of three runs, in CPU time, and return its seconds."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    print(f"{name:42} {best:6.2f} s  {size / best / 1e6:7.0f} MB/s  {rows / best:10,.0f} rows/s")
    return best


def lines_of(chance: random.Random, count: int) -> dict[str, list[bytes]]:
    """Return rows of about 1 KB as JSON text, by what is in them."""

    def alpaca() -> dict[str, object]:
        return {"instruction": sentence(chance, 40), "input": "", "output": sentence(chance, 100)}

    def chat() -> dict[str, object]:
        said = [sentence(chance, 45) + ' "é" : null' for _ in range(3)]
        turns = zip(("user", "assistant", "user"), said, strict=True)
        return {"messages": [{"role": role, "content": text} for role, text in turns], "score": 0.5}

    kinds: dict[str, Callable[[], object]] = {
        "alpaca rows": alpaca,
        "with a score": lambda: alpaca() | {"score": chance.random()},
        "with a whole score and a null": lambda: (
            alpaca() | {"score": float(chance.randint(1, 10)), "source": None}
        ),
        "with 16 log probabilities": lambda: (
            alpaca() | {"logprobs": [-5 * chance.random() for _ in range(16)]}
        ),
        "chat rows with quotes and a score": chat,
    }
    return {name: [json.dumps(make()).encode() for _ in range(count)] for name, make in kinds.items()}


def digests_of_lines(scale: float) -> None:
    """Time row bytes to digests, beside the reference implementation of RFC 8785."""
    for name, lines in lines_of(random.Random(1), round(10_000 * scale)).items():
        size = sum(map(len, lines))
        ours = timed(
            f"digest, {name}", size, len(lines), lambda lines=lines: deque(map(digest_json, lines), 0)
        )
        few = lines[:1000]
        theirs = timed(
            "  rfc8785", sum(map(len, few)), len(few), lambda few=few: deque(map(reference, few), 0)
        )
        print(f"  {theirs / sum(map(len, few)) / (ours / size):.1f} times rfc8785")


def reference(line: bytes) -> bytes:
    """Digest a row with the reference implementation; it keeps nulls."""
    return hashlib.sha256(rfc8785.dumps(json.loads(line))).digest()


def whole_reads(scale: float) -> None:
    """Time 180,000 short rows from Parquet, JSONL and CSV: rows, digests, shapes, claims."""
    chance = random.Random(2)
    rows = [
        {
            "instruction": sentence(chance, 12),
            "input": "",
            "output": sentence(chance, 40),
            "generator": f"model-{n % 7}",
        }
        for n in range(round(180_000 * scale))
    ]
    with tempfile.TemporaryDirectory() as folder:
        parquet, lines, cells = (Path(folder, name) for name in ("a.parquet", "a.jsonl", "a.csv"))
        pa.parquet.write_table(pa.Table.from_pylist(rows), parquet)
        lines.write_text("".join(json.dumps(row) + "\n" for row in rows))
        with cells.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        size = lines.stat().st_size
        for path in (parquet, lines, cells):
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


def roots(scale: float) -> None:
    """Time the dataset digest of a million rows."""
    chance = random.Random(3)
    digests = [chance.randbytes(32) for _ in range(round(1_000_000 * scale))]

    def root() -> str:
        gathered = DatasetDigest()
        gathered.extend(digests)
        return gathered.hexdigest()

    timed("dataset digest", 32 * len(digests), len(digests), root)


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", type=float, default=1.0)
    scale = parser.parse_args().scale
    digests_of_lines(scale)
    whole_reads(scale)
    roots(scale)


if __name__ == "__main__":
    main()
