"""Kernels of a search are not compiled for little data; what comes out is the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.jit import choice

SCRIPT = """
import sys
from auditor.jit import choice
choice.spare_for(int(sys.argv[1]))
from auditor.jit.compile import COMPILED
print(COMPILED, "numba" in sys.modules)
"""


def told(size: int, home: Path) -> str:
    command = [sys.executable, "-c", SCRIPT, str(size)]
    env = os.environ | {"XDG_CACHE_HOME": str(home)}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout.strip()


def test_little_data_compiles_nothing_where_nothing_is_kept(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert told(200_000, tmp_path) == "False False"
    assert told(200_000_000, tmp_path) == "True True"


def test_kept_kernels_are_used_for_little_data_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "auditor.jit.compile", raising=False)
    monkeypatch.setattr(choice, "_spared", False)
    for kept in (True, False):
        monkeypatch.setattr(choice, "kept", lambda module, kept=kept: kept)
        choice.spare_for(1)
        assert choice.spared() is not kept


def test_a_choice_that_comes_too_late_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "auditor.jit.compile", sys)
    monkeypatch.setattr(choice, "_spared", False)
    monkeypatch.setattr(choice, "kept", lambda module: False)
    choice.spare_for(1)
    assert not choice.spared()
