"""Stream named text columns of any input, for the commands that need no shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import InputError, NoRowsError, UnreadableInputError, UsageError
from auditor.samples.chunk import CHUNK_ROWS
from auditor.samples.formats import read_file, sniff
from auditor.samples.sources import DataFile, find_files

if TYPE_CHECKING:
    import pyarrow as pa


def read_columns(
    args: Sequence[str | Path],
    columns: Sequence[str],
    optional: Sequence[str] = (),
    batch_rows: int = CHUNK_ROWS,
) -> Iterator[pa.RecordBatch]:
    """Yield batches with `row_id` (`file#row`) and the named columns, all `large_string`.

    Integers become their digits, so that they can serve as ids. Any other cell that is no string is null, and
    so are all cells of a row that cannot be read: every row has a line.

    Args:
        columns: must be in every file.
        optional: all null where a file does not have them.

    Raises:
        InputError: an argument names nothing, or a file cannot be read; `NoRowsError` for no row at all.
        UsageError: a column is not there.
    """
    total = 0
    for file in find_files([str(arg) for arg in args]):
        try:
            for batch in _file_batches(file, (*columns, *optional), columns, batch_rows):
                total += batch.num_rows
                yield batch
        except UnreadableInputError as error:
            where = error.where or str(file.path)
            raise UnreadableInputError(error.message, where=where, fix=error.fix) from error
    if not total:
        raise NoRowsError("the input holds no row", where=", ".join(map(str, args)))


def _file_batches(
    file: DataFile, names: Sequence[str], needed: Sequence[str], batch_rows: int
) -> Iterator[pa.RecordBatch]:
    kind = sniff(file.path)
    batches = _columnar(file, names, batch_rows) if kind.columnar else _rows(file, names, batch_rows)
    absent: set[str] | None = None
    present: set[str] = set()
    for batch, found in batches:
        present |= found
        missing = {name for name in needed if name not in found}
        absent = missing if absent is None else absent & missing
        if missing and kind.columnar:
            break
        yield batch
    if absent:
        raise UsageError(
            f"there is no column {min(absent)!r}",
            where=str(file.path),
            fix=f"the file has {', '.join(sorted(present)) or 'none'}",
        )


def _columnar(
    file: DataFile, names: Sequence[str], batch_rows: int
) -> Iterator[tuple[pa.RecordBatch, set[str]]]:
    import pyarrow as pa

    from auditor.samples.columnar import read_batches

    start = 0
    for batch in read_batches(file.path, batch_rows):
        found = set(batch.schema.names)
        count = batch.num_rows
        cells = [
            _as_text(batch[name]) if name in found else pa.nulls(count, pa.large_string()) for name in names
        ]
        yield _batch(file, range(start, start + count), names, cells), found
        start += count


def _rows(file: DataFile, names: Sequence[str], batch_rows: int) -> Iterator[tuple[pa.RecordBatch, set[str]]]:
    import pyarrow as pa

    kind = sniff(file.path)
    for chunk in read_file(file.path, kind, batch_rows):
        found: set[str] = set().union(*chunk.rows)
        rows: list[tuple[int, dict[str, Any]]] = [*zip(chunk.numbers, chunk.rows, strict=True)]
        if chunk.faults:
            rows += [(fault.row, {}) for fault in chunk.faults]
            rows.sort(key=lambda pair: pair[0])
        if not rows:
            continue
        cells = [pa.array([_text(row.get(name)) for _, row in rows], pa.large_string()) for name in names]
        yield _batch(file, [number for number, _ in rows], names, cells), found


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _as_text(values: pa.Array) -> pa.Array:
    import pyarrow as pa

    kind = values.type
    if pa.types.is_dictionary(kind):
        return _as_text(values.dictionary_decode())
    if pa.types.is_integer(kind):
        return values.cast(pa.large_string())
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
        return pa.nulls(len(values), pa.large_string())
    try:
        values.validate(full=True)
    except pa.ArrowInvalid as error:
        raise InputError("a text column holds invalid UTF-8") from error
    return values.cast(pa.large_string())


def _batch(
    file: DataFile, numbers: Sequence[int], names: Sequence[str], cells: Sequence[pa.Array]
) -> pa.RecordBatch:
    import pyarrow as pa

    ids = pa.array([f"{file.name}#{number}" for number in numbers], pa.large_string())
    return pa.RecordBatch.from_arrays([ids, *cells], names=["row_id", *names])
