"""Where numba is missing, broken or hidden, rows are digested the other way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.jit import making
from auditor.row_kernels import worth

HIDES = """
import sys
class Hides:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {hidden!r}:
            raise ImportError(name)
sys.meta_path.insert(0, Hides())
from auditor.row_kernels import worth
worth._seen = 1 << 40
from auditor.digest import dataset_digest
from auditor.samples.readers.chunk import ChunkBuilder
builder = ChunkBuilder()
builder.add_lines([(1, b'{{"a": 1}}'), (2, b"no"), (3, b'{{"b": null}}')])
chunk = builder.take()
assert not worth.pays(1)
print(chunk.rows, [fault.row for fault in chunk.faults], len(dataset_digest(chunk.digests)))
"""


@pytest.mark.parametrize("hidden", [("numba",), ("llvmlite",), ("numba", "llvmlite")])
def test_rows_are_digested_where_numba_cannot_be_imported(hidden: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HIDES.format(hidden=hidden)], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[{'a': 1}, {'b': None}] [1] 64\n", "")


def test_what_is_to_come_is_known_to_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worth, "_can_be_loaded", lambda: True)
    monkeypatch.setattr(worth, "_seen", 0)
    monkeypatch.setattr(worth, "_are_kept", lambda: True)
    for loaded in ("numba", "auditor.row_kernels.json_rows"):
        monkeypatch.delitem(sys.modules, loaded, raising=False)
    worth.expect(1 << 20)
    assert not worth.pays(1)
    worth.expect(1 << 30)
    assert worth.pays(1)


BESIDE = """
import hashlib, os, sys, time
from pathlib import Path
from auditor.row_kernels import worth
from auditor.samples.rows import iter_digest_runs
worth._PAYS = 1
went = []
for _ in range(400):
    digest = hashlib.sha256()
    for run in iter_digest_runs([sys.argv[1]]):
        digest.update(run.digests)
    went.append((digest.hexdigest(), worth._ROOM + ".json_rows" in sys.modules))
    if went[-1][1] or sys.argv[2] == "once":
        break
    time.sleep(0.2)
print(len({digest for digest, _ in went}), went[0][1], went[-1][1], went[0][0])
"""


@pytest.mark.slow
def test_rows_are_read_the_other_way_while_kernels_are_compiled(tmp_path: Path) -> None:
    home, data = tmp_path / "home", tmp_path / "rows.jsonl"
    home.mkdir(mode=0o700)
    data.write_text("".join(f'{{"a": "{at}", "b": [{at}, 1.5]}}\n' for at in range(20_000)))
    told = []
    for how in ("again", "once"):
        command = [sys.executable, "-c", BESIDE, str(data), how]
        env = os.environ | {"XDG_CACHE_HOME": str(home)}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
        told.append(done.stdout.split())
    (first, second), digests = [one[:3] for one in told], {one[3] for one in told}
    assert first == ["1", "False", "True"]  # not at once, then by machine code
    assert second == ["1", "True", "True"]  # kept by then
    assert len(digests) == 1


def test_where_nothing_is_kept_kernels_are_compiled_where_they_are_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(making, "cache_folder", lambda: None)
    assert making.Making(["auditor"]).ended()


def test_making_ends_and_is_stopped() -> None:
    one = making.Making(["time; time.sleep(60)"])
    assert not one.ended()
    one.stop()
    assert one.ended()
