"""Score detection on edited texts of an index: recall and verdicts per kind of edit, and the search's cost.

    python benchmarks/robust.py INDEX.parquet EDITED.parquet [--prompts P.parquet] [--plain QUERIES.parquet]
        [--lanes ngrams,minhash,code]

INDEX has text and teacher (and family); EDITED has text, label, transform, and also (other right teachers).
With --plain the time of a search is taken with and without the second look at texts that may be disguised.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.fingerprint.code.lane_builder import CodeBuilder
from auditor.fingerprint.search import detect as searching
from auditor.fingerprint.search.detect import detect
from auditor.fingerprint.search.index_builder import IndexBuilder
from auditor.fingerprint.search.lanes import Lane, read_lanes
from auditor.fingerprint.search.minhash_builder import MinhashBuilder
from auditor.fingerprint.search.reference_index import ReferenceIndex
from auditor.fingerprint.search.thresholds import calibrated, with_minhash

RUNS = 5


def build(table: pa.Table, prompts: pa.Table | None, lanes: tuple[Lane, ...]) -> ReferenceIndex:
    """Build and calibrate an index."""
    code = CodeBuilder() if Lane.CODE in lanes else None
    builder = IndexBuilder(code=code) if Lane.NGRAMS in lanes else MinhashBuilder()
    families = table["family"].to_pylist() if "family" in table.column_names else None
    builder.add(table["text"], table["teacher"].to_pylist(), [str(k) for k in range(len(table))], families)
    if prompts is not None:
        builder.add_prompts(prompts["prompt"])
    index = builder.build()
    both = Lane.MINHASH in lanes and Lane.NGRAMS in lanes
    return calibrated(with_minhash(index) if both else index)


def show(edited: pa.Table, matches: pa.Table) -> None:
    """Print a line for each kind of edit."""
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    undone: dict[str, Counter[str]] = defaultdict(Counter)
    right: dict[str, list[bool]] = defaultdict(list)
    for query, match in zip(edited.to_pylist(), matches.to_pylist(), strict=True):
        kind = query["transform"]
        verdicts[kind][match["verdict"]] += 1
        if match["verdict"] == "copied":
            right[kind].append(match["teacher"] in {query["label"], *(query.get("also") or [])})
            undone[kind][" + ".join(match["undone"]) or "-"] += 1
    for kind, counted in verdicts.items():
        recall = 100 * counted["copied"] / counted.total()
        teacher = 100 * statistics.fmean(right[kind]) if right[kind] else 0.0
        others = ", ".join(f"{name} {n}" for name, n in counted.items() if name != "copied")
        by = undone[kind].most_common(1)[0][0] if undone[kind] else "-"
        print(f"{kind:28} recall {recall:5.1f}  teacher {teacher:5.1f}  undone {by:32} {others}")


def cost(index: ReferenceIndex, texts: pa.ChunkedArray) -> None:
    """Print the CPU time of a search with the second look as a ratio to the one without it."""

    def once() -> float:
        start = time.process_time()
        detect(index, texts, threads=1)
        return time.process_time() - start

    changed: Any = searching
    again = changed.search_again
    ratios = []
    once()
    for _ in range(RUNS):
        with_it = once()
        changed.search_again = lambda table, *_: table
        ratios.append(once() / with_it)
        changed.search_again = again
    print(f"speed with the second look, of that without it: {statistics.median(ratios):.3f}")


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("edited", type=Path)
    parser.add_argument("--prompts", type=Path)
    parser.add_argument("--plain", type=Path)
    parser.add_argument("--lanes", type=read_lanes, default=tuple(Lane))
    given = parser.parse_args()
    prompts = pq.read_table(given.prompts) if given.prompts else None
    index = build(pq.read_table(given.index), prompts, given.lanes)
    edited = pq.read_table(given.edited)
    show(edited, detect(index, edited["text"]))
    if given.plain:
        cost(index, pq.read_table(given.plain)["text"])


if __name__ == "__main__":
    main()
