"""What the program imports is declared, and what is declared is imported."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
NEEDED_BY_NAME = {"accelerate", "gguf", "psycopg"}
"""What another library loads when it is asked to: transformers and SQLAlchemy."""


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[><=;\s]", one, maxsplit=1)[0].lower().replace("_", "-") for one in requirements}


CORE = names(PROJECT["dependencies"])
EXTRAS = names([one for extra in PROJECT["optional-dependencies"].values() for one in extra])


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@cache
def distributions() -> set[str]:
    """Return the distributions that the program's own modules import."""
    known = packages_distributions()
    modules = {
        module.partition(".")[0]
        for path in (ROOT / "auditor").rglob("*.py")
        for module in imported(path.read_text())
    }
    return {
        known.get(module, [module])[0].lower().replace("_", "-")
        for module in modules - sys.stdlib_module_names - {"auditor"}
    }


def test_every_import_is_declared() -> None:
    assert distributions() - CORE - EXTRAS == set()


def test_every_declared_package_is_imported() -> None:
    assert (CORE | EXTRAS) - NEEDED_BY_NAME - distributions() == set()


def test_an_extra_repeats_nothing_of_the_core() -> None:
    assert not EXTRAS & CORE
