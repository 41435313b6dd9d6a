"""The tests mirror the house: a module's test is where its name says, and stands on its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
HOUSE = TESTS.parent / "auditor"
ACROSS = {
    "adversarial",
    "browser",
    "demo",
    "docs",
    "examples",
    "golden",
    "journeys",
    "old_evidence",
    "packaging",
    "properties",
}
"""Folders of tests that go through many rooms."""
SHIPPED = {"policy/shipped", "knowledge/shipped"}
"""What the shipped packs and the shipped catalog say: no module, but data."""
WHOLE_ROOMS = {"ledger/test_postgres.py", "samples/test_hostile.py", "samples/test_memory.py"}
"""A room on a server, under attack, and held to its memory."""
TIMERS = {"perf_counter", "monotonic", "process_time", "perf_counter_ns", "monotonic_ns", "process_time_ns"}


def _tests() -> Iterator[Path]:
    for path in sorted(TESTS.rglob("test_*.py")):
        if path != Path(__file__):
            yield path.relative_to(TESTS)


def _names(path: Path) -> Iterator[str]:
    """Yield every module that a test imports, and every name it takes from one."""
    for node in ast.walk(ast.parse((TESTS / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{one.name}" for one in node.names)


def _timers(path: Path) -> set[str]:
    tree = ast.walk(ast.parse((TESTS / path).read_text(encoding="utf-8")))
    return TIMERS & {node.attr for node in tree if isinstance(node, ast.Attribute)}


def _is_a_modules(path: Path) -> bool:
    module = HOUSE / path.parent / path.name.removeprefix("test_")
    return module.is_file() or (module.with_suffix("") / "__init__.py").is_file()


def test_a_test_is_where_the_name_of_its_module_says() -> None:
    rooms = [path for path in _tests() if path.parts[0] not in ACROSS and str(path.parent) not in SHIPPED]
    lost = {str(path) for path in rooms if not _is_a_modules(path)}
    assert lost - WHOLE_ROOMS == set()


def test_no_test_imports_another() -> None:
    found = {(str(path), name) for path in _tests() for name in _names(path) if ".test_" in f".{name}"}
    assert {one for one in found if "auditor." not in one[1]} == set()


def test_no_test_measures_time() -> None:
    assert {str(path): found for path in _tests() if (found := _timers(path))} == {}
