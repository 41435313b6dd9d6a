"""How much text was looked at: characters that are learned, compared, attributed, and those that are not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


@dataclass(slots=True)
class TextCount:
    """Counts the characters of all rows passed over."""

    learned: int = 0
    """Of text that a teacher wrote, or may have written, masked answers among it."""
    decided: int = 0
    """Of it that which was long enough to tell a copy."""
    other: int = 0
    """Of prompts, system messages and tool output."""
    _by_origin: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def add(
        self,
        parts: pa.Table | pa.RecordBatch,
        texts: pa.Table,
        decided: NDArray[np.bool_],
        numbers: NDArray[np.int32],
    ) -> None:
        """Count the parts of a batch.

        Args:
            texts: its learned text.
            decided: of each of them, whether an index was searched and it was long enough to tell.
            numbers: origin number of each row.
        """
        lengths = pc.utf8_length(texts.column("text")).to_numpy().astype(np.int64)
        learned = int(lengths.sum())
        self.learned += learned
        self.other += (pc.sum(pc.utf8_length(parts.column("text"))).as_py() or 0) - learned
        if len(decided):
            self.decided += int(lengths[decided].sum())
        if len(numbers):
            at = numbers[texts.column("row_index").to_numpy()]
            found = np.bincount(at, lengths, len(self._by_origin)).astype(np.int64)
            found[: len(self._by_origin)] += self._by_origin
            self._by_origin = found

    def of(self, origin: int) -> int:
        """Return the characters of learned text in the rows of an origin, by its number."""
        return int(self._by_origin[origin]) if origin < len(self._by_origin) else 0
