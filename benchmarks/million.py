"""Stream a million rows through `auditor detect` and print its peak memory and speed.

    python benchmarks/million.py INDEX.parquet QUERIES.parquet [--prompts PROMPTS.parquet] [--rows 1000000]

The rows are the queries over and over, each time varied (words dropped, sentences moved, two queries joined),
so that no two are alike. Memory is the high-water mark of the process itself, as the kernel counts it; the
pages of the mapped index are part of it.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

GROUP = 10_000


def varied(texts: list[str], rows: int) -> Iterator[pa.Table]:
    """Yield tables of `id` and `text`, `GROUP` rows each."""
    draw = random.Random(0)
    for start in range(0, rows, GROUP):
        numbers = range(start, min(rows, start + GROUP))
        made = [vary(draw, texts[number % len(texts)], draw.choice(texts)) for number in numbers]
        yield pa.table({"id": [f"row-{number}" for number in numbers], "text": made})


def vary(draw: random.Random, text: str, other: str) -> str:
    """Return one variant of a text."""
    kind = draw.randrange(3)
    if kind == 0:
        rate = draw.uniform(0, 0.2)
        return " ".join(word for word in text.split(" ") if draw.random() > rate)
    sentences = text.split(". ")
    if kind == 1:
        draw.shuffle(sentences)
        return ". ".join(sentences)
    return ". ".join(sentences[: 1 + len(sentences) // 2]) + " " + other[: draw.randrange(1 + len(other))]


def write(path: Path, texts: list[str], rows: int) -> int:
    """Write the rows as a zstd Parquet file; return how many bytes of text they hold."""
    total = 0
    with pq.ParquetWriter(
        path, pa.schema([("id", pa.string()), ("text", pa.string())]), compression="zstd"
    ) as out:
        for table in varied(texts, rows):
            out.write_table(table)
            total += table["text"].nbytes
    return total


def run(arguments: list[str]) -> tuple[float, int]:
    """Run the program; return its wall seconds and its peak resident bytes."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "auditor", *arguments], stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"auditor {arguments[0]} ended with status {status}")
    return time.perf_counter() - start, usage.ru_maxrss * 1024


def main() -> None:
    """Build the index, write the rows, search them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--prompts", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    texts = [text for text in pq.read_table(options.queries)["text"].to_pylist() if text]
    with tempfile.TemporaryDirectory() as folder:
        index, data = Path(folder) / "index.audx", Path(folder) / "rows.parquet"
        prompts = ["--prompts", str(options.prompts)] if options.prompts else []
        built, building = run(["index", "build", str(options.index), "--out", str(index), *prompts])
        size = write(data, texts, options.rows)
        out = ["--out", str(Path(folder) / "matches.parquet"), "--id-column", "id"]
        spent, peak = run(["detect", str(data), "--index", str(index), *out])
        mapped = index.stat().st_size
        speed, size = options.rows / spent, size // 2**20
        print(f"index built and calibrated   {built:8.1f} s, peak {building // 2**20:,} MiB")
        print(f"rows searched                {options.rows:,} ({size:,} MiB of text)")
        print(f"rows per second              {speed:,.0f} (wall clock, {os.cpu_count()} processors)")
        print(f"peak resident memory         {peak // 2**20:,} MiB, mapped index {mapped // 2**20:,} MiB")


if __name__ == "__main__":
    main()
