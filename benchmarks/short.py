"""Score what is said of short texts: parts of others' answers, excerpts; few teachers, a growing index.

    python benchmarks/short.py INDEX.parquet QUERIES.parquet [--prompts P.parquet] [--folds 2]
        [--lanes ngrams,minhash] [--teachers 1] [--growth]

INDEX has text, teacher, prompt_id, family; QUERIES has text, kind, source_prompt_id, text_identical: those
of kind neg_hard answer the same prompts by other models, neg_human is text to hide excerpts in. Of every part
it prints the share `copied` at 0.1, 0.5 and 1 % with its 95 % interval (Wilson), and what is `insufficient`.
With --teachers the index holds so many at a time; with --growth it grows from a tenth to the whole of its
teachers' answers to the same prompts, at the thresholds of the first.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from detection import build, of_prompts

from auditor.fingerprint.search.detect import detect
from auditor.fingerprint.search.lanes import Lane, read_lanes
from auditor.fingerprint.search.reference_index import ReferenceIndex

RATES = (0.001, 0.005, 0.01)
EXCERPTS = ((15, 25, 0), (30, 50, 0), (15, 25, 500), (30, 50, 500), (60, 90, 500))
EACH = 500
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_LINE = re.compile(r"(?m)^[ \t]*(?:[-*+•]|\d+[.)])[ \t]+(.*)$")
_CODE = re.compile(r"```[^\n]*\n(.*?)```", re.S)


def parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of an answer with their kinds."""
    yield "whole", text
    words = text.split()
    for count in (15, 20, 25, 30, 40, 60):
        if len(words) > count:
            yield f"first {count} words", " ".join(words[:count])
    sentences = [part for part in _SENTENCE.split(text) if part.strip()]
    if len(sentences) > 1:
        yield "first sentence", sentences[0]
        yield "last sentence", sentences[-1]
    paragraphs = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    if len(paragraphs) > 1:
        yield "first paragraph", paragraphs[0]
        yield "last paragraph", paragraphs[-1]
    yield from (("list line", line) for line in _LINE.findall(text)[::3])
    yield from (("code block", block) for block in _CODE.findall(text)[:2])


def interval(hits: int, count: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share."""
    share, z = hits / count, 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * ((share * (1 - share) / count + z * z / (4 * count * count)) ** 0.5)
    return max(0.0, middle - half), middle + half


def outside(queries: pa.Table) -> list[str]:
    """Return the answers of other models, those left out that are an indexed text."""
    same = pc.fill_null(queries["text_identical"], False)
    chosen = queries.filter(pc.and_(pc.equal(queries["kind"], "neg_hard"), pc.invert(same)))
    texts: list[str] = chosen["text"].to_pylist()
    return texts


def false_positives(tallies: list[tuple[ReferenceIndex, list[str]]]) -> None:
    """Print a line for each kind of part, over some indexes and the answers searched in each."""
    copied: dict[str, Counter[float]] = defaultdict(Counter)
    counts: Counter[str] = Counter()
    undecided: Counter[str] = Counter()
    for index, answers in tallies:
        kinds, texts = zip(*(part for text in answers for part in parts(text)), strict=True)
        column = pa.array(texts, pa.large_string())
        counts.update(kinds)
        for rate in RATES:
            verdicts = detect(index, column, rate)["verdict"].to_pylist()
            for kind, verdict in zip(kinds, verdicts, strict=True):
                copied[kind][rate] += verdict == "copied"
                undecided[kind] += rate == RATES[0] and verdict == "insufficient"
    for kind, count in counts.items():
        cells = []
        for rate in RATES:
            low, high = interval(copied[kind][rate], count)
            cells.append(f"{copied[kind][rate] / count:6.2%} ({low:5.2%} to {high:5.2%})")
        print(f"{kind:16} {count:7,}  copied {'  '.join(cells)}  insufficient {undecided[kind] / count:6.1%}")


def excerpts(index: ReferenceIndex, references: list[str], human: list[str]) -> None:
    """Print what is said of excerpts, alone and inside human text."""
    dice = random.Random(1)
    for least, most, around in EXCERPTS:
        rows = []
        while len(rows) < EACH:
            words, size = dice.choice(references).split(), dice.randint(least, most)
            if len(words) > size:
                at = dice.randrange(len(words) - size)
                filler = " ".join(dice.sample(human, 12)).split()[:around]
                middle = dice.randrange(around // 4, 3 * around // 4) if around else 0
                rows.append(" ".join([*filler[:middle], *words[at : at + size], *filler[middle:]]))
        said = Counter(detect(index, pa.array(rows, pa.large_string()))["verdict"].to_pylist())
        told = ", ".join(f"{verdict} {count / EACH:.1%}" for verdict, count in said.most_common())
        print(f"{least} to {most} words {f'in {around}' if around else 'alone':8} {told}")


def growth(table: pa.Table, prompts: pa.Table | None, answers: list[str], lanes: tuple[Lane, ...]) -> None:
    """Print false positives at fixed thresholds as the index takes in more texts of the same prompts."""
    order = np.random.default_rng(0).permutation(len(table))
    first: ReferenceIndex | None = None
    for share in (0.1, 0.2, 0.5, 1.0):
        some = table.take(np.sort(order[: int(share * len(table))]))
        index = build(some, prompts, 1, lanes)
        first = first or index
        cells = []
        for known in (first, index):
            fixed = index.with_calibration(known.calibration) if known.calibration else index
            hits = pc.sum(pc.equal(detect(fixed, pa.array(answers))["verdict"], "copied")).as_py()
            low, high = interval(hits, len(answers))
            cells.append(f"{hits / len(answers):6.2%} ({low:5.2%} to {high:5.2%})")
        print(f"{len(some):7,} texts  copied {cells[0]} at the first's thresholds  {cells[1]} at its own")


def main() -> None:
    """Run whole, in parts by prompt, by teacher, or as the index grows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--prompts", type=Path)
    parser.add_argument("--folds", type=int, default=1)
    parser.add_argument("--lanes", type=read_lanes, default=(Lane.NGRAMS, Lane.MINHASH))
    parser.add_argument("--teachers", type=int, default=0)
    parser.add_argument("--growth", action="store_true")
    given = parser.parse_args()
    table, queries = pq.read_table(given.index), pq.read_table(given.queries)
    prompts = pq.read_table(given.prompts) if given.prompts else None
    if given.growth:
        growth(table, prompts, outside(queries), given.lanes)
        return
    if given.teachers:
        names, answers = sorted(set(table["teacher"].to_pylist())), outside(queries)
        tallies = []
        for start in range(0, len(names) - given.teachers + 1, given.teachers):
            chosen = pa.array(names[start : start + given.teachers], table["teacher"].type)
            index = build(table.filter(pc.is_in(table["teacher"], chosen)), prompts, 1, given.lanes)
            tallies.append((index, answers[start :: len(names)]))
        false_positives(tallies)
        return
    known = sorted({int(value) for value in table["prompt_id"].to_pylist()})
    for number, part in enumerate(np.array_split(np.random.default_rng(0).permutation(known), given.folds)):
        chosen_prompts = {int(value) for value in part}
        mine = of_prompts(table, "prompt_id", chosen_prompts, set(known))
        asked = of_prompts(queries, "source_prompt_id", chosen_prompts, set(known))
        index = build(mine, prompts, 1, given.lanes)
        print(f"part {number + 1} of {given.folds}: {len(mine):,} texts")
        false_positives([(index, outside(asked))])
        human = queries.filter(pc.equal(queries["kind"], "neg_human"))["text"].to_pylist()
        excerpts(index, mine["text"].to_pylist(), human)


if __name__ == "__main__":
    main()
