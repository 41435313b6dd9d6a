"""Batches of rows in the one form that everything after the readers works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.domain.sample import PartRole
from auditor.samples.parts import Part

_ROLES = {role: place for place, role in enumerate(PartRole)}
_ROLE_NAMES = pa.array([str(role) for role in PartRole], pa.string())
_NO_TEXT = np.zeros(0, np.uint8)
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


Form = tuple[tuple[PartRole, str], ...]
"""Role and slot of each part of a row."""


class PartTable:
    """Gathers the texts of rows; rows of one form are alike but for their texts."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        """The texts of the last rows that were added one by one."""
        self.forms: list[int] = []
        """The number of each of these rows' forms."""
        self._numbers: dict[Form, int] = {}
        self._runs: list[tuple[NDArray[np.int64], NDArray[np.int64], Any]] = []
        """Forms of rows, where each of their texts ends, and these texts end to end."""

    def form(self, form: Form) -> int:
        """Return the number of a form."""
        return self._numbers.setdefault(form, len(self._numbers))

    def add(self, parts: Sequence[Part]) -> None:
        """Add one row."""
        self.texts += [part.text for part in parts]
        self.forms.append(self.form(tuple([part[:2] for part in parts])))

    def add_run(self, forms: NDArray[np.int64], ends: NDArray[np.int64], text: NDArray[np.uint8]) -> None:
        """Add many rows.

        Args:
            forms: the number of each row's form.
            ends: where each text of the rows ends in `text`.
        """
        self._close()
        self._runs.append((forms, ends, text))

    def _close(self) -> None:
        """Make a run of the rows that were added one by one."""
        if self.forms:
            texts = pa.array(self.texts, pa.large_string())
            ends = np.frombuffer(texts.buffers()[1], np.int64, len(texts) + 1)[1:]
            self._runs.append((np.array(self.forms, np.int64), ends, texts.buffers()[2] or b""))
            self.texts, self.forms = [], []

    def batch(self) -> pa.RecordBatch:
        """Return the texts after `PART_SCHEMA`."""
        self._close()
        slots: dict[str, int] = {}
        flat = [part for form in self._numbers for part in form]
        roles = np.array([_ROLES[role] for role, _ in flat], np.int32)
        places = np.array([slots.setdefault(slot, len(slots)) for _, slot in flat], np.int32)
        sizes = np.array([len(form) for form in self._numbers], np.int64)
        forms = np.concatenate([run[0] for run in self._runs] or [np.zeros(0, np.int64)])
        counts = sizes[forms] if len(forms) else np.zeros(0, np.int64)
        ends = np.cumsum(counts)
        texts = self._all_texts()
        within = np.arange(len(texts)) - np.repeat(ends - counts, counts)
        at = np.repeat((np.cumsum(sizes) - sizes)[forms], counts) + within if len(forms) else within
        return pa.RecordBatch.from_arrays(
            [
                pa.array(np.repeat(np.arange(len(forms), dtype=np.int32), counts)),
                pa.DictionaryArray.from_arrays(pa.array(roles[at]), _ROLE_NAMES),
                pa.DictionaryArray.from_arrays(pa.array(places[at]), pa.array(list(slots), pa.string())),
                texts,
            ],
            schema=PART_SCHEMA,
        )

    def _all_texts(self) -> pa.LargeStringArray:
        """Return the texts of all runs."""
        offsets, size = [np.zeros(1, np.int64)], 0
        for _, ends, text in self._runs:
            offsets.append(ends + size)
            size += len(text)
        ends = np.concatenate(offsets)
        joined = np.concatenate([np.frombuffer(text, np.uint8) for _, _, text in self._runs] or [_NO_TEXT])
        return pa.LargeStringArray.from_buffers(len(ends) - 1, pa.py_buffer(ends), pa.py_buffer(joined))
