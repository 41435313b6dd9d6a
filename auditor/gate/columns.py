"""Which columns set a foreign row apart from a permitted one: added, or of another type.

A permit holds digests, not rows, so the row is put back step by step: without some columns, or with values as
another container would hold them, until a permitted digest comes out.
"""

from __future__ import annotations

import datetime as dt
import math
import struct
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import chain, combinations, islice, product
from typing import Any

from auditor.canonical import Typed, encode, number, typed
from auditor.digest import RowError, row_digest

TRIES, MOST_BYTES = 4096, 64 << 20
"""So many rows are tried of each kind, and of long rows so many bytes: a refusal should not take longer."""
_MOST_ADDED = 4
_TRUTH = {"true": True, "false": False}

Row = Mapping[str, Any]


def column_cause(row: Row, permitted: Callable[[bytes], bool]) -> str | None:
    """Name the columns that were added to a permitted row or re-typed; None for another change."""
    tries = max(len(row), min(TRIES, MOST_BYTES // len(encode(dict(row)))))
    for names, other in chain(islice(_without(row), tries), islice(_retyped(row), tries)):
        try:
            if permitted(row_digest(other)):
                return _said(names, "added" if len(other) < len(row) else "retyped")
        except RowError:
            continue
    return None


def _said(names: tuple[str, ...], what: str) -> str:
    several = len(names) > 1
    columns = f"{'columns' if several else 'column'} {', '.join(map(repr, names))}"
    if what == "added":
        return f"{columns} {'were' if several else 'was'} added"
    return f"{columns} {'have other types' if several else 'has another type'}"


def _without(row: Row) -> Iterator[tuple[tuple[str, ...], Row]]:
    for size in range(1, min(_MOST_ADDED, len(row)) + 1):
        for names in combinations(row, size):
            yield names, {name: value for name, value in row.items() if name not in names}


def _retyped(row: Row) -> Iterator[tuple[tuple[str, ...], Row]]:
    others = {name: found for name, value in row.items() if (found := tuple(_other_types(value)))}
    for size in range(1, len(others) + 1):
        for names in combinations(others, size):
            for values in product(*(others[name] for name in names)):
                yield names, {**row, **dict(zip(names, values, strict=True))}


def _other_types(value: object) -> Iterator[object]:
    """Yield what a value would be in another column type; what no type holds (the year 10000) ends it."""
    try:
        yield from _readings(value)
    except (ValueError, ArithmeticError):
        return


def _readings(value: object) -> Iterator[object]:
    if isinstance(value, str):
        yield from _of_text(value)
        yield [value]
    elif isinstance(value, bool):
        yield from (str(value), str(value).lower(), int(value))
    elif isinstance(value, int | float):
        yield from _of_number(value)
    elif isinstance(value, list) and len(value) == 1:
        yield value[0]
    elif isinstance(value, Typed):
        yield from _of_typed(value)
    elif isinstance(value, Decimal):
        yield from _of_typed(typed(value))
    elif isinstance(value, dt.date | dt.time):
        yield from _as_text(value)


def _of_text(text: str) -> Iterator[object]:
    if text.lower() in _TRUTH:
        yield _TRUTH[text.lower()]
    if len(text) > 40:
        return
    for parse in (int, float, dt.date.fromisoformat, dt.datetime.fromisoformat, Decimal):
        try:
            yield parse(text)
        except (ValueError, InvalidOperation):
            continue


def _of_number(value: float) -> Iterator[object]:
    yield from (str(value), bool(value), Decimal(str(value)))
    if isinstance(value, float) and value.is_integer():
        yield str(int(value))
    if math.isfinite(single := _single(value)):
        yield Typed("float32", number(single))


def _of_typed(value: Typed) -> Iterator[object]:
    yield value.text
    if value.kind == "float32":
        double = float(value.text)
        short = (float(f"{double:.{digits}g}") for digits in range(1, 10))
        yield from (double, next((one for one in short if _single(one) == double), double))
    elif value.kind == "decimal":
        yield float(value.text)
    elif value.kind in ("timestamp", "timestamp-utc"):
        zone = dt.UTC if value.kind == "timestamp-utc" else None
        since = dt.timedelta(microseconds=int(value.text) // 1000)
        yield from _as_text(dt.datetime(1970, 1, 1, tzinfo=zone) + since)


def _single(value: float) -> float:
    try:
        (single,) = struct.unpack("f", struct.pack("f", value))
    except (OverflowError, struct.error):
        return math.inf
    return float(single)


def _as_text(value: dt.date | dt.time) -> Iterator[str]:
    text = value.isoformat()
    yield from (text, text.replace("T", " "), text.replace("+00:00", "Z"), text.partition("T")[0])
