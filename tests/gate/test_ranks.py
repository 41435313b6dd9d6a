"""One rank hashes, and every rank gets its answer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from evidence import ROWS, write_jsonl
from gated import (
    FOREIGN,
)

RANKS = """
import os, sys, datetime, torch.distributed as dist
sys.path[:0] = [{here!r}]
from auditor.errors import RefusedError
from auditor.gate import require_permit
import auditor.gate.grant as grant
dist.init_process_group("gloo")
if {broken!r}:
    grant.check_files = lambda *given: 1 / 0
hashed = []
inner = grant.check_files
grant.check_files = lambda *given: (hashed.append(1), inner(*given))[1]
try:
    held = require_permit({permit!r}, {data!r}, keys=[{key!r}],
        clock=lambda: datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC))
    said = f"granted {{len(held.digests)}}"
except ZeroDivisionError:
    said = "failed"
except RefusedError as error:
    said = "refused" if "not the permitted" in str(error) else str(error)
os.write(1, f"rank {{dist.get_rank()}} {{said}} hashed {{len(hashed)}}\\n".encode())
dist.barrier()
dist.destroy_process_group()
"""


@pytest.mark.slow
@pytest.mark.parametrize(("foreign", "broken"), [(False, False), (True, False), (False, True)])
def test_one_rank_hashes_and_every_rank_gets_its_answer(folder: Path, foreign: bool, broken: bool) -> None:
    pytest.importorskip("torch")
    if foreign:
        write_jsonl(folder / "data.jsonl", [*ROWS, FOREIGN])
    script = folder / "ranks.py"
    script.write_text(
        RANKS.format(
            here=str(Path(__file__).parents[2]),
            permit=str(folder / "permit.intoto.json"),
            data=str(folder / "data.jsonl"),
            key=str(folder / "KEY.pub"),
            broken=broken,
        )
    )
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    done = subprocess.run([*command, str(script)], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    said = ["refused" if foreign else "granted 24"] * 2
    if broken:
        said = ["failed", "rank 0 failed: ZeroDivisionError"]
    assert sorted(done.stdout.split("\n"))[-2:] == [
        f"rank 0 {said[0]} hashed 1",
        f"rank 1 {said[1]} hashed 0",
    ], done.stderr
