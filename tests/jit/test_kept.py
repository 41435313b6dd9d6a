"""Kernels that are kept are taken without what only compiling needs, and compute the same."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from auditor.jit.kept import kept_or_compiled

SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import kernels
import numpy as np
print("numba.np.linalg" in sys.modules, kernels.doubled(np.arange(5, dtype=np.uint8)).tolist())
try:
    kernels.doubled(np.arange(5.0))
except TypeError:
    print("refused")
"""
KERNEL = """
import numpy as np
from auditor.jit.compile import RO_U8, kernel

@kernel(f"int64[::1]({RO_U8})")
def doubled(values):
    out = np.empty(len(values), np.int64)
    for place in range(len(values)):
        out[place] = 2 * values[place]
    return out
"""


@pytest.mark.slow
def test_the_second_process_takes_what_the_first_one_compiled(tmp_path: Path) -> None:
    (tmp_path / "kernels.py").write_text(KERNEL)
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o700)
    said = []
    for _ in range(2):
        command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
        environment = os.environ | {"NUMBA_CACHE_DIR": str(kept)}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        said.append(done.stdout.splitlines())
    assert said == [["True [0, 2, 4, 6, 8]", "refused"], ["False [0, 2, 4, 6, 8]", "refused"]]


class _Context:
    refreshed = 0

    def refresh(self) -> None:
        self.refreshed += 1


def _dispatcher(kept: Any, context: _Context, cache: dict[str, Any]) -> Any:
    """Return what looks for a kept kernel as numba does, and begins by starting all of it."""
    asked = SimpleNamespace(**cache)

    def usual(signature: str, context: _Context) -> Any:
        context.refresh()
        return kept

    asked.load_overload = usual
    told = SimpleNamespace(_cache=asked, kernel=None, closed=False)

    def compile(signature: str) -> None:
        told.kernel = asked.load_overload(signature, context)

    told.compile = compile
    told.disable_compile = lambda: setattr(told, "closed", True)
    return told


def test_a_kept_kernel_is_taken_without_numbas_start(monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = pytest.importorskip("numba.core.runtime")
    monkeypatch.setattr(runtime.rtsys, "initialize", lambda context: None)
    cache = {"_load_overload": lambda signature, context: f"kept {signature}"}
    cache["_guard_against_spurious_io_errors"] = nullcontext
    context = _Context()
    taken = kept_or_compiled(_dispatcher("usual", context, cache), "int64(int64)")
    assert (taken.kernel, taken.closed, context.refreshed) == ("kept int64(int64)", True, 0)


def test_a_numba_that_keeps_kernels_otherwise_is_asked_in_its_own_way() -> None:
    context = _Context()
    taken = kept_or_compiled(_dispatcher("usual", context, {}), "int64(int64)")
    assert (taken.kernel, taken.closed, context.refreshed) == ("usual", True, 1)
