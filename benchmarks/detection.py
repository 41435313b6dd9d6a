"""Score detection on labeled queries: recall per edit, teacher accuracy, false positives per kind.

    python benchmarks/detection.py INDEX.parquet QUERIES.parquet [--prompts PROMPTS.parquet] [--folds 2]
        [--lanes ngrams,minhash,code] [--code]

INDEX has text, teacher, prompt_id (and family); QUERIES has text, label, kind (pos, neg_…, wild), transform,
source_prompt_id, params (JSON: also, second), text_identical. Nothing is learned from the queries: the rule
is fixed and its thresholds are set on the index alone. With --folds the prompts are split, and each part of
the queries is searched in an index built and calibrated on its own part of the prompts: how the rule does on
other prompts and smaller indexes. With --code the queries are blocks of code instead: those of the index,
edited, and those of the queries that are no copies, as they are.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from code_edits import code_queries

from auditor.fingerprint.code.lane_builder import CodeBuilder
from auditor.fingerprint.search.detect import detect
from auditor.fingerprint.search.index_builder import IndexBuilder
from auditor.fingerprint.search.lanes import Lane, read_lanes
from auditor.fingerprint.search.minhash_builder import MinhashBuilder
from auditor.fingerprint.search.reference_index import ReferenceIndex
from auditor.fingerprint.search.thresholds import calibrated, with_minhash

HARD = ("neg_hard", "neg_teacher", "neg_human")


def build(table: pa.Table, prompts: pa.Table | None, scale: int, lanes: tuple[Lane, ...]) -> ReferenceIndex:
    """Build and calibrate an index."""
    code = CodeBuilder() if Lane.CODE in lanes else None
    builder = IndexBuilder(code=code) if Lane.NGRAMS in lanes else MinhashBuilder()
    families = table["family"].to_pylist() if "family" in table.column_names else None
    builder.add(table["text"], table["teacher"].to_pylist(), [str(k) for k in range(len(table))], families)
    if prompts is not None:
        builder.add_prompts(prompts["prompt"])
    if not isinstance(builder, IndexBuilder):
        return calibrated(builder.build())
    index = builder.build(scale)
    return calibrated(with_minhash(index) if Lane.MINHASH in lanes else index)


def score(queries: list[dict[str, Any]], matches: list[dict[str, Any]]) -> dict[str, float]:
    """Return every figure in percent."""
    hits: dict[str, list[bool]] = defaultdict(list)
    right: list[bool] = []
    for query, match in zip(queries, matches, strict=True):
        hit = match["verdict"] == "copied"
        if query["kind"] == "pos":
            hits["recall " + query["transform"]].append(hit)
            if hit:
                facts = json.loads(query["params"] or "{}")
                right.append(
                    match["teacher"] in {query["label"], facts.get("second"), *(facts.get("also") or [])}
                )
        elif query["kind"] != "wild":
            kind = "identical" if query["text_identical"] else query["kind"]
            hits["flagged " + kind].append(hit)
            if kind in HARD:
                hits["flagged all"].append(hit)
    figures = {name: 100 * float(np.mean(values)) for name, values in sorted(hits.items())}
    recalls = [value for name, value in figures.items() if name.startswith("recall ")]
    return {"mean recall": float(np.mean(recalls)), "teacher": 100 * float(np.mean(right)), **figures}


def of_prompts(table: pa.Table, column: str, chosen: set[int], all_prompts: set[int]) -> pa.Table:
    """Keep the rows of chosen prompts, and those of no indexed prompt."""
    keep = [
        value is None or value != value or int(value) in chosen or int(value) not in all_prompts
        for value in table[column].to_pylist()
    ]
    return table.filter(pa.array(keep))


def main() -> None:
    """Run whole, or in parts by prompt."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--prompts", type=Path)
    parser.add_argument("--folds", type=int, default=1)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--lanes", type=read_lanes, default=tuple(Lane))
    parser.add_argument("--code", action="store_true")
    options = parser.parse_args()
    table, queries = pq.read_table(options.index), pq.read_table(options.queries)
    prompts = pq.read_table(options.prompts) if options.prompts else None
    queries = code_queries(table, queries) if options.code else queries
    known = sorted({int(value) for value in table["prompt_id"].to_pylist()})
    order = np.random.default_rng(0).permutation(known)
    asked: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    for part in np.array_split(order, options.folds):
        chosen = {int(value) for value in part}
        index = build(
            of_prompts(table, "prompt_id", chosen, set(known)), prompts, options.scale, options.lanes
        )
        mine = of_prompts(queries, "source_prompt_id", chosen, set(known))
        asked += mine.drop_columns("text").to_pylist()
        found += detect(index, mine["text"]).to_pylist()
    for name, value in score(asked, found).items():
        print(f"{name:40s} {value:8.3f}")


if __name__ == "__main__":
    main()
