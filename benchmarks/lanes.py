"""Compare a search in all lanes that `index build` makes by itself with one in n-grams alone, in one run.

    python benchmarks/lanes.py [REFERENCES QUERIES] [--texts 5000] [--queries 5000] [--rounds 7]

Without files (Parquet; `text` and `teacher`, and `text`), texts of 150 words are made up; every tenth query
is a copy with a word in ten left out. No words of the new texts stand together in the index, so that every
lane is asked of each: the worst case. Each index is built by the command, opened once, and searched on one
thread in turn, in an order that changes; the first round is not counted. Rates are by CPU time; the ratio is
the median over the rounds, with its range: at 0.9 all lanes search nine texts while n-grams search ten.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scale import TEACHERS, generated

from auditor.fingerprint.search.detect import detect
from auditor.fingerprint.search.reference_index import ReferenceIndex, open_index

WORDS, COPIED = 150, 10
ALL, ALONE = "all lanes", "n-grams alone"


def make_data(folder: Path, texts: int, queries: int) -> tuple[Path, Path]:
    """Write references and queries; return their paths."""
    references = [text for _, some in generated(texts, WORDS, 1) for text in some.to_pylist()]
    asked = [text for _, some in generated(queries, WORDS, 2) for text in some.to_pylist()]
    dice = np.random.default_rng(3)
    for row in range(0, queries, COPIED):
        words = references[int(dice.integers(texts))].split()
        asked[row] = " ".join(word for word in words if dice.random() > 0.1)
    teachers = [f"teacher-{number % TEACHERS}" for number in range(texts)]
    paths = folder / "references.parquet", folder / "queries.parquet"
    pq.write_table(pa.table({"text": references, "teacher": teachers}), paths[0])
    pq.write_table(pa.table({"text": asked}), paths[1])
    return paths


def build(references: Path, out: Path, *more: str) -> ReferenceIndex:
    """Build an index by the command and open it."""
    command = [sys.executable, "-m", "auditor", "index", "build", str(references), "--out", str(out), *more]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return open_index(out)


def compare(indexes: dict[str, ReferenceIndex], texts: pa.Array, rounds: int) -> None:
    """Search in turn and print the ratio."""
    spent: dict[str, list[float]] = {name: [] for name in indexes}
    copied: dict[str, int] = {}
    for round_ in range(rounds + 1):
        for name in list(indexes)[:: 1 if round_ % 2 else -1]:
            start = time.process_time()
            found = detect(indexes[name], texts, threads=1)
            if round_:
                spent[name].append(time.process_time() - start)
            copied[name] = found["verdict"].to_pylist().count("copied")
    for name, times in spent.items():
        lanes, rate = ",".join(indexes[name].lanes), len(texts) / statistics.median(times)
        print(f"  {name:14} {lanes:24} {rate:10,.0f} texts/s of CPU time  {copied[name]:,} copied")
    ratios = [alone / both for alone, both in zip(spent[ALONE], spent[ALL], strict=True)]
    print(
        f"  all lanes / n-grams alone: {statistics.median(ratios):.3f} [{min(ratios):.3f}-{max(ratios):.3f}]"
        " (0.9 or more is asked)"
    )


def main() -> None:
    """Build both, search in turn."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--texts", type=int, default=5000)
    parser.add_argument("--queries", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="auditor-benchmark-") as name:
        folder = Path(name)
        references, queries = options.files or make_data(folder, options.texts, options.queries)
        texts = pq.read_table(queries, columns=["text"])["text"].combine_chunks()
        step = max(1, len(texts) // options.queries)
        texts = texts.take(pa.array(range(0, len(texts), step)))
        indexes = {
            ALL: build(references, folder / "all.idx"),
            ALONE: build(references, folder / "alone.idx", "--lanes", "ngrams"),
        }
        print(f"{len(indexes[ALL]):,} reference texts, {len(texts):,} queries, {options.rounds} rounds")
        compare(indexes, texts, options.rounds)


if __name__ == "__main__":
    main()
