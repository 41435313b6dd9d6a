"""Parts that other installed packages add to a family, found by entry point.

Built-in names always win. A part that is there and cannot be used is told by name, never passed over.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import StrEnum
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from auditor.errors import EnvironmentFault


class Family(StrEnum):
    """The families open to others, each by the name of its group of entry points."""

    READERS = "auditor.readers"
    REPORT_FORMATS = "auditor.report_formats"
    POLICY_PACKS = "auditor.policy_packs"


def added(family: Family) -> Mapping[str, EntryPoint]:
    """Return what other packages add to a family, by name.

    Raises:
        EnvironmentFault: two packages add different parts under one name.
    """
    return _added(family, tuple(sys.path))


@cache
def _added(family: Family, path: tuple[str, ...]) -> Mapping[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for point in sorted(entry_points(group=family), key=lambda point: (point.name, point.value)):
        other = found.setdefault(point.name, point)
        if other.value != point.value:
            raise EnvironmentFault(
                f"two packages add `{point.name}` to {family}",
                where=f"{package(other)} and {package(point)}",
                fix="uninstall one of them",
            )
    return MappingProxyType(found)


def load(point: EntryPoint) -> Any:
    """Import the object that an entry point names.

    Raises:
        EnvironmentFault: that fails, however it fails.
    """
    try:
        part = point.load()
    except Exception as error:
        raise broken(point, f"cannot be loaded, {type(error).__name__}: {error}") from error
    _join_pandas_and_arrow()
    return part


def _join_pandas_and_arrow() -> None:
    """Let Arrow know of pandas where a part has loaded it: it may have been started without."""
    if sys.modules.get("pandas") and (arrow := sys.modules.get("pyarrow.lib")):
        with suppress(ImportError, AttributeError):  # a version that Arrow does not take
            _ = arrow._pandas_api.pd


def call(point: EntryPoint, part: Callable[..., Any], *arguments: Any) -> Any:
    """Call into a part; the error tells no message of its own, which might quote rows.

    Raises:
        EnvironmentFault: it fails, however it fails.
    """
    try:
        return part(*arguments)
    except Exception as error:
        raise broken(point, f"failed with {type(error).__name__}") from error


def folder(point: EntryPoint) -> Path:
    """Return the folder of the package that an entry point names; nothing of it is run.

    Raises:
        EnvironmentFault: there is no such package.
    """
    try:
        spec = find_spec(point.module)
    except (ImportError, ValueError) as error:
        raise broken(point, f"cannot be found: {error}") from error
    if spec is None or not spec.submodule_search_locations:
        raise broken(point, f"cannot be found: there is no package {point.module!r}")
    return Path(next(iter(spec.submodule_search_locations)))


def package(point: EntryPoint) -> str:
    """Return name and version of the distribution that adds a part."""
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value


def broken(point: EntryPoint, problem: str) -> EnvironmentFault:
    """Return the error that says which part of which package cannot be used."""
    return EnvironmentFault(
        f"`{point.name}` of {point.group} {problem}",
        where=package(point),
        fix="mend or uninstall that package",
    )
