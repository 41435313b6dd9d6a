"""Readers of one file, ours and other tools': each works in a process of its own and says what it took.

    python benchmarks/peers.py NAME FILE

`benchmarks/audit.py` runs them.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

MODULES = {
    "pyarrow": "pyarrow",
    "rfc8785": "rfc8785",
    "datasets": "datasets",
    "datatrove": "datatrove",
    "text-dedup": "text_dedup",
}
"""What is imported of each peer."""


def digest(path: str) -> int:
    """Read a file to its dataset digest; return its rows."""
    from auditor.digest import DatasetDigest
    from auditor.samples.rows import iter_digest_runs

    gathered = DatasetDigest()
    for run in iter_digest_runs([path]):
        gathered.extend_run(run.digests)
    gathered.digest()
    return len(gathered)


def pyarrow_json(path: str) -> int:
    """Read JSON Lines with pyarrow on one thread."""
    from pyarrow import json as arrow

    return int(arrow.read_json(path, arrow.ReadOptions(use_threads=False, block_size=1 << 24)).num_rows)


def reference(path: str) -> int:
    """Parse with orjson, write with the reference implementation of RFC 8785, hash."""
    import orjson
    import rfc8785

    count = 0
    with Path(path).open("rb") as lines:
        for count, line in enumerate(lines, 1):  # noqa: B007
            hashlib.sha256(rfc8785.dumps(orjson.loads(line))).digest()
    return count


def load_dataset(path: str) -> int:
    """Load the file as a Hugging Face dataset, into a cache of its own."""
    import datasets

    with tempfile.TemporaryDirectory() as cache:
        return len(datasets.load_dataset("json", data_files=path, split="train", cache_dir=cache))


def datatrove(path: str) -> int:
    """Run a whole job: read the lines, sign them with MinHash, write the signatures."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupSignature
    from datatrove.pipeline.readers import JsonlReader

    with tempfile.TemporaryDirectory() as out:
        config = MinhashConfig(n_grams=5, num_buckets=25, hashes_per_bucket=5)
        reader = JsonlReader(str(Path(path).parent), glob_pattern=Path(path).name, text_key="output")
        steps = [reader, MinhashDedupSignature(output_folder=f"{out}/signatures", config=config)]
        done = LocalPipelineExecutor(steps, tasks=1, workers=1, logging_dir=f"{out}/logs").run()
        return int(done.stats[0].stats["documents"].total)


READERS: dict[str, Callable[[str], int]] = {
    "digest": digest,
    "pyarrow": pyarrow_json,
    "rfc8785": reference,
    "datasets": load_dataset,
    "datatrove": datatrove,
}
PEERS = {
    "pyarrow": "pyarrow: JSON reader",
    "rfc8785": "rfc8785 over orjson, SHA-256",
    "datasets": "datasets: load_dataset",
    "datatrove": "datatrove: JsonlReader, MinHash signatures",
}
DOES = {
    "auditor": "the command, with its start: parses and digests every row, reads what it claims of teachers "
    "and licenses, judges it by a policy pack, writes report and samples.parquet; here it searches nothing",
    "pyarrow": "parses lines to columns in memory; digests nothing, says nothing of a row",
    "rfc8785": "parses and digests rows in canonical form; nothing else",
    "datasets": "parses lines and writes them to an Arrow cache; digests no row",
    "datatrove": "parses lines, signs one text of each row (125 permutations, five words), sorts signatures "
    "on disk; finds no pair and writes no rows",
    "text-dedup": "the command, with its start: loads as datasets does, signs one text of each row (128 "
    "permutations, five words), clusters near-duplicates, writes the rows it keeps; knows no teacher",
}
"""What a job is, so that nobody takes the ratios for more than they are."""


def run_reader(name: str, path: str) -> None:
    """Do a reader's work in this process and print what it took; what it loads first is not counted."""
    read = READERS[name]
    if name == "digest":
        from auditor.row_kernels.json_rows import RowDigests

        RowDigests.shared()
    with tempfile.TemporaryDirectory() as folder:
        read(str(first_rows(Path(path), Path(folder))))
    wall, before = time.perf_counter(), spent()
    rows = read(path)
    print(json.dumps({"wall": time.perf_counter() - wall, "cpu": spent() - before, "rows": rows}))


def first_rows(path: Path, folder: Path) -> Path:
    """Write the first rows of a file as another one of its format."""
    few = folder / path.name
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        pq.write_table(pq.ParquetFile(path).read_row_group(0).slice(0, 50), few)
    else:
        with path.open("rb") as lines:
            few.write_bytes(b"".join(line for line, _ in zip(lines, range(50), strict=False)))
    return few


def spent() -> float:
    """Return the CPU seconds of this process and of those it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def text_dedup(path: Path, python: str) -> list[str]:
    """Return the command of a whole job of text-dedup: read, sign, find near-duplicates, write."""
    out, cache = path.with_name("text-dedup"), path.with_name("text-dedup-cache")
    data = ("--path", "json", "--data_files", str(path), "--split", "train", "--cache_dir", str(cache))
    rest = ("--column", "output", "--output", str(out), "--num_perm", "128", "--num_proc", "1")
    return [python, "-m", "text_dedup.minhash", *data, *rest, "--batch_size", "10000"]


def find_peers(folder: Path | None, modules: dict[str, str]) -> dict[str, str]:
    """Return the Python that has each peer: of a folder, into which `peers.txt` is installed, or this one."""
    found = {name: sys.executable for name, module in modules.items() if importlib.util.find_spec(module)}
    if folder is not None:
        python = folder / "bin" / "python"
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            listed = str(Path(__file__).with_name("peers.txt"))
            subprocess.run([str(python), "-m", "pip", "install", "-q", "--no-deps", "-r", listed], check=True)
        for name, module in modules.items():
            asked = [str(python), "-c", f"import {module}"]
            if subprocess.run(asked, capture_output=True).returncode == 0:
                found[name] = str(python)
    for name in modules.keys() - found.keys():
        print(f"  {name} is left out: it is not installed (see --peers)")
    return found


if __name__ == "__main__":
    run_reader(*sys.argv[1:3])
