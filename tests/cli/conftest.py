"""Four rows and their audit, for the tests of the commands that come after one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from audited import ROWS, audited


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "mix.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


@pytest.fixture
def out(tmp_path: Path, data: Path) -> Path:
    return audited(tmp_path, data)
