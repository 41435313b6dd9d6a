# mypy: allow-untyped-defs, no-check-untyped-defs
"""The compiled search for the likeliest words of a run of letters."""

from __future__ import annotations

import numpy as np

from auditor.jit.compile import RO_F32, RO_U32, kernel

LONGEST = 24
"""Letters of the longest word that is looked for."""
_UNKNOWN, _PER_LETTER = 14.0, 4.7
"""Bits that a word which the index lacks costs, and each letter of it."""


@kernel(
    f"void(int64, uint32[:, ::1], {RO_U32}, {RO_F32}, float32[::1], int32[::1], uint8[::1])", allocates=False
)
def borders(size, ids, known, bits, costs, steps, starts):
    """Mark where words start, such that together they are the likeliest (Viterbi over word frequencies)."""
    costs[0] = np.float32(0)
    for end in range(1, size + 1):
        costs[end] = np.float32(1e30)
        for length in range(1, min(LONGEST, end) + 1):
            id = ids[end, length]
            low, high = 0, known.size
            while low < high:
                middle = (low + high) >> 1
                if known[middle] < id:
                    low = middle + 1
                else:
                    high = middle
            cost = np.float32(_UNKNOWN + _PER_LETTER * length)
            if low < known.size and known[low] == id:
                cost = bits[low]
            if costs[end - length] + cost < costs[end]:
                costs[end] = costs[end - length] + cost
                steps[end] = length
    at = size
    while at > 0:
        at -= steps[at]
        starts[at] = 1
