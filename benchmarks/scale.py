"""Build and query an index of the MinHash lane as it grows: time, memory, disk, recall, false positives.

    python benchmarks/scale.py FOLDER [--texts 10000 100000 1000000] [--words 60] [--queries 20000]

Texts are generated: words after a steep law out of 50,000, of 40 teachers, each size in a process of its own.
Of the queries a half are texts of the index, in capitals and with other white space; the others are new. Of
memory, "own" is the most that the process took for itself; mapped pages the system takes back at will.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

VOCABULARY, TEACHERS, BATCH, SAMPLE = 50_000, 40, 20_000, 0.001


def generated(count: int, words: int, seed: int) -> Iterator[tuple[int, pa.Array]]:
    """Yield texts in batches, with the number of the first."""
    parts = [first + second for first in "bdfglmnprst" for second in "aeiou"]
    names = pa.array([a + b + c for a in parts for b in parts for c in parts][:VOCABULARY])
    for start in range(0, count, BATCH):
        dice = np.random.default_rng((seed, start))
        size = min(BATCH, count - start)
        ranks = np.minimum(VOCABULARY ** dice.random(size * words, np.float32), VOCABULARY - 1)
        bounds = pa.array(np.arange(0, size * words + 1, words, dtype=np.int32))
        chosen = names.take(pa.array(ranks.astype(np.int32)))
        yield start, pc.binary_join(pa.ListArray.from_arrays(bounds, chosen), " ")


def memory() -> tuple[float, float]:
    """Return megabytes of this process that are its own, and those of mapped files."""
    facts = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(facts["RssAnon"].split()[0]) / 1024, int(facts["RssFile"].split()[0]) / 1024


class Watch(threading.Thread):
    """Look at the process's own memory as long as it runs."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0.0

    def run(self) -> None:
        """Look twenty times a second."""
        while True:
            self.most = max(self.most, memory()[0])
            time.sleep(0.05)


def one(folder: Path, count: int, words: int, queries: int) -> None:
    """Build, open and query one size; print a line."""
    from auditor.fingerprint.search.detect import detect
    from auditor.fingerprint.search.minhash_builder import MinhashBuilder
    from auditor.fingerprint.search.reference_index import open_index
    from auditor.fingerprint.search.thresholds import calibrated

    path, watch = folder / f"{count}.idx", Watch()
    watch.start()
    builder = MinhashBuilder(folder=folder)
    start = time.process_time()
    for first, texts in generated(count, words, 1):
        labels = [f"teacher-{(first + k) % TEACHERS}" for k in range(len(texts))]
        ids = [f"made.parquet#{first + k}" for k in range(len(texts))]
        builder.add(texts, labels, ids)
    calibrated(builder.build()).save(path)
    built = time.process_time() - start
    del builder
    begun = time.process_time()
    index = open_index(path)
    opened = time.process_time() - begun
    half = [texts for first, texts in generated(min(count, queries // 2), words, 1)]
    copies = pc.replace_substring(pc.utf8_upper(pa.concat_arrays(half)), " ", " \t ")
    fresh = pa.concat_arrays([texts for _, texts in generated(queries // 2, words, 2)])
    begun, wall = time.process_time(), time.perf_counter()
    found = detect(index, copies)
    strange = detect(index, fresh)
    asked, waited = time.process_time() - begun, time.perf_counter() - wall
    hit = np.asarray(found["verdict"]) == "copied"
    right = hit & (np.asarray(found["reference_id"]) == [f"made.parquet#{k}" for k in range(len(copies))])
    wrong = np.mean(np.asarray(strange["verdict"]) == "copied")
    mapped = memory()[1]
    total = len(copies) + len(fresh)
    print(
        f"{count:>11,} texts  build {built:7.1f} s cpu  {path.stat().st_size / count:5.0f} bytes a text  "
        f"open {1000 * opened:6.0f} ms  query {total / asked:8,.0f}/s cpu {total / waited:8,.0f}/s  "
        f"recall {right.mean():7.2%}  false {wrong:7.3%}  "
        f"memory {watch.most:6.0f} MB own, {mapped:6.0f} mapped",
        flush=True,
    )
    path.unlink()


def main() -> None:
    """Run each size in a process of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--texts", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--words", type=int, default=60)
    parser.add_argument("--queries", type=int, default=20_000)
    given = parser.parse_args()
    if len(given.texts) == 1:
        one(given.folder, given.texts[0], given.words, given.queries)
        return
    for count in given.texts:
        rest = ["--words", str(given.words), "--queries", str(given.queries)]
        subprocess.run(
            [sys.executable, __file__, str(given.folder), "--texts", str(count), *rest], check=True
        )


if __name__ == "__main__":
    main()
