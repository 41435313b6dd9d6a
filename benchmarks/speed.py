"""Measure fingerprint speed against datasketch and rensa: paired rounds, one process, one core each.

    python benchmarks/speed.py TEXTS.parquet [--queries QUERIES.parquet] [--text-column text] [--rounds 5]

Every contender runs in turn in every round, so that a busy machine slows all alike; the printed ratio is the
median over rounds of (contender's CPU time per text / ours). All get word 5-grams and 128 permutations;
datasketch and rensa get them as they are used, split on white space in Python. daft and datatrove are
measured where they are installed (`pip install daft datatrove spacy`): daft over an Arrow table in memory,
datatrove with its own tokenizer.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from auditor.fingerprint.minhash import signature
from auditor.fingerprint.minhash.lane_builder import build_lane
from auditor.fingerprint.minhash.signature import MinHashSpec
from auditor.fingerprint.search.detect import calibrate_built_in, detect
from auditor.fingerprint.search.index_builder import IndexBuilder

SAMPLE = 500
Contender = tuple[str, Callable[[], Any], int]


def shingles(text: str) -> list[str]:
    """Return word 5-grams as Python strings: what the peers hash."""
    words = text.lower().split()
    return [" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))]


def paired(title: str, ours: Contender, others: list[Contender], rounds: int) -> None:
    """Print CPU time per text of each contender and its median ratio to ours."""
    spent: dict[str, list[float]] = {name: [] for name, _, _ in (ours, *others)}
    for round_ in range(rounds + 1):
        for name, run, count in (ours, *others):
            start = time.process_time()
            run()
            if round_:
                spent[name].append((time.process_time() - start) / count)
    print(f"\n{title}")
    for name, times in spent.items():
        ratios = [theirs / mine for theirs, mine in zip(times, spent[ours[0]], strict=True)]
        print(
            f"  {name:44s} {1 / statistics.median(times):12,.0f} per second"
            f"   {statistics.median(ratios):7.1f} [{min(ratios):.1f}-{max(ratios):.1f}]"
        )


def daft_peer(texts: list[str]) -> Contender:
    """Return daft's own normalization and MinHash.

    Raises:
        ImportError: daft is not installed.
    """
    import daft
    from daft.functions import minhash as daft_minhash
    from daft.functions import normalize

    words = normalize(daft.col("text"), lowercase=True, white_space=True)
    sketch = daft_minhash(words, num_hashes=128, ngram_size=5, hash_function="xxhash3_64")
    frame = daft.from_arrow(pa.table({"text": texts})).select(sketch.alias("sketch"))
    return "daft normalize and minhash", frame.to_arrow, len(texts)


def datatrove_peer(texts: list[str]) -> Contender:
    """Return datatrove's shingles and signatures (sha1: its default hash breaks with xxhash 4).

    Raises:
        ImportError: datatrove or spaCy is not installed.
    """
    import spacy  # noqa: F401  (datatrove's tokenizer for English)
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
    from datatrove.utils.hashing import HashConfig

    config = MinhashConfig(n_grams=5, num_buckets=16, hash_config=HashConfig(hash_fc="sha1"))
    signer = MinhashDedupSignature(tempfile.gettempdir(), config)

    def sign() -> None:
        for text in texts:
            shingles = signer.get_shingles(text)
            if len(shingles):
                signer.get_signature(shingles)

    return "datatrove MinhashDedupSignature", sign, len(texts)


def optional_peers(texts: list[str]) -> list[Contender]:
    """Return the peers that are installed; say which are not."""
    found = []
    for name, peer, sample in (("daft", daft_peer, texts), ("datatrove", datatrove_peer, texts[::20])):
        try:
            found.append(peer(sample))
        except ImportError as error:
            print(f"  {name} is left out: {error}")
    return found


def signatures(column: pa.Array, rounds: int) -> None:
    """Compare text to signature."""
    import xxhash
    from datasketch import MinHash
    from rensa import RMinHash

    sample = column.to_pylist()[:: max(1, len(column) // SAMPLE)]
    room = signature.signatures(column)

    def datasketch_best() -> None:
        sets = ([item.encode() for item in set(shingles(text))] for text in sample)
        for _ in MinHash.generator(sets, num_perm=128, hashfunc=xxhash.xxh32_intdigest):
            pass

    def datasketch_default() -> None:
        for text in sample:
            sketch = MinHash(num_perm=128)
            sketch.update_batch([item.encode() for item in set(shingles(text))])

    def rensa_best() -> None:
        for text in sample:
            sketch = RMinHash(128, 42)
            sketch.update(shingles(text))

    paired(
        "text to signature",
        ("auditor", lambda: signature.signatures(column, out=room), len(column)),
        [
            ("datasketch, generator and xxh32", datasketch_best, len(sample)),
            ("datasketch, default", datasketch_default, len(sample)),
            ("rensa RMinHash", rensa_best, len(sample)),
            *optional_peers(column.to_pylist()[:: max(1, len(column) // (4 * SAMPLE))]),
        ],
        rounds,
    )


def near_duplicates(column: pa.Array, queries: pa.Array, rounds: int) -> None:
    """Compare verified LSH queries, both sides on the same signatures, bands and rows."""
    from datasketch import MinHashLSH

    stored, asked = signature.signatures(column), signature.signatures(queries)
    spec = MinHashSpec()
    index, few = build_lane(stored.astype(np.uint8), spec), asked.astype(np.uint8)
    sketches = [signature.to_datasketch(row) for row in stored]
    peer = MinHashLSH(num_perm=128, params=(16, 5))
    for key, sketch in enumerate(sketches):
        peer.insert(str(key), sketch, check_duplication=False)
    sample = [signature.to_datasketch(row) for row in asked[:: max(1, len(asked) // 2000)]]

    def datasketch_query() -> None:
        for sketch in sample:
            for key in peer.query(sketch):
                sketch.jaccard(sketches[int(key)])

    paired(
        f"verified LSH query, {len(stored):,} entries, {index.nbytes / len(index.slots):.0f} bytes each",
        ("auditor", lambda: index.query(few, 0.5), len(asked)),
        [("datasketch MinHashLSH and jaccard", datasketch_query, len(sample))],
        rounds,
    )


def detection(table: pa.Table, queries: pa.Array, text_column: str, rounds: int) -> None:
    """Measure index build and full detection, one thread and two."""
    ids = [str(k) for k in range(len(table))]
    teachers = table["teacher"].to_pylist()

    def build() -> Any:
        builder = IndexBuilder()
        builder.add(table[text_column], teachers, ids)
        return builder.build()

    index = build()
    index = index.with_calibration(calibrate_built_in(index))
    print("\ndetection, all scores and alignment, wall clock")
    for name, run, count in (
        ("index build, calibration apart", build, len(table)),
        ("detect, one thread", lambda: detect(index, queries, threads=1), len(queries)),
        ("detect, two threads", lambda: detect(index, queries, threads=2), len(queries)),
    ):
        times = []
        for _ in range(rounds):
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
        print(f"  {name:44s} {count / statistics.median(times):12,.0f} per second")


def scan(column: pa.Array, rounds: int) -> None:
    """Compare a near-duplicate scan of a zstd Parquet file end to end: read, sign, query, list the pairs."""
    from rensa import RMinHash, RMinHashLSH

    spec = MinHashSpec()
    known = column.slice(0, len(column) // 2)
    index = build_lane(signature.signatures(known).astype(np.uint8), spec)
    small = column.to_pylist()[:: max(1, len(column) // (4 * SAMPLE))]
    peer = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=16)
    for key, text in enumerate(small[: len(small) // 2]):
        sketch = RMinHash(128, 42)
        sketch.update(shingles(text))
        peer.insert(key, sketch)
    with tempfile.TemporaryDirectory() as folder:
        whole, part = Path(folder) / "whole.parquet", Path(folder) / "part.parquet"
        pq.write_table(pa.table({"text": column}), whole, compression="zstd")
        pq.write_table(pa.table({"text": small}), part, compression="zstd")

        def ours() -> None:
            with pq.ParquetFile(whole) as file:
                for batch in file.iter_batches(16384, columns=["text"], use_threads=False):
                    index.query(signature.signatures(batch["text"]).astype(np.uint8), 0.5)

        def theirs() -> None:
            with pq.ParquetFile(part) as file:
                for batch in file.iter_batches(16384, columns=["text"], use_threads=False):
                    for text in batch["text"].to_pylist():
                        sketch = RMinHash(128, 42)
                        sketch.update(shingles(text))
                        peer.query(sketch)

        paired(
            "scan of a zstd Parquet file against an index of half of it",
            ("auditor", ours, len(column)),
            [("pyarrow and rensa", theirs, len(small))],
            rounds,
        )


def main() -> None:
    """Run every comparison."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--text-column", default="text")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    table = pq.read_table(options.texts)
    column = table[options.text_column].combine_chunks()
    queries = (
        pq.read_table(options.queries)[options.text_column].combine_chunks() if options.queries else column
    )
    signatures(column, options.rounds)
    near_duplicates(column, queries, options.rounds)
    scan(column, options.rounds)
    if "teacher" in table.column_names:
        detection(table, queries, options.text_column, min(3, options.rounds))


if __name__ == "__main__":
    main()
