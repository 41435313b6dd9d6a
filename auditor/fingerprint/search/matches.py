"""Write tables of what was found in each row to Parquet, a batch at a time, atomically."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.errors import EnvironmentFault


class MatchWriter:
    """Collect match tables into one Parquet file; the file appears only when everything was written.

    Attributes:
        counts: rows per value of the counted column so far.
    """

    def __init__(
        self, path: Path, schema: pa.Schema, facts: Mapping[str, str], counted: str = "verdict"
    ) -> None:
        """Prepare to write tables of `schema`, each row led by its id, to `path`.

        Args:
            facts: what the matches were found with, such as the specification; metadata of the file.
            counted: a column of few values.
        """
        self.counts: Counter[str | None] = Counter()
        self._counted = counted
        self._path = path
        self._schema = pa.schema([("sample_id", pa.string()), *schema], metadata=dict(facts))
        self._draft = path.with_name(f".{path.name}.{os.getpid()}")
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        """Open a draft beside the target."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self._draft, self._schema, compression="zstd")
        except OSError as error:
            raise self._fault(error) from error
        return self

    def write(self, ids: pa.Array, matches: pa.Table) -> None:
        """Append one table of matches with the ids of its rows."""
        assert self._writer is not None
        self._writer.write_table(matches.add_column(0, "sample_id", ids).cast(self._schema))
        for entry in matches[self._counted].value_counts().to_pylist():
            self.counts[entry["values"]] += entry["counts"]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the draft in place, or drop it when something went wrong."""
        assert self._writer is not None
        self._writer.close()
        if kind is not None:
            self._draft.unlink(missing_ok=True)
            return
        try:
            os.replace(self._draft, self._path)
        except OSError as fault:
            raise self._fault(fault) from fault

    def _fault(self, error: OSError) -> EnvironmentFault:
        return EnvironmentFault(
            f"the matches cannot be written: {error.strerror}",
            where=str(self._path),
            fix="choose a writable place",
        )
