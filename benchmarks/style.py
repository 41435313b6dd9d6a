"""Measure style attribution on held-out prompts: rows, whole sets, and people.

    python benchmarks/style.py INDEX.parquet QUERIES.parquet [--part rows|sets]

INDEX has text, teacher, family, prompt_id; of QUERIES the texts of kind neg_human are taken, which people
wrote. Rows: five teachers told apart, in five folds by prompt. Sets: 500 texts, a share of one family on
prompts that were not trained on and the rest human; trained on the other half of prompts and people.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from auditor.fingerprint.style import attribution
from auditor.fingerprint.style.mixture import mixture

FIVE = (
    "gpt-4o-2024-05-13",
    "claude-3-5-sonnet-20240620",
    "Meta-Llama-3.1-70B-Instruct-Turbo",
    "gemini-pro",
    "mistral-large-2402",
)
FAMILIES = ("openai", "claude", "llama3", "mistral", "google")
SHARES = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0)
SET, PER_LABEL, FOLDS, DRAWS = 500, 750, 5, 2
LONG = 150


def rows(table: pa.Table) -> None:
    """Print the accuracy over five teachers."""
    table = table.filter(pc.is_in(table["teacher"], pa.array(FIVE)))
    texts, labels = table["text"].to_pylist(), np.array(table["teacher"].to_pylist())
    prompts = np.array(table["prompt_id"].to_pylist())
    order = np.random.default_rng(0).permutation(np.unique(prompts))
    right, sure = np.zeros(len(texts), np.bool_), np.zeros(len(texts))
    for held in np.array_split(order, FOLDS):
        rest = np.isin(prompts, held)
        chosen = np.flatnonzero(~rest)
        model = attribution.train(
            [texts[k] for k in chosen], labels[chosen].tolist(), prompts[chosen].tolist()
        )
        found = model.probabilities([texts[k] for k in np.flatnonzero(rest)])
        right[rest] = np.array(model.classes)[found.argmax(axis=1)] == labels[rest]
        sure[rest] = found.max(axis=1)
    long = np.array([len(text.split()) >= LONG for text in texts])
    bins = np.clip((sure * 10).astype(int), 0, 9)
    gaps = [
        (bins == k).mean() * abs(right[bins == k].mean() - sure[bins == k].mean()) for k in np.unique(bins)
    ]
    print(f"five teachers, one text              {right.mean():8.2%} of {len(texts):,}")
    print(f"five teachers, {LONG} words or more     {right[long].mean():8.2%} of {int(long.sum()):,}")
    print(f"calibration error of the confidence  {sum(gaps):8.2%}")


def sets(table: pa.Table, people: list[str]) -> None:
    """Print the errors of mixtures, and how many people are named."""
    draw = np.random.default_rng(0)
    prompts, families = np.array(table["prompt_id"].to_pylist()), np.array(table["family"].to_pylist())
    texts = table["text"].to_pylist()
    known = draw.permutation(np.unique(prompts))
    seen = np.isin(prompts, known[: len(known) // 2])
    half = draw.permutation(len(people))
    human, strangers = ([people[k] for k in part] for part in np.array_split(half, 2))
    chosen = [
        row
        for family in np.unique(families)
        for row in draw.permutation(np.flatnonzero(seen & (families == family)))[:PER_LABEL]
    ]
    model = attribution.train(
        [texts[k] for k in chosen] + human,
        families[chosen].tolist() + [attribution.HUMAN] * len(human),
        [str(prompts[k]) for k in chosen] + [f"human {k}" for k in range(len(human))],
    )
    named = [found for found in model.attribute(strangers) if found.label]
    print(f"labels {', '.join(model.classes)}")
    print(f"people named as a family             {len(named) / len(strangers):8.2%} of {len(strangers):,}")
    of_people = model.probabilities(strangers)
    by_share: dict[float, list[tuple[float, float, bool]]] = {share: [] for share in SHARES}
    for family in FAMILIES:
        mine = model.probabilities([texts[k] for k in np.flatnonzero(~seen & (families == family))])
        for share in SHARES:
            for _ in range(DRAWS):
                count = round(SET * share)
                drawn = np.concatenate(
                    [draw.permutation(mine)[:count], draw.permutation(of_people)[: SET - count]]
                )
                found = {part.label: part for part in mixture(model, drawn)}
                one, whole = found[family], found["any model"]
                by_share[share].append(
                    (abs(one.share - share), abs(whole.share - share), one.low <= share <= one.high)
                )
    print("share      named family   any model   within the interval")
    for share, found_at in by_share.items():
        one, whole, within = np.mean(found_at, axis=0)
        print(f"{share:5.0%}  {100 * one:11.2f} points {100 * whole:7.2f} points {within:12.0%}")
    one, whole, within = np.mean([line for lines in by_share.values() for line in lines], axis=0)
    print(f"mean   {100 * one:11.2f} points {100 * whole:7.2f} points {within:12.0%}")


def main() -> None:
    """Run both parts, or one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--part", choices=("rows", "sets"))
    options = parser.parse_args()
    table, queries = pq.read_table(options.index), pq.read_table(options.queries)
    table = table.filter(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(table["text"])), 0))
    if options.part != "sets":
        rows(table)
    if options.part != "rows":
        people = queries.filter(pc.equal(queries["kind"], "neg_human"))["text"].to_pylist()
        sets(table, people)


if __name__ == "__main__":
    main()
