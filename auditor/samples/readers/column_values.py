"""The values of Arrow columns as rows have them: what JSON would have, or `Typed` where it lacks the type."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from auditor.canonical import Typed, number
from auditor.errors import UnreadableInputError

_DAY = 86_400_000
"""Milliseconds."""
_FIRST, _LAST, _EPOCH = 1, date.max.toordinal(), date(1970, 1, 1).toordinal()
_UNIT = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}


def batch_rows(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """Return the rows of a batch as Python values; types that JSON lacks become `Typed`."""
    names = batch.schema.names
    columns = [_cells(name, column) for name, column in zip(names, batch.columns, strict=True)]
    if not columns:
        return [{} for _ in range(batch.num_rows)]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _cells(name: str, column: pa.Array) -> list[Any]:
    try:
        return column_values(column)
    except UnicodeDecodeError as error:
        raise UnreadableInputError("the file is damaged: a field's name is not valid UTF-8") from error
    except ArithmeticError as error:
        raise UnreadableInputError(f"the file is damaged: a number of the column {name!r} is none") from error
    except (ValueError, RecursionError, pa.ArrowException) as error:
        # Objects with two fields of one name among them.
        reason = first_line(error)
        raise UnreadableInputError(f"the column {name!r} holds what rows cannot have: {reason}") from error


def column_values(array: pa.Array) -> list[Any]:
    """Return the values of a column.

    Raises:
        UnreadableInputError: the column's type has no form as a row's value.
    """
    array = unwrapped(array)
    kind = array.type
    if _is_plain(kind):
        try:
            values: list[Any] = array.to_pylist()
        except UnicodeDecodeError:
            return _damaged_text(array) if not pa.types.is_nested(kind) else _nested(array)
        return values
    if pa.types.is_nested(kind):
        return _nested(array)
    return [None if value is None else _leaf(kind)(value) for value in _raw(array).to_pylist()]


def unwrapped(array: pa.Array) -> pa.Array:
    """Return an array without its encoding or extension type: its values as they are meant."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return unwrapped(array.dictionary_decode())
    if pa.types.is_run_end_encoded(kind):
        return unwrapped(pc.run_end_decode(array))
    return unwrapped(array.storage) if isinstance(kind, pa.BaseExtensionType) else array


def _is_plain(kind: pa.DataType) -> bool:
    if pa.types.is_struct(kind):
        return all(_is_plain(kind.field(place).type) for place in range(kind.num_fields))
    if is_list(kind):
        return _is_plain(kind.value_type)
    return bool(
        _is_text(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_float64(kind)
        or pa.types.is_null(kind)
    )


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def is_list(kind: pa.DataType) -> bool:
    """Tell whether values of the type are lists, however Arrow lays them out."""
    return bool(
        pa.types.is_list(kind)
        or pa.types.is_large_list(kind)
        or pa.types.is_list_view(kind)
        or pa.types.is_large_list_view(kind)
        or pa.types.is_fixed_size_list(kind)
    )


def _nested(array: pa.Array) -> list[Any]:
    kind = array.type
    valid = array.is_valid().to_pylist()
    if pa.types.is_struct(kind):
        names = [kind.field(place).name for place in range(kind.num_fields)]
        columns = [column_values(array.field(place)) for place in range(kind.num_fields)]
        cells = zip(*columns, strict=True) if columns else [()] * len(array)
        rows = [dict(zip(names, row, strict=True)) for row in cells]
        return [row if there else None for row, there in zip(rows, valid, strict=True)]
    if pa.types.is_map(kind):
        entries = array.cast(pa.list_(pa.struct([("key", kind.key_type), ("value", kind.item_type)])))
        return column_values(entries)
    if is_list(kind):
        values = iter(column_values(array.flatten()))
        lengths = array.value_lengths().to_pylist()
        return [
            [next(values) for _ in range(length or 0)] if there else None
            for length, there in zip(lengths, valid, strict=True)
        ]
    raise UnreadableInputError(f"a column has the type {kind}, which rows cannot have")


def _damaged_text(array: pa.Array) -> list[str | None]:
    # Lone surrogates stand for the bad bytes, so that the digest refuses just these rows.
    return [
        None if raw is None else raw.decode("utf-8", "surrogateescape")
        for raw in array.cast(pa.large_binary()).to_pylist()
    ]


def _raw(array: pa.Array) -> pa.Array:
    kind = array.type
    if pa.types.is_timestamp(kind) or pa.types.is_duration(kind) or pa.types.is_time64(kind):
        return array.view(pa.int64())
    if pa.types.is_time32(kind) or pa.types.is_date32(kind):
        return array.view(pa.int32())
    if pa.types.is_date64(kind):
        return array.view(pa.int64())
    return array


def _leaf(kind: pa.DataType) -> Callable[[Any], Any]:
    """Return what turns a value of this type into its typed form (`auditor.canonical.typed`)."""
    if pa.types.is_timestamp(kind):
        name = "timestamp-utc" if kind.tz else "timestamp"
        return lambda value: Typed(name, str(value * _UNIT[kind.unit]))
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        name = "time" if pa.types.is_time(kind) else "duration"
        return lambda value: Typed(name, str(value * _UNIT[kind.unit]))
    if pa.types.is_date32(kind):
        return lambda value: Typed("date", _day(value))
    if pa.types.is_date64(kind):
        return lambda value: Typed("date", _day(value // _DAY))
    if pa.types.is_decimal(kind):
        return lambda value: Typed("decimal", str(value))
    if pa.types.is_float32(kind) or pa.types.is_float16(kind):
        # What is not finite stays a double, so that the digest refuses just these rows.
        return lambda value: Typed("float32", number(value)) if math.isfinite(value) else value
    if _is_binary(kind):
        return lambda value: Typed("binary", base64.b64encode(value).decode("ascii"))
    raise UnreadableInputError(f"a column has the type {kind}, which rows cannot have")


def _day(since: int) -> str:
    """Return a day's ISO form; the number of days since 1970 where it lies outside the years 1 to 9999."""
    day = since + _EPOCH
    return date.fromordinal(day).isoformat() if _FIRST <= day <= _LAST else f"1970-01-01{since:+d}d"


def _is_binary(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_binary_view(kind)
        or pa.types.is_fixed_size_binary(kind)
    )


def first_line(error: Exception) -> str:
    """Return the first line of an error's message, or its kind."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
