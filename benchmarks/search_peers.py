"""Tools that search rows in reference texts, ours among them: each works in a process of its own.

    python benchmarks/search_peers.py NAME FOLDER

FOLDER has `references.parquet` and `rows.parquet`, of `id` and `text`; NAME writes `found-NAME.parquet`
there, of `row` and `reference` (-1 where the tool does not say which), and prints what it took.
`benchmarks/search.py` runs them. A peer gets words in lower case that white space parts, runs of five of
them, 128 permutations and the fastest way its documentation shows; loading its library is not counted.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

SHARED, BANDS, ROWS, SLOTS, READ = 0.5, 25, 5, 128, 10_000
"""Least similarity; bands and their rows, as datasketch chooses them for it; permutations; rows at a time."""
NO_FILE = 2**32 - 1
"""What datatrove writes for a text of its index."""
Pairs = list[tuple[int, int]]
Search = Callable[[], Pairs]


def texts(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the texts of a file with the number of the first."""
    first = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(READ, columns=["text"]):
            yield first, batch["text"].to_pylist()
            first += len(batch)


def shingles(text: str) -> list[str]:
    """Return runs of five words."""
    words = text.lower().split()
    return [" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))]


def ours(folder: Path, lanes: str) -> Search:
    """Index and search by the program's own commands, with start-up."""
    index, out = folder / f"{lanes}.idx", folder / f"{lanes}.parquet"
    run(
        "index", "build", folder / "references.parquet", "--out", index, "--lanes", lanes, "--id-column", "id"
    )

    def search() -> Pairs:
        run("detect", folder / "rows.parquet", "--index", index, "--out", out, "--id-column", "id")
        found = pq.read_table(out, columns=["sample_id", "verdict", "reference_id"]).to_pylist()
        return [
            (int(row["sample_id"]), int(row["reference_id"])) for row in found if row["verdict"] == "copied"
        ]

    return search


def run(*words: str | Path) -> None:
    """Run the program.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    command = [sys.executable, "-m", "auditor", *map(str, words)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def datasketch(folder: Path) -> Search:
    """Sign by its generator, search in MinHashLSH, verify by Jaccard."""
    import xxhash
    from datasketch import MinHash, MinHashLSH

    def sketches(path: Path) -> Iterator[tuple[int, Any]]:
        for first, some in texts(path):
            sets = ([item.encode() for item in set(shingles(text))] for text in some)
            made = MinHash.generator(sets, num_perm=SLOTS, hashfunc=xxhash.xxh32_intdigest)
            yield from enumerate(made, first)

    index, kept = MinHashLSH(num_perm=SLOTS, params=(BANDS, ROWS)), {}
    for number, sketch in sketches(folder / "references.parquet"):
        index.insert(number, sketch, check_duplication=False)
        kept[number] = sketch

    def search() -> Pairs:
        found = []
        for row, sketch in sketches(folder / "rows.parquet"):
            near = [(sketch.jaccard(kept[number]), -number) for number in index.query(sketch)]
            if near and max(near)[0] >= SHARED:
                found.append((row, -max(near)[1]))
        return found

    return search


def rensa(folder: Path) -> Search:
    """Sign and search in bulk (its bands must part 128 evenly: 32 of 4), verify by Jaccard."""
    from rensa import RMinHash, RMinHashLSH

    index, kept = RMinHashLSH(threshold=SHARED, num_perm=SLOTS, num_bands=32), []
    for first, some in texts(folder / "references.parquet"):
        made = RMinHash.from_token_sets([shingles(text) for text in some], SLOTS, 42)
        index.insert_many(made, first)
        kept.extend(made)

    def search() -> Pairs:
        found = []
        for first, some in texts(folder / "rows.parquet"):
            asked = RMinHash.from_token_sets([shingles(text) for text in some], SLOTS, 42)
            for row, (sketch, numbers) in enumerate(zip(asked, index.query_all(asked), strict=True), first):
                near = [(sketch.jaccard(kept[number]), -number) for number in numbers]
                if near and max(near)[0] >= SHARED:
                    found.append((row, -max(near)[1]))
        return found

    return search


def daft(folder: Path) -> Search:
    """Sign with daft's MinHash, join on bands; no verification."""
    import daft
    import daft.functions as functions

    def bands(path: Path, name: str) -> Any:
        words = functions.normalize(daft.col("text"), lowercase=True, white_space=True)
        slots = functions.minhash(words, num_hashes=SLOTS, ngram_size=5, hash_function="xxhash3_64")
        frame = daft.read_parquet(str(path)).select(daft.col("id").alias(name), slots.alias("slots"))
        parts = functions.chunk(daft.col("slots"), ROWS).alias("part")
        cut = frame.select(name, parts, daft.lit(list(range(BANDS))).alias("band")).explode("part", "band")
        return cut.select(name, "band", functions.hash(daft.col("part")).alias("part"))

    index = bands(folder / "references.parquet", "reference").collect()

    def search() -> Pairs:
        joined = bands(folder / "rows.parquet", "row").join(index, on=["band", "part"])
        best = joined.groupby("row").agg(daft.col("reference").cast(daft.DataType.int64()).min())
        found = best.to_pydict()
        return [(int(row), int(number)) for row, number in zip(found["row"], found["reference"], strict=True)]

    return search


def datatrove(folder: Path) -> Search:
    """Sign the references and store their buckets; sign the rows and merge the buckets; no verification."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets, MinhashDedupSignature
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.utils.hashing import HashConfig

    config = MinhashConfig(n_grams=5, num_buckets=BANDS, hashes_per_bucket=ROWS, hash_config=HashConfig())
    place = folder / "datatrove"

    def sign(data: str) -> None:
        reader = ParquetReader(str(folder), glob_pattern=f"{data}.parquet")
        work(data, 1, reader, MinhashDedupSignature(f"{place}/{data}", config))

    def work(name: str, tasks: int, *steps: Any) -> None:
        logs = f"{place}/logs-{name}"
        LocalPipelineExecutor(list(steps), tasks=tasks, workers=1, logging_dir=logs).run()

    def buckets(data: str, **more: Any) -> None:
        step = MinhashDedupBuckets(
            f"{place}/{data}", f"{place}/{data}-pairs", f"{place}/index", config, **more
        )
        work(f"{data}-buckets", BANDS, step)

    sign("references")
    buckets("references", create_index_name="references")

    def search() -> Pairs:
        sign("rows")
        buckets("rows", only_dedup_in_index=False)
        found: set[int] = set()
        for path in (place / "rows-pairs").glob("*.dups"):
            same: set[int] = set()
            for file, before, _, row in struct.iter_unpack("<4I", path.read_bytes()):
                if file == NO_FILE or before in same:  # equal rows are paired with one another
                    same.add(row)
            found |= same
        return [(row, -1) for row in sorted(found)]

    return search


CONTENDERS: dict[str, Callable[[Path], Search]] = {
    "auditor": lambda folder: ours(folder, "ngrams,minhash"),
    "auditor-minhash": lambda folder: ours(folder, "minhash"),
    "datasketch": datasketch,
    "rensa": rensa,
    "daft": daft,
    "datatrove": datatrove,
}
LOADED = {
    "datasketch": ("xxhash", "datasketch"),
    "rensa": ("rensa",),
    "daft": ("daft",),
    "datatrove": ("datatrove.executor", "datatrove.pipeline.dedup.minhash", "spacy"),
}


def spent() -> float:
    """Return the CPU seconds of this process and of those it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main(name: str, folder: Path) -> None:
    """Index, search, write what was found, print what each took."""
    for module in LOADED.get(name, ()):
        __import__(module)
    took: dict[str, float] = {}

    def timed(kind: str, work: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), spent()
        done = work()
        took[f"{kind} wall"], took[f"{kind} cpu"] = time.perf_counter() - wall, spent() - cpu
        return done

    search = timed("index", lambda: CONTENDERS[name](folder))
    found = timed("search", search)
    columns = {"row": [row for row, _ in found], "reference": [number for _, number in found]}
    schema = pa.schema([("row", pa.int64()), ("reference", pa.int64())])
    pq.write_table(pa.table(columns, schema), folder / f"found-{name}.parquet")
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    sys.stdout.flush()
    print(json.dumps(took | {"peak": peak * 1024}))


if __name__ == "__main__":
    os.environ.setdefault("DAFT_PROGRESS_BAR", "0")
    main(sys.argv[1], Path(sys.argv[2]))
