"""Where numba is missing, broken or hidden, rows are digested the other way."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
    monkeypatch.delitem(sys.modules, "numba", raising=False)
    worth.expect(1 << 20)
    assert not worth.pays(1)
    worth.expect(1 << 30)
    assert worth.pays(1)
