"""Parquet and Arrow IPC, one batch at a time, as the values that JSON would have."""

from __future__ import annotations

import base64
import math
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet

from auditor.canonical import Typed, number
from auditor.digest import split_digests
from auditor.errors import UnreadableInputError
from auditor.row_kernels.worth import pays
from auditor.samples.readers.chunk import CHUNK_BYTES, CHUNK_ROWS, Chunk, ChunkBuilder
from auditor.samples.readers.compression import TruncatedError, is_compressed, open_bytes

MAX_UNPACKED_BYTES = 64 << 30
"""A compressed columnar file is unpacked beside the system's temporary files, up to this size."""

_DAY = 86_400_000
"""Milliseconds."""
_FIRST, _LAST, _EPOCH = 1, date.max.toordinal(), date(1970, 1, 1).toordinal()
_UNIT = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}


def read_columnar(path: Path, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Yield the rows of a Parquet or Arrow file (file or stream format), by its first bytes.

    Raises:
        UnreadableInputError: the file is damaged, or has a type that rows cannot have.
    """
    builder = ChunkBuilder(chunk_rows)
    for batch in read_batches(path, chunk_rows):
        size = batch.nbytes // max(batch.num_rows, 1)
        if pays(batch.nbytes) and (digests := _fast_digests(batch)) is not None:
            yield from _whole(builder, batch, digests, size)
            continue
        for row in batch_rows(batch):
            builder.add_row(None, row, size)
            if builder.full:
                yield builder.take()
    yield builder.take()


def _fast_digests(batch: pa.RecordBatch) -> list[bytes] | None:
    """Return the digests of a batch's rows by machine code; None where a row needs the exact path."""
    from auditor.samples.readers.column_digests import batch_digests

    try:
        digests, left = batch_digests(batch)
    except (UnreadableInputError, pa.ArrowException, ValueError, ArithmeticError, RecursionError):
        return None  # the exact path says of which row or column it is
    return None if left.any() else list(split_digests(digests.tobytes()))


def _whole(builder: ChunkBuilder, batch: pa.RecordBatch, digests: list[bytes], size: int) -> Iterator[Chunk]:
    """Add all rows of a batch, each made when it is asked for; yield the chunks that are full."""
    at = 0
    while at < batch.num_rows:
        count = min(builder.rows_left(size), batch.num_rows - at)
        builder.add_batch(digests[at : at + count], partial(batch_rows, batch.slice(at, count)), count * size)
        at += count
        if builder.full:
            yield builder.take()


def read_batches(path: Path, chunk_rows: int = CHUNK_ROWS) -> Iterator[pa.RecordBatch]:
    """Yield the record batches of a Parquet or Arrow file.

    Raises:
        UnreadableInputError: the file is damaged, or two columns have one name.
    """
    try:
        with _seekable(path) as plain:
            for batch in _open(plain, chunk_rows):
                names = batch.schema.names
                if len(set(names)) != len(names):
                    raise UnreadableInputError("two columns have the same name", fix="rename one of them")
                yield batch
    except UnicodeDecodeError as error:
        raise UnreadableInputError("the file is damaged: a column's name is not valid UTF-8") from error
    except (pa.ArrowException, OSError, TruncatedError, ValueError, ArithmeticError, RecursionError) as error:
        raise UnreadableInputError(f"the file is damaged: {_first_line(error)}") from error


def read_schema(path: Path) -> pa.Schema:
    """Return the schema of a Parquet or Arrow file with its metadata.

    Raises:
        UnreadableInputError: it is damaged.
    """
    try:
        with _seekable(path) as plain:
            with plain.open("rb") as file:
                first = file.read(6)
            if first.startswith(b"PAR1"):
                return pa.parquet.read_schema(plain)
            with pa.OSFile(str(plain)) as source:
                opened = pa.ipc.open_file if first == b"ARROW1" else pa.ipc.open_stream
                with opened(source) as reader:
                    return reader.schema
    except (pa.ArrowException, OSError, TruncatedError, UnicodeDecodeError) as error:
        raise UnreadableInputError(f"the file is damaged: {_first_line(error)}") from error


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
        reason = _first_line(error)
        raise UnreadableInputError(f"the column {name!r} holds what rows cannot have: {reason}") from error


def column_values(array: pa.Array) -> list[Any]:
    """Return the values of a column.

    Raises:
        UnreadableInputError: the column's type has no form as a row's value.
    """
    kind = array.type
    if pa.types.is_dictionary(kind):
        return column_values(array.dictionary_decode())
    if pa.types.is_run_end_encoded(kind):
        return column_values(pc.run_end_decode(array))
    if isinstance(kind, pa.BaseExtensionType):
        return column_values(array.storage)
    if _is_plain(kind):
        try:
            values: list[Any] = array.to_pylist()
        except UnicodeDecodeError:
            return _damaged_text(array) if not pa.types.is_nested(kind) else _nested(array)
        return values
    if pa.types.is_nested(kind):
        return _nested(array)
    return [None if value is None else _leaf(kind)(value) for value in _raw(array).to_pylist()]


def _is_plain(kind: pa.DataType) -> bool:
    if pa.types.is_struct(kind):
        return all(_is_plain(kind.field(place).type) for place in range(kind.num_fields))
    if _is_list(kind):
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


def _is_list(kind: pa.DataType) -> bool:
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
    if _is_list(kind):
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


@contextmanager
def _seekable(path: Path) -> Iterator[Path]:
    if not is_compressed(path):
        yield path
        return
    with tempfile.NamedTemporaryFile(prefix="auditor-") as plain, open_bytes(path) as packed:
        left = MAX_UNPACKED_BYTES
        while block := packed.read(1 << 20):
            left -= len(block)
            if left < 0:
                raise UnreadableInputError(f"it unpacks to more than {MAX_UNPACKED_BYTES >> 30} GiB")
            plain.write(block)
        plain.flush()
        if shutil.disk_usage(plain.name).free < CHUNK_BYTES:
            raise UnreadableInputError("no space is left to unpack it", fix="unpack the file yourself")
        yield Path(plain.name)


def _open(path: Path, chunk_rows: int) -> Iterator[pa.RecordBatch]:
    with path.open("rb") as file:
        first = file.read(6)
    if first.startswith(b"PAR1"):
        with pa.parquet.ParquetFile(path) as parquet:
            yield from parquet.iter_batches(_batch_rows(parquet.metadata, chunk_rows))
    elif first == b"ARROW1":
        # No memory map: a file cut short meanwhile would end the process, not raise.
        with pa.OSFile(str(path)) as source, pa.ipc.open_file(source) as reader:
            for place in range(reader.num_record_batches):
                yield from _slices(_sound(reader.get_batch(place)), chunk_rows)
    else:
        with pa.OSFile(str(path)) as source, pa.ipc.open_stream(source) as stream:
            for batch in stream:
                yield from _slices(_sound(batch), chunk_rows)


def _batch_rows(metadata: Any, chunk_rows: int) -> int:
    """Return how many rows fit a chunk, by the size that the file states for its largest row group."""
    groups = [metadata.row_group(place) for place in range(metadata.num_row_groups)]
    widest = max((group.total_byte_size // max(group.num_rows, 1) for group in groups), default=1)
    return max(1, min(chunk_rows, CHUNK_BYTES // max(widest, 1)))


def _sound(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Check the offsets that Arrow would trust; bad text in a plain column is left to be found by row."""
    for column in batch.columns:
        kind = column.type
        if pa.types.is_string(kind):
            column = column.view(pa.binary())
        elif pa.types.is_large_string(kind):
            column = column.view(pa.large_binary())
        column.validate(full=True)
    return batch


def _slices(batch: pa.RecordBatch, chunk_rows: int) -> Iterator[pa.RecordBatch]:
    for start in range(0, batch.num_rows, chunk_rows):
        yield batch.slice(start, chunk_rows)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
