"""The page of benchmarks shows what was recorded and names what is installed."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")


def _plot() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scale_plot", ROOT / "benchmarks" / "scale_plot.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_plot_and_the_table_are_made_of_the_recorded_figures() -> None:
    plot, recorded = _plot(), (ROOT / "docs" / "scale.jsonl").read_text().splitlines()
    figures = [json.loads(line) for line in recorded]
    assert plot.svg(figures) == (ROOT / "docs" / "scale.svg").read_text(), "run scale.py --plot"
    assert plot.table(figures) in PAGE, "paste what scale.py --plot prints"


def test_the_peers_on_the_page_are_those_that_are_installed() -> None:
    pinned = dict(
        re.findall(r"^([\w-]+)==(\S+)$", (ROOT / "benchmarks" / "peers.txt").read_text(), re.MULTILINE)
    )
    line = next(line for line in PAGE.splitlines() if line.startswith("datatrove "))
    named = dict(one.rsplit(" ", 1) for one in line.rstrip(".").split(", "))
    assert len(named) == 7
    assert named == {name: pinned[name] for name in named}


def test_every_script_on_the_page_is_there_and_every_measure_is_on_the_page() -> None:
    named = set(re.findall(r"\b(\w+\.py)\b", PAGE))
    assert named == {name for name in named if (ROOT / "benchmarks" / name).is_file()}
    parts = {"peers.py", "search_peers.py", "scale_plot.py"}
    apart = {"catalog.py", "digest.py", "ledger.py", "style.py"}
    assert {path.name for path in (ROOT / "benchmarks").glob("*.py")} - parts - apart <= named
