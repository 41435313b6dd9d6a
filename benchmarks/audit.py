"""Measure the way of a row, from a file to permit and gate, beside other tools on the same file, in one run.

    python benchmarks/audit.py [--rows 20000] [--index 500] [--runs 5] [--wall] [--peers DIR] [--beside]
        [--only WORD …]

Rows of about 1 KB are made from a seed: flat and chat, as JSON Lines and Parquet. Every job runs --runs
times, each time in a process of its own; printed are medians and the highest peak of resident memory. Files
to digests and the peers' readers are timed without what their processes load first, commands as a whole.
Rates are by CPU time, so that other programs on the machine count little; with --wall by the clock, which
more than one thread needs. Megabytes are those of the rows as JSON Lines. The last column is the time beside
that of the first line of its group.

Peers that are installed here are measured, the others are named as left out. --peers makes a virtual
environment in DIR, or takes the one that is there, and installs `benchmarks/peers.txt` into it: datatrove and
text-dedup ask for versions of libraries that this program does not take. --beside measures the whole audit
beside the peers and nothing else, on one file: what each of them does is printed too, for none does the same.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from peers import DOES, MODULES, PEERS, find_peers, text_dedup

WORDS = [f"word{number}" for number in range(5000)]
FEW, MANY = 50, 4000
"""Origins of the sets that are split."""
FILES = {
    "flat": "flat.jsonl",
    "flat Parquet": "flat.parquet",
    "ids": "ids.jsonl",
    "chat": "chat.jsonl",
    "chat Parquet": "chat.parquet",
    "few": "few.jsonl",
    "many": "many.jsonl",
}
PLAN = """
student_base: {name: Qwen/Qwen3-8B, terms: Apache-2.0}
intended_use: internal-commercial
student_release_license: none
student_name: Benchmark
competes_with_teacher_provider: no
"""
PASSES = {"model": "allenai/OLMo-2-1124-7B-Instruct", "access": "open-weights", "license": "MIT"}


@dataclass(frozen=True)
class Job:
    """One thing that is measured."""

    name: str
    command: list[str]
    rows: int
    size: int
    """Bytes of the rows as JSON Lines."""
    itself: bool = False
    """The process says what its work took; else all of it counts."""


def sentence(chance: random.Random, words: int) -> str:
    """Return so many words."""
    return " ".join(chance.choices(WORDS, k=words))


def flat(chance: random.Random, number: int, origins: int = 1) -> dict[str, Any]:
    """Return a row of about 1 KB."""
    row = {"instruction": f"{number} {sentence(chance, 35)}", "output": sentence(chance, 75), **PASSES}
    return row | ({"model": f"vendor/model-{number % origins}"} if number % origins else {})


def with_ids(chance: random.Random, number: int) -> dict[str, Any]:
    """Return a row with an id of its own and a time, as most sets have them."""
    id, at = str(uuid.UUID(int=chance.getrandbits(128))), datetime.fromtimestamp(17 * number, UTC)
    return {"id": id, "created": at.isoformat(), **flat(chance, number)}


def chat(chance: random.Random, number: int) -> dict[str, Any]:
    """Return a conversation of about 1 KB."""
    said = [f'{number} {sentence(chance, 25)} "é"\n{sentence(chance, 10)}' for _ in range(3)]
    turns = zip(("user", "assistant", "user"), said, strict=True)
    return {"messages": [{"role": role, "content": text} for role, text in turns], **PASSES}


def make_data(folder: Path, count: int, index: int, only_flat: bool) -> None:
    """Write the files that are measured."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    chance = random.Random(0)
    sets: dict[str, Callable[[int], dict[str, Any]]] = {
        "flat": lambda number: flat(chance, number),
        "chat": lambda number: chat(chance, number),
        "few": lambda number: flat(chance, number, FEW),
        "many": lambda number: flat(chance, number, MANY),
        "ids": lambda number: with_ids(chance, number),
    }
    for name, make in sets.items():
        if only_flat and name != "flat":
            continue
        with (folder / FILES[name]).open("w", encoding="utf-8") as lines:
            for number in range(count):
                lines.write(json.dumps(make(number), ensure_ascii=False) + "\n")
        if f"{name} Parquet" in FILES and not only_flat:
            with (folder / FILES[name]).open(encoding="utf-8") as lines:
                table = pa.Table.from_pylist([json.loads(line) for line in lines])
            pq.write_table(table, folder / FILES[f"{name} Parquet"], row_group_size=8192)
    texts = pa.table({"text": [sentence(chance, 200) for _ in range(index)], "teacher": ["gpt-4o"] * index})
    pq.write_table(texts, folder / "texts.parquet")
    (folder / "plan.yaml").write_text(PLAN)


@dataclass(frozen=True)
class Taken:
    """What one run took."""

    wall: float
    cpu: float
    peak: int
    """Bytes of resident memory."""


def run(job: Job) -> Taken:
    """Run a job in a process of its own.

    Raises:
        RuntimeError: it failed, or read another number of rows.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(job.command, stdout=out, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if process.returncode not in (0, 3):
            last = errors.read().decode(errors="replace").strip().splitlines()
            raise RuntimeError(last[-1] if last else f"it ended with {process.returncode}")
        cpu, said = usage.ru_utime + usage.ru_stime, out.read().decode().strip().splitlines()
    if job.itself:
        told = json.loads(said[-1])
        if told["rows"] != job.rows:
            raise RuntimeError(f"it read {told['rows']:,} rows of {job.rows:,}")
        wall, cpu = told["wall"], told["cpu"]
    return Taken(wall, cpu, usage.ru_maxrss * 1024)


def measure(title: str, jobs: list[Job], options: argparse.Namespace) -> None:
    """Run jobs in turn, --runs times, and print a line each."""
    jobs = [job for job in jobs if not options.only or any(word in job.name for word in options.only)]
    if not jobs:
        return
    print(f"\n{title}\n{'':46}{'wall s':>8}{'CPU s':>8}{'MB/s':>8}{'rows/s':>11}{'peak MB':>9}{'ratio':>8}")
    taken: dict[str, list[Taken]] = {job.name: [] for job in jobs}
    failed: dict[str, str] = {}
    for _ in range(options.runs):
        for job in jobs:
            if job.name not in failed:
                try:
                    taken[job.name].append(run(job))
                except (RuntimeError, OSError, ValueError) as error:
                    failed[job.name] = str(error)[:200]
    first: float | None = None
    for job in jobs:
        if job.name in failed:
            print(f"  {job.name:44} left out: {failed[job.name]}")
            continue
        wall, cpu = (
            statistics.median(getattr(one, kind) for one in taken[job.name]) for kind in ("wall", "cpu")
        )
        seconds = wall if options.wall else cpu
        first = first or seconds
        rates = f"{job.size / seconds / 1e6:8.1f}{job.rows / seconds:11,.0f}"
        peak = max(one.peak for one in taken[job.name]) / 1e6
        print(f"  {job.name:44}{wall:8.2f}{cpu:8.2f}{rates}{peak:9.0f}{seconds / first:8.2f}", flush=True)


def auditor(*words: str | Path) -> list[str]:
    """Return the command line of the program."""
    return [sys.executable, "-m", "auditor", *map(str, words)]


def reader(name: str, kind: str, path: Path, count: int, python: str = sys.executable) -> Job:
    """Return a job of `peers.py` on one file."""
    command = [python, str(Path(__file__).with_name("peers.py")), kind, str(path)]
    return Job(name, command, count, path.with_suffix(".jsonl").stat().st_size, itself=True)


def reading(files: dict[str, Path], count: int) -> list[Job]:
    """Return the jobs that digest one file each."""
    digested = [name for name in files if name not in ("few", "many", "ids")]
    return [reader(f"{name}, file to digest", "digest", files[name], count) for name in digested]


def beside(commands: Commands, peers: dict[str, str]) -> Iterator[Job]:
    """Yield the whole audit of the flat lines and of its digest, then what peers do of the same file."""
    path, count = commands.files["flat"], commands.rows
    yield commands.audit("auditor: whole audit", "flat", "--jobs", "1", "--no-ledger")
    yield reader("auditor: file to digest", "digest", path, count)
    yield from (reader(PEERS[name], name, path, count, peers[name]) for name in PEERS if name in peers)
    if "text-dedup" in peers:
        command = text_dedup(path, peers["text-dedup"])
        yield Job("text-dedup: minhash", command, count, path.stat().st_size)


def say_what_each_does(peers: dict[str, str]) -> None:
    """Print what is compared."""
    print("\nnone of these does what another does:")
    for name, does in DOES.items():
        if name.startswith("auditor") or name in peers:
            print(f"  {name:10}  {does}")


@dataclass(frozen=True)
class Commands:
    """The jobs that are commands of the program, on the files of a folder."""

    folder: Path
    files: dict[str, Path]
    rows: int
    only: Sequence[str]

    def jobs(self) -> Iterator[tuple[str, list[Job]]]:
        """Yield groups of jobs; what one needs is made before it is yielded."""
        if self._wanted("audit"):
            yield "whole audit, with start-up", list(self._audits())
        for origins, name in ((FEW, "few"), (MANY, "many")):
            if self._wanted(title := f"split, {origins:,} origins"):
                quietly(self.audit("", name, "--no-ledger", out=name).command)
                words = auditor("split", self.folder / name, "--out", self.folder / f"split-{name}")
                yield title, [self._job(title, words, name)]
        if self._wanted("attest") or self._wanted("gate"):
            yield "attest and gate", list(self._evidence())

    def _audits(self) -> Iterator[Job]:
        index = self.folder / "texts.audx"
        quietly(auditor("index", "build", self.folder / "texts.parquet", "--out", index))
        threads = "--jobs" in quietly(auditor("audit", "--help"))
        one, two = (("--jobs", "1"), ("--jobs", "2")) if threads else ((), ())
        for name in ("flat", "flat Parquet", "ids", "chat", "chat Parquet"):
            yield self.audit(f"audit, {name}, one thread", name, *one, "--no-ledger")
        if threads:
            yield self.audit("audit, flat, two threads", "flat", *two, "--no-ledger")
        yield self.audit(
            "audit, flat, with an index, one thread", "flat", *one, "--no-ledger", "--index", index
        )

    def _evidence(self) -> Iterator[Job]:
        key, permit, ledger = (self.folder / name for name in ("key.pem", "permit.intoto.json", "ledger.db"))
        quietly(self.audit("", "flat", "--ledger", ledger, out="signed").command)
        quietly(auditor("keys", "new", "--out", key))
        signed = auditor("attest", self.folder / "signed", "--key", key, "--out", permit, "--ledger", ledger)
        quietly(signed)
        yield self._job("attest", signed, "flat")
        trusted = ("--permit", permit, "--key", f"{key}.pub", "--dataset", self.files["flat"], "--", "true")
        yield self._job("gate", auditor("gate", *trusted), "flat")

    def audit(self, name: str, data: str, *more: str | Path, out: str = "out") -> Job:
        """Return the job of an audit."""
        plan = ("--plan", self.folder / "plan.yaml")
        words = ("audit", self.files[data], *plan, "--out", self.folder / out, "--quiet", *more)
        return self._job(name, auditor(*words), data)

    def _job(self, name: str, command: list[str], data: str) -> Job:
        return Job(name, command, self.rows, self.files[data].with_suffix(".jsonl").stat().st_size)

    def _wanted(self, title: str) -> bool:
        return not self.only or any(word in title or title in word for word in self.only)


def quietly(command: list[str]) -> str:
    """Run a command that is not measured; return what it printed."""
    return subprocess.run(command, capture_output=True, text=True).stdout


def main() -> None:
    """Measure all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--index", type=int, default=500)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--wall", action="store_true")
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--beside", action="store_true")
    parser.add_argument("--only", nargs="*", default=())
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        make_data(options.make, options.rows, options.index, options.beside)
        return
    with tempfile.TemporaryDirectory(prefix="auditor-benchmark-") as name:
        folder = Path(name)
        peers = find_peers(options.peers, MODULES)
        # In a process of its own: the kernel counts to a child's peak what its parent held at the fork.
        made = ["--make", name, "--rows", str(options.rows), "--index", str(options.index)]
        made += ["--beside"] if options.beside else []
        subprocess.run([sys.executable, __file__, *made], check=True)
        files = {kind: folder / file for kind, file in FILES.items()}
        print(f"{options.rows:,} rows, {options.runs} runs, index of {options.index:,} texts, medians")
        commands = Commands(folder, files, options.rows, options.only)
        measure("beside peers, flat JSON Lines", list(beside(commands, peers)), options)
        say_what_each_does(peers)
        if options.beside:
            return
        measure("file to dataset digest, one thread", reading(files, options.rows), options)
        for title, jobs in commands.jobs():
            measure(title, jobs, options)


if __name__ == "__main__":
    main()
