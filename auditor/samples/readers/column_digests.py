"""Row digests of an Arrow batch from its buffers, without its rows as Python objects."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray

from auditor.canonical import Typed, number
from auditor.row_kernels.column_rows import (
    DOUBLES,
    INTEGER,
    INTEGERS,
    LIST,
    OBJECT,
    OTHERS,
    RAW,
    TEXT,
    TRUTH,
)
from auditor.row_kernels.columns import Columns, Noted, key_order
from auditor.row_kernels.row_schemas import RowSchemas
from auditor.samples.readers.column_values import column_values, is_list, pairs_of, unwrapped


def batch_digests(
    batch: pa.RecordBatch, schemas: RowSchemas | None = None
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], Noted | None]:
    """Return the digests of a batch's rows (rows, 32), of each `DONE` or `LEFT`, and what was noted of them.

    See `Columns.digests`.

    Raises:
        UnreadableInputError: a column's type has no form as a row's value.
        pa.ArrowException: a column cannot be brought to the forms that the kernel knows.
    """
    columns = Columns()
    columns.reserve(1)
    columns.set(0, OBJECT)
    _members(columns, 0, batch.schema.names, batch.columns)
    return columns.digests(batch.num_rows, schemas)


def _members(columns: Columns, node: int, names: list[str], arrays: list[pa.Array]) -> None:
    first = columns.reserve(len(names))
    columns.set_children(node, first, len(names))
    ordered = sorted(zip(names, arrays, strict=True), key=lambda member: key_order(member[0]))
    for place, (name, array) in enumerate(ordered):
        _add(columns, first + place, name, array)


def _add(columns: Columns, node: int, key: str | None, array: pa.Array) -> None:
    array = _plain(array)
    kind = array.type
    valid = _truths(array.is_valid()) if array.null_count else None
    if pa.types.is_struct(kind):
        columns.set(node, OBJECT, key=key, valid=valid)
        names = [kind.field(place).name for place in range(kind.num_fields)]
        if len(set(names)) != len(names):
            raise pa.ArrowInvalid("an object has two fields of one name")
        _members(columns, node, names, [array.field(place) for place in range(kind.num_fields)])
    elif is_list(kind):
        columns.set(node, LIST, key=key, valid=valid)
        child = columns.reserve(1)
        columns.set_list(node, _ends(array), child)
        _add(columns, child, None, array.flatten())
    elif pa.types.is_large_string(kind):
        columns.set(node, TEXT, key=key, valid=valid)
        _set_text(columns, node, array)
    elif pa.types.is_boolean(kind):
        columns.set(node, TRUTH, key=key, valid=valid)
        columns.set_truths(node, _truths(array))
    elif pa.types.is_int64(kind):
        columns.set(node, INTEGER, key=key, valid=valid)
        values = array.fill_null(0) if array.null_count else array
        columns.set_integers(node, values.to_numpy(zero_copy_only=False))
    else:
        whole = INTEGERS if pa.types.is_uint64(kind) else OTHERS
        holds = DOUBLES if pa.types.is_float64(kind) else whole
        columns.set(node, RAW, key=key, valid=valid, holds=holds)
        _set_text(columns, node, _written(array))


def _plain(array: pa.Array) -> pa.Array:
    """Bring an array to one of few types, without a change of what its values are."""
    array = unwrapped(array)
    kind = array.type
    if pa.types.is_null(kind):
        return array.cast(pa.int64())
    if pa.types.is_string(kind) or pa.types.is_string_view(kind):
        return array.cast(pa.large_string())
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        return array.cast(pa.int64())
    if pa.types.is_map(kind):
        return pairs_of(array)
    return array


def _written(array: pa.Array) -> pa.Array:
    """Return values as the text they have in canonical JSON; empty where a value has no form."""
    kind = array.type
    if pa.types.is_float64(kind):
        return _doubles(array)
    if pa.types.is_uint64(kind):
        return array.cast(pa.large_string())
    return pa.array([_typed(value) for value in column_values(array)], pa.large_string())


def _typed(value: Any) -> str:
    return f"!{value.kind}:{value.text}" if isinstance(value, Typed) else ""


def _doubles(array: pa.Array) -> pa.Array:
    values = array.fill_null(0.0).to_numpy(zero_copy_only=False)
    size = np.abs(values)
    texts = orjson.dumps(values.tolist())[1:-1].replace(b".0,", b",").removesuffix(b".0").decode().split(",")
    # Beyond these bounds orjson writes a power where ECMAScript does not, or the other way round.
    for place in np.flatnonzero(~((size >= 1e-4) & (size < 1e15))).tolist():
        value = float(values[place])
        texts[place] = number(value) if np.isfinite(value) else ""
    return pa.array(texts, pa.large_string())


def _truths(array: pa.Array) -> NDArray[np.bool_]:
    filled = array.fill_null(False) if array.null_count else array
    return np.ascontiguousarray(filled.to_numpy(zero_copy_only=False), np.bool_)


def _ends(array: pa.Array) -> NDArray[np.int64]:
    """Return where each list begins among the values of all that are not null, and where the last ends.

    Casts of lists are no way to it: of a slice of views or of runs they take other values.
    """
    ends = np.zeros(len(array) + 1, np.int64)
    np.cumsum(array.value_lengths().fill_null(0).to_numpy(zero_copy_only=False), out=ends[1:])
    return ends


def _offsets(array: pa.Array) -> NDArray[np.int64]:
    buffer = array.buffers()[1]
    if buffer is None or not buffer.size:
        return np.zeros(len(array) + 1, np.int64)
    return np.frombuffer(buffer, np.int64, len(array) + 1, 8 * array.offset)


def _set_text(columns: Columns, node: int, array: pa.Array) -> None:
    offsets = _offsets(array)
    data = array.buffers()[2]
    begin, end = int(offsets[0]), int(offsets[-1])
    text = memoryview(data)[begin:end] if data is not None else b""
    columns.set_text(node, offsets - begin, text)
