"""Parquet and Arrow IPC, one batch at a time, as the values that JSON would have."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

from auditor.digest import split_digests
from auditor.errors import UnreadableInputError
from auditor.parquet import open_parquet
from auditor.row_kernels.worth import pays
from auditor.samples.readers.chunk import CHUNK_BYTES, CHUNK_ROWS, Chunk, ChunkBuilder
from auditor.samples.readers.column_values import batch_rows, first_line
from auditor.samples.readers.compression import TruncatedError
from auditor.samples.readers.runs import ColumnBlock, Outline, Row
from auditor.samples.readers.stored import Stored, open_bytes, packing_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditor.row_kernels.columns import Noted

_FEW = 16
"""Where more than one row in so many is left by machine code, the exact path reads the whole batch."""
MAX_UNPACKED_BYTES = 64 << 30
"""A compressed columnar file is unpacked beside the system's temporary files, up to this size."""


def read_columnar(stored: Stored, chunk_rows: int = CHUNK_ROWS, outlined: bool = False) -> Iterator[Chunk]:
    """Yield the rows of a Parquet or Arrow file (file or stream format), by its first bytes.

    Args:
        outlined: note the schemas of rows and where their values stand.

    Raises:
        UnreadableInputError: the file is damaged, or has a type that rows cannot have.
    """
    builder = ChunkBuilder(chunk_rows, outlined)
    for batch in read_batches(stored, chunk_rows):
        size = batch.nbytes // max(batch.num_rows, 1)
        if pays(batch.nbytes) and (found := _fast_digests(batch, builder)) is not None:
            yield from _whole(builder, batch, found, size)
            continue
        for row in batch_rows(batch):
            builder.add_row(None, row, size)
            if builder.full:
                yield builder.take()
    yield builder.take()


@dataclass(frozen=True, slots=True)
class _Digested:
    """A batch that machine code has digested."""

    digests: list[bytes]
    odd: dict[int, Row]
    """Rows that it left, by their places: they go the exact way."""
    noted: Noted | None

    def outline(self, kept: NDArray[np.int64]) -> Outline | None:
        """Return the outline of some rows."""
        noted = self.noted
        return None if noted is None else Outline.of(noted.notes, noted.text, kept, escaped=False)


def _fast_digests(batch: pa.RecordBatch, builder: ChunkBuilder) -> _Digested | None:
    """Digest a batch's rows by machine code; None where the exact path is better for all of them."""
    from auditor.samples.readers.column_digests import batch_digests

    try:
        digests, states, noted = batch_digests(batch, builder.schemas)
        left = states.nonzero()[0].tolist()
        if len(left) > batch.num_rows // _FEW:
            return None
        odd = {place: batch_rows(batch.slice(place, 1))[0] for place in left}
    except (UnreadableInputError, pa.ArrowException, ValueError, ArithmeticError, RecursionError):
        return None  # the exact path says of which row or column it is
    return _Digested(list(split_digests(digests.tobytes())), odd, noted)


def _whole(builder: ChunkBuilder, batch: pa.RecordBatch, found: _Digested, size: int) -> Iterator[Chunk]:
    """Add all rows of a batch, each made when it is asked for; yield the chunks that are full."""
    at = 0
    while at < batch.num_rows:
        count = min(builder.rows_left(size), batch.num_rows - at)
        odd = {place - at: row for place, row in found.odd.items() if at <= place < at + count}
        kept = at + builder.add_digests(found.digests[at : at + count], odd, count * size)
        if len(kept):
            builder.add_rows(ColumnBlock(len(kept), partial(_rows, batch, kept), found.outline(kept)))
        at += count
        if builder.full:
            yield builder.take()


def _rows(batch: pa.RecordBatch, kept: NDArray[np.int64], at: int, count: int) -> list[Row]:
    """Make rows, so many of those kept from a place on."""
    first, last = int(kept[at]), int(kept[at + count - 1])
    rows = batch_rows(batch.slice(first, last + 1 - first))
    return rows if len(rows) == count else [rows[place - first] for place in kept[at : at + count].tolist()]


def read_batches(stored: Stored, chunk_rows: int = CHUNK_ROWS) -> Iterator[pa.RecordBatch]:
    """Yield the record batches of a Parquet or Arrow file.

    Raises:
        UnreadableInputError: the file is damaged, or two columns have one name.
    """
    try:
        with _seekable(stored) as plain:
            for batch in _open(plain, chunk_rows):
                names = batch.schema.names
                if len(set(names)) != len(names):
                    raise UnreadableInputError("two columns have the same name", fix="rename one of them")
                yield batch
    except UnicodeDecodeError as error:
        raise UnreadableInputError("the file is damaged: a column's name is not valid UTF-8") from error
    except (pa.ArrowException, OSError, TruncatedError, ValueError, ArithmeticError, RecursionError) as error:
        raise UnreadableInputError(f"the file is damaged: {first_line(error)}") from error


def read_schema(stored: Stored) -> pa.Schema:
    """Return the schema of a Parquet or Arrow file with its metadata.

    Raises:
        UnreadableInputError: it is damaged.
    """
    try:
        with _seekable(stored) as plain:
            with plain.open("rb") as file:
                first = file.read(6)
            if first.startswith(b"PAR1"):
                return pa.parquet.read_schema(plain)
            with pa.OSFile(str(plain)) as source:
                opened = pa.ipc.open_file if first == b"ARROW1" else pa.ipc.open_stream
                with opened(source) as reader:
                    return reader.schema
    except (pa.ArrowException, OSError, TruncatedError, UnicodeDecodeError) as error:
        raise UnreadableInputError(f"the file is damaged: {first_line(error)}") from error


@contextmanager
def _seekable(stored: Stored) -> Iterator[Path]:
    if isinstance(stored, Path) and packing_of(stored) is None:
        yield stored
        return
    with tempfile.NamedTemporaryFile(prefix="auditor-") as plain, open_bytes(stored) as packed:
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
        with open_parquet(path) as parquet:
            yield from parquet.iter_batches(_batch_rows(parquet.metadata, chunk_rows))
    elif first == b"ARROW1":
        # No memory map: a file cut short meanwhile would end the process, not raise.
        with pa.OSFile(str(path)) as source, pa.ipc.open_file(source) as reader:
            _refuse_unions(reader.schema)
            for place in range(reader.num_record_batches):
                yield from _slices(_sound(reader.get_batch(place)), chunk_rows)
    else:
        with pa.OSFile(str(path)) as source, pa.ipc.open_stream(source) as stream:
            _refuse_unions(stream.schema)
            for batch in stream:
                yield from _slices(_sound(batch), chunk_rows)


def _refuse_unions(schema: pa.Schema) -> None:
    """Refuse values of several types in one column before one is read: Arrow can end the process on them."""
    waiting = [field.type for field in schema]
    while waiting:
        kind = waiting.pop()
        if pa.types.is_union(kind):
            raise UnreadableInputError(f"a column has the type {kind}, which rows cannot have")
        if isinstance(kind, pa.BaseExtensionType):
            waiting.append(kind.storage_type)
        elif pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
            waiting.append(kind.value_type)
        else:
            waiting.extend(kind.field(place).type for place in range(kind.num_fields))


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
