"""Batches of rows in the one form that everything after the readers works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.domain.sample import PartRole
from auditor.samples.parts import Part

_ROLES = {role: place for place, role in enumerate(PartRole)}
_ROLE_NAMES = pa.array([str(role) for role in PartRole], pa.string())
_CATEGORY = pa.dictionary(pa.int32(), pa.string())

PART_SCHEMA = pa.schema(
    [
        ("row_index", pa.int32()),
        ("role", _CATEGORY),
        ("slot", _CATEGORY),
        ("text", pa.large_string()),
    ]
)
"""One line per text of a row: `row_index` is the row's place in the batch, `role` a `PartRole`."""


@dataclass(frozen=True, slots=True)
class SampleBatch:
    """Rows of one file, in file order; all members have one entry per row, but `parts`."""

    file: str
    """Path relative to the argument's root."""
    rows: NDArray[np.int64]
    """Place of each row in its file, from 0."""
    lines: NDArray[np.int64] | None
    """1-based line of each row; None for columnar formats."""
    digests: Sequence[bytes]
    """Row digests, 32 bytes each."""
    parts: pa.RecordBatch
    """Texts, after `PART_SCHEMA`."""
    claim_sets: NDArray[np.int32]
    """Place of each row's claims in `Source.claim_sets`."""

    def __len__(self) -> int:
        return len(self.rows)

    def sample_ids(self) -> pa.StringArray:
        """Return the ids of the rows, `file#row`."""
        return pc.binary_join_element_wise(self.file, pa.array(self.rows).cast(pa.string()), "#")


def part_batch(parts_of_rows: Sequence[Sequence[Part]]) -> pa.RecordBatch:
    """Return the texts of rows after `PART_SCHEMA`."""
    counts = np.fromiter(map(len, parts_of_rows), np.int32, len(parts_of_rows))
    parts = [part for parts in parts_of_rows for part in parts]
    slots: dict[str, int] = {}
    roles = np.fromiter((_ROLES[part.role] for part in parts), np.int32, len(parts))
    places = np.fromiter((slots.setdefault(part.slot, len(slots)) for part in parts), np.int32, len(parts))
    return pa.RecordBatch.from_arrays(
        [
            pa.array(np.repeat(np.arange(len(parts_of_rows), dtype=np.int32), counts)),
            pa.DictionaryArray.from_arrays(pa.array(roles), _ROLE_NAMES),
            pa.DictionaryArray.from_arrays(pa.array(places), pa.array(list(slots), pa.string())),
            pa.array([part.text for part in parts], pa.large_string()),
        ],
        schema=PART_SCHEMA,
    )
