"""Index reference texts once, search rows in them: the whole job, ours beside other tools', in one run.

    python benchmarks/search.py [--texts 20000] [--rows 100000] [--peers DIR] [--only NAME …]

Texts are made up, of 150 words after a steep law, about 1 KB. A tenth of the rows are copies of reference
texts, each edited in one of six ways, the others are new. Times are of the whole job, from files to what was
found: ours with the start of the program, twice, peers' without loading their libraries. Each works in a
process of its own, one after the other. Seconds are of CPU time, but "wall"; the ratio is that of index and
search beside the first line's. Recall counts rows found with the right reference text (datatrove says only
that there is one); false is the share of new rows found.

Peers that are installed here are measured, the others named as left out; --peers: see `benchmarks/audit.py`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from peers import find_peers
from scale import TEACHERS, generated

WORDS, COPIED = 150, 10
"""Words of a text; one row in so many is a copy."""
SAYS = {
    "auditor": "auditor, both lanes: n-grams, exact, with spans and teacher; MinHash beside",
    "auditor-minhash": "auditor, MinHash lane alone: signatures verified",
    "datasketch": "datasketch: MinHashLSH in memory, verified by Jaccard",
    "rensa": "rensa: RMinHashLSH in memory, verified by Jaccard",
    "daft": "daft: minhash, join on bands; unverified",
    "datatrove": "datatrove: signatures and buckets on disk; unverified, says not which text",
}


def dropped(words: list[str], dice: np.random.Generator) -> list[str]:
    """Leave out a word in twenty."""
    return [word for word in words if dice.random() > 0.05]


def replaced(words: list[str], dice: np.random.Generator) -> list[str]:
    """Replace a word in ten."""
    return ["changed" if dice.random() < 0.1 else word for word in words]


EDITS: dict[str, Callable[[list[str], list[str], np.random.Generator], str]] = {
    "verbatim": lambda words, other, dice: " ".join(words),
    "case": lambda words, other, dice: " \t ".join(words).upper(),
    "1/20 out": lambda words, other, dice: " ".join(dropped(words, dice)),
    "1/10 new": lambda words, other, dice: " ".join(replaced(words, dice)),
    "half": lambda words, other, dice: " ".join(words[: WORDS // 2]),
    "inside": lambda words, other, dice: " ".join(other[:50] + words[50:100] + other[50:]),
}


def make_data(folder: Path, texts: int, rows: int) -> None:
    """Write the files and, of every row, what it is."""
    references = [text for _, some in generated(texts, WORDS, 1) for text in some.to_pylist()]
    fresh = [text for _, some in generated(rows, WORDS, 2) for text in some.to_pylist()]
    dice, kinds = np.random.default_rng(3), list(EDITS)
    truth = {"kind": [""] * rows, "reference": [-1] * rows}
    for row in range(0, rows, COPIED):
        kind, chosen = kinds[row // COPIED % len(kinds)], int(dice.integers(texts))
        fresh[row] = EDITS[kind](references[chosen].split(), fresh[row].split(), dice)
        truth["kind"][row], truth["reference"][row] = kind, chosen
    for name, some in (("references", references), ("rows", fresh)):
        table = pa.table({"id": [str(number) for number in range(len(some))], "text": some})
        if name == "references":
            table = table.append_column(
                "teacher", pa.array([f"teacher-{number % TEACHERS}" for number in range(texts)])
            )
        pq.write_table(table, folder / f"{name}.parquet")
    pq.write_table(pa.table(truth), folder / "truth.parquet")


def recalls(folder: Path, name: str) -> tuple[dict[str, float], float]:
    """Return the recall of every edit, and the share of new rows that were found."""
    truth, found = (pq.read_table(folder / f"{one}.parquet") for one in ("truth", f"found-{name}"))
    said = np.full(len(truth), -2, np.int64)
    said[found["row"].to_numpy()] = found["reference"].to_numpy()
    kinds, right = np.array(truth["kind"].to_pylist()), truth["reference"].to_numpy()
    hit = (said == right) | (said == -1)
    return {kind: float(hit[kinds == kind].mean()) for kind in EDITS}, float((said[kinds == ""] != -2).mean())


def measure(folder: Path, pythons: dict[str, str]) -> None:
    """Run each tool and print its line."""
    kinds = "".join(f"{kind:>10}" for kind in EDITS)
    print(f"\n{'':18}{'index s':>9}{'search s':>9}{'wall s':>9}{'ratio':>8}{'peak MB':>9}{kinds}{'false':>8}")
    first: float | None = None
    for name, python in pythons.items():
        command = [python, str(Path(__file__).with_name("search_peers.py")), name, str(folder)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            last = done.stderr.strip().splitlines()
            print(f"{name:18}failed: {last[-1][:200] if last else done.returncode}", flush=True)
            continue
        took = json.loads(done.stdout.strip().splitlines()[-1])
        cpu, wall = (took[f"index {kind}"] + took[f"search {kind}"] for kind in ("cpu", "wall"))
        first = first or cpu
        recall, false = recalls(folder, name)
        shares = "".join(f"{share:10.1%}" for share in recall.values())
        print(
            f"{name:18}{took['index cpu']:9.1f}{took['search cpu']:9.1f}{wall:9.1f}{cpu / first:8.2f}"
            f"{took['peak'] / 1e6:9,.0f}{shares}{false:8.3%}",
            flush=True,
        )


def main() -> None:
    """Make the data, run all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--only", nargs="*", choices=tuple(SAYS), default=())
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        make_data(options.make, options.texts, options.rows)
        return
    wanted = options.only or tuple(SAYS)
    pythons = dict.fromkeys((name for name in wanted if name.startswith("auditor")), sys.executable)
    theirs = {name: name for name in wanted if name not in pythons}
    pythons |= find_peers(options.peers, theirs)
    with tempfile.TemporaryDirectory(prefix="auditor-benchmark-") as name:
        made = ("--make", name, "--texts", str(options.texts), "--rows", str(options.rows))
        subprocess.run([sys.executable, __file__, *made], check=True)
        print(
            f"{options.texts:,} reference texts, {options.rows:,} rows, one in {COPIED} a copy; CPU seconds"
        )
        for tool in pythons:
            print(f"  {SAYS[tool]}")
        measure(Path(name), {tool: pythons[tool] for tool in wanted if tool in pythons})


if __name__ == "__main__":
    main()
