"""Run benchmarks in two checkouts in turn and print how this one does beside the other.

    python benchmarks/paired.py OTHER_CHECKOUT speed digest million [--runs 7] [--texts 2000] [--rows 20000]

Every run measures both, in an order that changes from run to run, so that a busy machine slows both alike.
Printed are the median over the runs of (this checkout's figure / the other's) and the range: for CPU time
1.05 means 5 % slower here, for a rate 0.95 does. One run of each goes before and is not counted: it
compiles kernels.

`digest` and `million` stand on the program and on names that stay, so that the script of this checkout
measures both; of `speed` each checkout runs its own. The figures of its peers are left out. Texts and rows
are made up, the same for both: --texts of them for `speed` and for the index of `million`, --rows for
`million`, and --scale of its usual sizes for `digest`.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parents[1]
PEERS = ("datasketch", "rensa", "pyarrow and rensa", "daft", "datatrove", "rfc8785")
CPU = "CPU seconds, all processes"
_RATE = re.compile(r"([\d,]+) (?:rows/s|per second)|rows per second +([\d,]+)")
TEACHERS = ("gpt-4o", "claude-3-opus", "llama-3-70b", "mistral-large")


def make_texts(path: Path, count: int) -> None:
    """Write made-up texts of four teachers, some of them near-duplicates of others."""
    draw = random.Random(0)
    words = ["".join(draw.choices("aeioubcdfglmnprst", k=draw.randint(2, 9))) for _ in range(8000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    texts: list[str] = []
    for number in range(count):
        if number % 10 == 9:
            texts.append(" ".join(word for word in texts[-5].split() if draw.random() > 0.05))
        else:
            sentences = (draw.choices(words, weights, k=draw.randint(5, 25)) for _ in range(8))
            texts.append(" ".join(" ".join(words).capitalize() + "." for words in sentences))
    names = [TEACHERS[number % len(TEACHERS)] for number in range(count)]
    pq.write_table(pa.table({"text": texts, "teacher": names, "prompt_id": range(count)}), path)


def commands(options: argparse.Namespace, texts: Path) -> dict[str, list[str]]:
    """Return the arguments of each benchmark."""
    return {
        "speed": [str(texts), "--rounds", "3"],
        "digest": ["--scale", str(options.scale)],
        "million": [str(texts), str(texts), "--rows", str(options.rows)],
    }


def measure(checkout: Path, benchmark: str, arguments: list[str]) -> dict[str, float]:
    """Run one benchmark on the code of one checkout; return its figures by name."""
    scripts = checkout if benchmark == "speed" else HERE
    script = scripts / "benchmarks" / f"{benchmark}.py"
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        capture_output=True, text=True, cwd=checkout, env=environment,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{benchmark} in {checkout} failed:\n{done.stderr[-2000:]}")
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {CPU: spent} | rates(done.stdout)


def rates(printed: str) -> dict[str, float]:
    """Return the rates that a benchmark printed of this program, by section and name."""
    found: dict[str, float] = {}
    section = ""
    for line in printed.splitlines():
        rate = _RATE.search(line)
        if rate is None:
            section = line.split(",")[0] if line[:1].strip() else section
            continue
        name = re.split(r"  +", line.strip())[0]
        if not name.startswith(PEERS):
            label = f"{section}: {name}" if line.startswith(" ") else name
            found[label] = float((rate[1] or rate[2]).replace(",", ""))
    return found


def check(checkout: Path) -> None:
    """End the program unless `auditor` of a checkout is what runs there."""
    asked = [sys.executable, "-c", "import auditor; print(auditor.__file__)"]
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    done = subprocess.run(asked, capture_output=True, text=True, cwd=checkout, env=environment)
    if not done.stdout.startswith(f"{checkout}{os.sep}"):
        raise SystemExit(f"{checkout} holds no checkout: {done.stdout or done.stderr}")


def compare(other: Path, benchmark: str, arguments: list[str], runs: int) -> None:
    """Print the ratios of one benchmark."""
    ratios: dict[str, list[float]] = {}
    for run in range(-1, runs):
        pair = (HERE, other) if run % 2 else (other, HERE)
        figures = {checkout: measure(checkout, benchmark, arguments) for checkout in pair}
        if run < 0:
            continue
        for name in figures[HERE].keys() & figures[other].keys():
            ratios.setdefault(name, []).append(figures[HERE][name] / max(figures[other][name], 1e-9))
    print(f"\n{benchmark}, {runs} paired runs: this checkout / the other")
    for name, found in sorted(ratios.items()):
        print(f"  {name:72} {statistics.median(found):6.3f}  [{min(found):.3f}-{max(found):.3f}]", flush=True)


def main() -> None:
    """Compare this checkout with another."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("other", type=lambda path: Path(path).resolve())
    parser.add_argument("benchmarks", nargs="+", choices=("speed", "digest", "million"))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--scale", type=float, default=0.1)
    options = parser.parse_args()
    for checkout in (HERE, options.other):
        check(checkout)
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "texts.parquet"
        make_texts(texts, options.texts)
        for benchmark in options.benchmarks:
            compare(options.other, benchmark, commands(options, texts)[benchmark], options.runs)


if __name__ == "__main__":
    main()
