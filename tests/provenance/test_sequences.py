"""Equal sequences have one number, others another."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from auditor.provenance.sequences import number_sequences


@given(st.lists(st.lists(st.integers(0, 3), max_size=4), max_size=30))
def test_sequences_have_one_number_where_they_are_equal(sequences: list[list[int]]) -> None:
    bounds = np.cumsum([0, *map(len, sequences)], dtype=np.int64)
    numbers = number_sequences(
        bounds, np.array([one for part in sequences for one in part], np.int64)
    ).tolist()
    assert len(numbers) == len(sequences)
    for one, number in zip(sequences, numbers, strict=True):
        for other, another in zip(sequences, numbers, strict=True):
            assert (one == other) == (number == another)
