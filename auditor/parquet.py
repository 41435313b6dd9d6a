"""Parquet a batch at a time: read without holding what was read, written whole or not at all."""

from __future__ import annotations

import contextlib
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.files import Draft, write_faults

_READ = 1 << 20


def open_parquet(path: Path) -> pq.ParquetFile:
    """Open a file whose batches are read a megabyte of each column at a time.

    Unasked, pyarrow reads whole row groups ahead and keeps every one of them until the last batch is out.

    Raises:
        OSError: it cannot be read.
        pyarrow.ArrowException: it is damaged.
    """
    return pq.ParquetFile(path, buffer_size=_READ, pre_buffer=False)


class ParquetFile:
    """One file in the making: put in place at the end of the block, or dropped after an error."""

    def __init__(
        self, target: Path, schema: pa.Schema, *, fix: str, what: str = "cannot write", **options: Any
    ) -> None:
        """Prepare to write batches of `schema` to `target`.

        Args:
            fix: what a person can do where it cannot be written.
            what: how the message of that begins.
            options: of `pyarrow.parquet.ParquetWriter`.
        """
        self._target = target
        self._schema = schema
        self._options = {"compression": "zstd", **options}
        self._fault = (target, fix, what)

    def __enter__(self) -> Self:
        """Open a draft beside the target.

        Raises:
            EnvironmentFault: the folder cannot be written.
        """
        with write_faults(*self._fault):
            self._draft = Draft.beside(self._target)
            try:
                self._writer = pq.ParquetWriter(self._draft.path, self._schema, **self._options)
            except BaseException:
                self._draft.drop()
                raise
        return self

    def write(self, rows: pa.RecordBatch | pa.Table) -> None:
        """Append rows.

        Raises:
            EnvironmentFault: they cannot be written.
        """
        with write_faults(*self._fault):
            self._writer.write(rows)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the draft in place, or drop it when something went wrong."""
        if kind is not None:
            with contextlib.suppress(OSError, pa.ArrowException):
                self._writer.close()
            self._draft.drop()
            return
        with write_faults(*self._fault), self._draft:
            self._writer.close()
