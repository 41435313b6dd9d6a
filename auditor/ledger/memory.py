"""DuckDB in memory, as this program uses it: it fetches and loads nothing of its own accord."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}


def in_memory() -> DuckDBPyConnection:
    """Open an empty database that installs and loads no extension by itself."""
    import duckdb

    return duckdb.connect(config=_SETTINGS)
