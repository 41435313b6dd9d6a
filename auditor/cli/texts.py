"""Read text columns of data files for the fingerprint commands, a bounded batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import NoRowsError, UnreadableInputError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 16384


def read_texts(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> Iterator[pa.RecordBatch]:
    """Yield batches with a column `row_id` (`file#row`) and the named columns as strings.

    Args:
        columns: must be there.
        optional: all null where the file does not have them.

    Raises:
        UnreadableInputError: the file cannot be opened or parsed.
        UsageError: a column is not there.
    """
    import pyarrow as pa

    start = 0
    for batch in _batches(path):
        missing = [name for name in columns if name not in batch.schema.names]
        if missing:
            raise UsageError(
                f"there is no column {missing[0]!r}",
                where=str(path),
                fix=f"the file has {', '.join(batch.schema.names)}",
            )
        ids = pa.array([f"{path.name}#{start + row}" for row in range(batch.num_rows)], pa.string())
        fields = {"row_id": ids}
        for name in (*columns, *optional):
            present = name in batch.schema.names
            fields[name] = _as_text(batch[name]) if present else pa.nulls(batch.num_rows, pa.large_string())
        yield pa.RecordBatch.from_pydict(fields)
        start += batch.num_rows


def _as_text(values: pa.Array) -> pa.Array:
    import pyarrow as pa

    if pa.types.is_nested(values.type):
        texts = [str(item) if isinstance(item, str) else None for item in values.to_pylist()]
        return pa.array(texts, pa.large_string())
    return values.cast(pa.large_string())


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.ipc
    import pyarrow.parquet

    try:
        suffix = path.suffix.lower()
        if suffix == ".parquet":
            with pa.parquet.ParquetFile(path) as file:
                yield from file.iter_batches(_BATCH)
        elif suffix in (".arrow", ".feather", ".ipc"):
            with pa.ipc.open_file(path) as reader:
                for number in range(reader.num_record_batches):
                    yield reader.get_batch(number)
        elif suffix == ".csv":
            yield from pa.csv.open_csv(path)
        else:
            yield from _json_batches(path)
    except (OSError, pa.ArrowInvalid, ValueError) as error:
        raise UnreadableInputError(f"the file cannot be read: {error}", where=str(path)) from error


def _json_batches(path: Path) -> Iterator[pa.RecordBatch]:
    import json

    import pyarrow as pa

    text = path.read_text(encoding="utf-8")
    rows: list[Any]
    rows = (
        json.loads(text)
        if text.lstrip().startswith("[")
        else [json.loads(line) for line in text.splitlines()]
    )
    if not rows:
        raise NoRowsError("the file holds no row", where=str(path))
    names = list(dict.fromkeys(name for row in rows for name in row))
    for start in range(0, len(rows), _BATCH):
        part = rows[start : start + _BATCH]
        columns = {
            name: [value if isinstance(value := row.get(name), str) else None for row in part]
            for name in names
        }
        yield pa.RecordBatch.from_pydict(columns, pa.schema([(name, pa.large_string()) for name in names]))
