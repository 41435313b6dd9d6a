"""The wheel carries what the program needs at run time: packs, templates, the demo set, catalog data."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    out = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet"]
    command = [*pip, "--wheel-dir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no build backend to be had: {done.stderr[-200:]}")
    [wheel] = out.glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


@pytest.mark.parametrize(
    "name",
    [
        "auditor/_bundled/policies/default.yaml",
        "auditor/_bundled/reports/html/report.html.j2",
        "auditor/_bundled/demo/plan.yaml",
        "auditor/_bundled/demo/data/chat.jsonl",
        "auditor/knowledge/data/terms.yaml",
        "auditor/report/schema/report.v1.schema.json",
        "auditor/cli/main.py",
        "auditor/py.typed",
    ],
)
def test_the_wheel_ships(names: list[str], name: str) -> None:
    assert name in names


def test_the_wheel_ships_no_tests(names: list[str]) -> None:
    assert not [name for name in names if name.startswith("tests/")]
