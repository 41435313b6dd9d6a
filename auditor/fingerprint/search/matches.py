"""Write tables of what was found in each row to Parquet, a batch at a time, atomically."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from auditor.parquet import ParquetFile


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
        self._schema = pa.schema([("sample_id", pa.string()), *schema], metadata=dict(facts))
        fix, what = "choose a writable place", "the matches cannot be written"
        self._file = ParquetFile(path, self._schema, fix=fix, what=what)

    def __enter__(self) -> Self:
        """Open a draft beside the target."""
        self._file.__enter__()
        return self

    def write(self, ids: pa.Array, matches: pa.Table) -> None:
        """Append one table of matches with the ids of its rows."""
        self._file.write(matches.add_column(0, "sample_id", ids).cast(self._schema))
        for entry in matches[self._counted].value_counts().to_pylist():
            self.counts[entry["values"]] += entry["counts"]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the draft in place, or drop it when something went wrong."""
        self._file.__exit__(kind, error, trace)
