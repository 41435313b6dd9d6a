"""One JSON object that is a whole table: by column, by index, or split, as data frames are written."""

from __future__ import annotations

from typing import Any

from auditor.canonical import RowError, parse_row

Row = dict[str, Any]


def rows_of(raw: bytes) -> list[Row] | None:
    """Return the rows of a file that is one object, where that object is a table; None for a single row.

    Tables are columns (`{"a": [1, 2], "b": [3, 4]}`, `{"a": {"0": 1}}`), rows by an index
    (`{"0": {"a": 1}}`), and `{"columns": [...], "data": [[...]]}`.
    """
    try:
        whole = parse_row(raw)
    except RowError:
        return None
    return _split(whole) or _lists(whole) or _by_index(whole) or _by_column(whole)


def _split(whole: Row) -> list[Row] | None:
    names, data = whole.get("columns"), whole.get("data")
    if not isinstance(names, list) or not isinstance(data, list) or not data:
        return None
    if not all(isinstance(name, str) for name in names) or len(set(names)) != len(names):
        return None
    if not all(isinstance(cells, list) and len(cells) == len(names) for cells in data):
        return None
    return [dict(zip(names, cells, strict=True)) for cells in data]


def _lists(whole: Row) -> list[Row] | None:
    columns = list(whole.values())
    if len(columns) < 2 or not all(isinstance(column, list) for column in columns):
        return None
    lengths = {len(column) for column in columns}
    if len(lengths) != 1 or lengths <= {0, 1}:
        return None
    return [dict(zip(whole, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _by_index(whole: Row) -> list[Row] | None:
    rows = list(whole.values())
    numbered = all(key.isdecimal() for key in whole)
    if len(rows) < 2 or not numbered or not all(isinstance(row, dict) and row for row in rows):
        return None
    return rows


def _by_column(whole: Row) -> list[Row] | None:
    columns = list(whole.values())
    if len(columns) < 2 or not all(isinstance(column, dict) and column for column in columns):
        return None
    index = list(columns[0])
    if not all(key.isdecimal() for key in index) or any(list(column) != index for column in columns):
        return None
    return [{name: whole[name][key] for name in whole} for key in index]
