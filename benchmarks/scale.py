"""Build and query an index as it grows: time, memory, disk, recall, false positives.

    python benchmarks/scale.py FOLDER [--lanes minhash] [--texts 10000 100000] [--words 60] [--queries 20000]
        [--record docs/scale.jsonl]
    python benchmarks/scale.py --plot docs/scale.jsonl docs/scale.svg

Texts are made up: ten answers to each prompt, of 40 teachers; words after a steep law out of 50,000, a half
of them of the prompt's own forty words, and a quarter of the text its six phrases of four words. Each size
works in a process of its own. A quarter each of the queries are texts of the index in capitals and with other
white space, texts of the index with a word in ten left out, new answers to the same prompts, new answers to
other prompts. Of memory, "own" is the most that the process took for itself while it built or searched; pages
that are mapped the system takes back at will. Time is CPU time.

--record keeps a line for each lane and size in a file; --plot draws such a file and prints it as a table.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

VOCABULARY, TEACHERS, BATCH = 50_000, 40, 20_000
ANSWERS, TOPIC, PHRASES, PHRASE = 10, 40, 6, 4
"""Answers to a prompt, words of its own, phrases of its own, words in one of those."""
OTHER = 10**9
"""Prompts from this number on are in no index."""


def vocabulary() -> pa.Array:
    """Return made-up words, the commonest first."""
    parts = [first + second for first in "bdfglmnprst" for second in "aeiou"]
    return pa.array([a + b + c for a in parts for b in parts for c in parts][:VOCABULARY])


def generated(count: int, words: int, seed: int) -> Iterator[tuple[int, pa.Array]]:
    """Yield texts of no prompt in batches, with the number of the first."""
    names = vocabulary()
    for start in range(0, count, BATCH):
        dice = np.random.default_rng((seed, start))
        size = min(BATCH, count - start)
        ranks = np.minimum(VOCABULARY ** dice.random(size * words, np.float32), VOCABULARY - 1)
        bounds = pa.array(np.arange(0, size * words + 1, words, dtype=np.int32))
        chosen = names.take(pa.array(ranks.astype(np.int32)))
        yield start, pc.binary_join(pa.ListArray.from_arrays(bounds, chosen), " ")


def answers(count: int, words: int, seed: int, prompt: int = 0) -> Iterator[tuple[int, pa.Array]]:
    """Yield made-up answers in batches, with the number of the first; ten to each prompt from a number on."""
    names = vocabulary()
    blocks = -(-words // PHRASE)
    size = BATCH // 4
    for start in range(0, count, size):
        dice = np.random.default_rng((seed, start))
        asked = prompt + (start + np.arange(size)[:, None]) // ANSWERS
        ranks = np.minimum(VOCABULARY ** dice.random((size, blocks * PHRASE)), VOCABULARY - 1).astype(
            np.int64
        )
        topic = scattered(asked, dice.integers(0, TOPIC, ranks.shape))
        ranks = np.where(dice.random(ranks.shape) < 1 / 2, topic, ranks)
        which = np.repeat(dice.integers(0, PHRASES, (size, blocks)), PHRASE, axis=1)
        phrase = scattered(asked, TOPIC + which * PHRASE + np.arange(blocks * PHRASE) % PHRASE)
        said = np.repeat(dice.random((size, blocks)) < 1 / 4, PHRASE, axis=1)
        chosen = names.take(pa.array(np.where(said, phrase, ranks)[:, :words].astype(np.int32).ravel()))
        bounds = pa.array(np.arange(0, size * words + 1, words, dtype=np.int32))
        yield start, pc.binary_join(pa.ListArray.from_arrays(bounds, chosen), " ").slice(0, count - start)


def scattered(prompt: NDArray[np.int64], word: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rank of a word of a prompt, as if drawn."""
    mixed = (prompt * 1_000_003 + word).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return ((mixed >> np.uint64(33)) % np.uint64(VOCABULARY)).astype(np.int64)


def questions(count: int, words: int, queries: int) -> dict[str, pa.Array]:
    """Return the queries of each kind."""
    some = min(count, queries // 4)
    half = pa.concat_arrays([texts for _, texts in answers(some, words, 1)])
    dice = np.random.default_rng(3)
    kept = [[word for word in text.split(" ") if dice.random() > 0.1] for text in half.to_pylist()]
    return {
        "whole": pc.replace_substring(pc.utf8_upper(half), " ", " \t "),
        "edited": pa.array([" ".join(words) for words in kept]),
        "same": pa.concat_arrays([texts for _, texts in answers(some, words, 2)]),
        "other": pa.concat_arrays([texts for _, texts in answers(queries // 4, words, 2, OTHER)]),
    }


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


def build(folder: Path, path: Path, count: int, words: int, lanes: str) -> None:
    """Build an index of one size and save it."""
    from auditor.fingerprint.search.index_builder import IndexBuilder
    from auditor.fingerprint.search.lanes import Lane, read_lanes
    from auditor.fingerprint.search.minhash_builder import MinhashBuilder
    from auditor.fingerprint.search.thresholds import calibrated, with_minhash

    chosen = read_lanes(lanes)
    builder = IndexBuilder() if Lane.NGRAMS in chosen else MinhashBuilder(folder=folder)
    for first, texts in answers(count, words, 1):
        labels = [f"teacher-{(first + k) % TEACHERS}" for k in range(len(texts))]
        builder.add(texts, labels, [f"made.parquet#{first + k}" for k in range(len(texts))])
    index = builder.build()
    del builder
    both = Lane.NGRAMS in chosen and Lane.MINHASH in chosen
    calibrated(with_minhash(index) if both else index).save(path)


def one(folder: Path, count: int, words: int, queries: int, lanes: str) -> dict[str, Any]:
    """Build, open and query one size; return the figures."""
    from auditor.fingerprint.search.detect import detect
    from auditor.fingerprint.search.reference_index import open_index

    path, watch = folder / f"{lanes}-{count}.idx", Watch()
    watch.start()
    start = time.process_time()
    build(folder, path, count, words, lanes)
    built, own = time.process_time() - start, watch.most
    index = open_index(path)
    asked = questions(count, words, queries)
    shares, watch.most, start = {}, 0.0, time.process_time()
    for kind, texts in asked.items():
        found = detect(index, texts)
        copied = np.asarray(found["verdict"]) == "copied"
        if kind in ("whole", "edited"):
            copied &= np.asarray(found["reference_id"]) == [f"made.parquet#{k}" for k in range(len(texts))]
        shares[kind] = float(copied.mean())
    spent = time.process_time() - start
    figures = {
        "lanes": lanes, "texts": count, "words": words, "build_s": round(built, 2),
        "bytes_a_text": round(path.stat().st_size / count, 1), "build_own_mb": round(own),
        "search_own_mb": round(watch.most), "mapped_mb": round(memory()[1]),
        "queries_a_s": round(sum(map(len, asked.values())) / spent),
        "recall_whole": shares["whole"], "recall_edited": shares["edited"],
        "false_same_prompts": shares["same"], "false_other_prompts": shares["other"],
    }  # fmt: skip
    path.unlink()
    return figures


def record(path: Path, figures: dict[str, Any]) -> None:
    """Keep the figures of a lane and size in a file, instead of those it has."""
    lines = path.read_text().splitlines() if path.exists() else []
    key = figures["lanes"], figures["texts"]
    others = [old for old in map(json.loads, lines) if (old["lanes"], old["texts"]) != key]
    kept = sorted([*others, figures], key=lambda one: (one["lanes"], one["texts"]))
    path.write_text("".join(json.dumps(one) + "\n" for one in kept))


def main() -> None:
    """Run each size in a process of its own, or plot."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--texts", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--lanes", default="minhash")
    parser.add_argument("--words", type=int, default=60)
    parser.add_argument("--queries", type=int, default=20_000)
    parser.add_argument("--record", type=Path)
    parser.add_argument("--plot", type=Path, nargs=2, metavar=("RECORD", "SVG"))
    given = parser.parse_args()
    if given.plot:
        from scale_plot import svg, table

        figures = [json.loads(line) for line in given.plot[0].read_text().splitlines()]
        given.plot[1].write_text(svg(figures))
        print(table(figures))
        return
    if given.folder is None:
        parser.error("name a folder for the indexes")
    if len(given.texts) == 1:
        figures = one(given.folder, given.texts[0], given.words, given.queries, given.lanes)
        print(json.dumps(figures), flush=True)
        if given.record:
            record(given.record, figures)
        return
    for count in given.texts:
        rest = ["--lanes", given.lanes, "--words", str(given.words), "--queries", str(given.queries)]
        rest += ["--record", str(given.record)] if given.record else []
        command = [sys.executable, __file__, str(given.folder), "--texts", str(count), *rest]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
