"""Some texts of a batch where they stand, so that nobody copies them who only looks at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.domain.sample import PartRole


@dataclass(frozen=True, slots=True)
class PartTexts:
    """Parts of a batch, by their places among all of them."""

    parts: pa.RecordBatch | pa.Table
    places: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.places)

    @property
    def rows(self) -> NDArray[np.int32]:
        """Return the row of each."""
        found: NDArray[np.int32] = self.parts.column("row_index").to_numpy()[self.places]
        return found

    def table(self) -> pa.Table:
        """Return them as a table of their own; only of all parts it is no copy."""
        parts = self.parts
        whole = pa.Table.from_batches([parts]) if isinstance(parts, pa.RecordBatch) else parts
        return whole if len(self.places) == whole.num_rows else whole.take(pa.array(self.places))


def texts_of(parts: pa.Table | pa.RecordBatch, roles: Sequence[PartRole] = (PartRole.TEACHER,)) -> PartTexts:
    """Return the parts that a teacher wrote, or may have written, or those of other roles."""
    column = parts.column("role")
    met = column.unify_dictionaries().combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    wanted = np.array([role in roles for role in met.dictionary.to_pylist()], bool)
    return PartTexts(parts, np.flatnonzero(wanted[met.indices.to_numpy()] if len(met) else wanted[:0]))
