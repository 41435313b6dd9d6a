"""Read text columns, and the columns that name rows, for the fingerprint commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import NoRowsError, UnreadableInputError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from auditor.samples.inputs.sources import DataFile


def read_texts(
    paths: Sequence[Path], texts: Sequence[str], names: Sequence[str] = (), optional: Sequence[str] = ()
) -> Iterator[pa.RecordBatch]:
    """Yield batches with `row_id` (`file#row`) and the named columns, all large_string, one line per row.

    Args:
        texts: columns that must be there; a cell that is not a string is null.
        names: columns that must be there and name something: numbers are written as text.
        optional: like `names`, all null where a file does not have them.

    Raises:
        InputError: a path names nothing or cannot be read; `NoRowsError` for no row at all.
        UsageError: a column is not there.
    """
    from auditor.samples.inputs.sources import find_files

    total = 0
    for file in find_files([str(path) for path in paths]):
        seen: set[str] = set()
        try:
            for numbers, cells, found in _chunks(file, (*texts, *names, *optional)):
                seen |= found
                total += len(numbers)
                yield _batch(file, numbers, cells, texts)
        except UnreadableInputError as error:
            where = error.where or str(file.path)
            raise UnreadableInputError(error.message, where=where, fix=error.fix) from error
        if missing := [name for name in (*texts, *names) if name not in seen]:
            have = ", ".join(sorted(seen)) or "none"
            raise UsageError(
                f"there is no column {missing[0]!r}", where=str(file.path), fix=f"the file has {have}"
            )
    if not total:
        where = ", ".join(map(str, paths))
        raise NoRowsError("the input holds no row", where=where, fix="give a file with rows")


def watched(label: str, paths: Sequence[Path], batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Pass batches of `read_texts` through, with rows/s and the time left on stderr."""
    from auditor.cli.progress import progress
    from auditor.samples.inputs.sources import find_files
    from auditor.samples.readers.expected import expected_rows

    done = 0
    expected = expected_rows(file.stored for file in find_files([str(path) for path in paths]))
    with progress(label, expected) as bar:
        for batch in batches:
            yield batch
            done += batch.num_rows
            bar.update(done)


def _chunks(
    file: DataFile, columns: Sequence[str]
) -> Iterator[tuple[Sequence[int], dict[str, Any], set[str]]]:
    """Yield row numbers, the cells of each column, and the columns that were there."""
    from auditor.samples.readers.columnar import read_batches
    from auditor.samples.readers.formats import read_file, sniff

    kind = sniff(file.stored)
    if kind.columnar:
        start = 0
        for batch in read_batches(file.stored):
            numbers = range(start, start + batch.num_rows)
            present = set(batch.schema.names)
            cells = {name: batch[name] if name in present else [None] * len(numbers) for name in columns}
            yield numbers, cells, present
            start += batch.num_rows
        return
    for chunk in read_file(file.stored, kind):
        rows: list[tuple[int, dict[str, Any]]] = [*zip(chunk.numbers, chunk.rows, strict=True)]
        rows = sorted([*rows, *((fault.row, {}) for fault in chunk.faults)], key=lambda pair: pair[0])
        cells = {name: [row.get(name) for _, row in rows] for name in columns}
        yield [number for number, _ in rows], cells, set().union(*chunk.rows)


def _batch(
    file: DataFile, numbers: Sequence[int], cells: dict[str, Any], texts: Sequence[str]
) -> pa.RecordBatch:
    import pyarrow as pa

    arrays = {"row_id": pa.array([f"{file.name}#{number}" for number in numbers], pa.large_string())}
    for name, values in cells.items():
        arrays[name] = _as_text(values) if name in texts else _as_name(values)
    return pa.RecordBatch.from_pydict(arrays)


def _as_text(values: Any) -> pa.Array:
    import pyarrow as pa

    if isinstance(values, list):
        return pa.array([value if isinstance(value, str) else None for value in values], pa.large_string())
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    kind = values.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
        return pa.nulls(len(values), pa.large_string())
    try:
        values.validate(full=True)
    except pa.ArrowInvalid as error:
        raise UnreadableInputError(
            "a text column holds invalid UTF-8", fix="write the file again in UTF-8"
        ) from error
    return values.cast(pa.large_string())


def _as_name(values: Any) -> pa.Array:
    import pyarrow as pa

    plain = values if isinstance(values, list) else values.to_pylist()
    return pa.array([_name(value) for value in plain], pa.large_string())


def _name(value: Any) -> str | None:
    return None if value is None or isinstance(value, bool | list | dict) else str(value)
