"""Number sequences of small integers so that equal ones have one number, without a look at each by itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


def number_sequences(bounds: Integers, values: Integers) -> Integers:
    """Return a number for each sequence: int64[n], equal for equal sequences alone.

    Args:
        bounds: int64[n + 1]; sequence i is values[bounds[i]:bounds[i + 1]].
        values: of 0 or more.
    """
    lengths = np.diff(bounds)
    numbers = np.zeros(len(lengths), np.int64)
    width = int(values.max(initial=0)) + 1
    for depth in range(int(lengths.max(initial=0))):
        # All that is as long is numbered anew by what it was so far and its next value.
        longer = np.flatnonzero(lengths > depth)
        pairs = numbers[longer] * width + values[bounds[longer] + depth]
        numbers[longer] = np.unique(pairs, return_inverse=True)[1]
    return np.unique(numbers * (int(lengths.max(initial=0)) + 1) + lengths, return_inverse=True)[1]
