# mypy: allow-untyped-defs, no-check-untyped-defs
"""Local alignment of word sequences (Smith and Waterman 1981), one anti-diagonal at a time."""

from __future__ import annotations

import numpy as np

from auditor.jit.compile import RO_I32, RO_U32, kernel

MISMATCH, GAP = 450, 300
"""Costs in thousandths of a fully rare matching word."""
MAX_WORDS = 1500
"""Longest stretch aligned on either side."""


@kernel(f"int64(uint32[::1], int32[::1], {RO_U32}, int32[::1], int32[::1], int32[::1])")
def _sweep(query, weights, reference, before, last, now):
    """Fill one anti-diagonal from the two before it; return its best score. The loop is free of branches."""
    best = np.int32(0)
    for k in range(reference.size):
        gain = weights[k] if query[k] == reference[k] else np.int32(-MISMATCH)
        score = max(before[k] + gain, max(last[k], last[k + 1]) - np.int32(GAP))
        score = max(score, np.int32(0))
        now[k] = score
        best = max(best, score)
    return best


@kernel(f"int64({RO_U32}, {RO_I32}, {RO_U32}, uint32[::1], int32[::1], int32[:, ::1])")
def align(query, weights, reference, flipped, flipped_weights, rows):
    """Return the best local alignment score in thousandths.

    Args:
        query, reference: word ids, at most `MAX_WORDS` each.
        weights: int32, thousandths a match of each query word is worth.
        flipped, flipped_weights: scratch, `MAX_WORDS` entries.
        rows: int32[3 or more, MAX_WORDS + 2] scratch, the first three rows are used.
    """
    n, m = query.size, reference.size
    for i in range(n):
        flipped[n - 1 - i] = query[i]
        flipped_weights[n - 1 - i] = weights[i]
    rows[:3, : m + 2] = 0
    best = np.int64(0)
    for diagonal in range(n + m - 1):
        low = max(0, diagonal - n + 1)
        high = min(diagonal, m - 1) + 1
        shift = n - 1 - diagonal
        now = rows[diagonal % 3]
        score = _sweep(
            flipped[shift + low : shift + high],
            flipped_weights[shift + low : shift + high],
            reference[low:high],
            rows[(diagonal + 1) % 3, low:high],
            rows[(diagonal + 2) % 3, low : high + 1],
            now[low + 1 : high + 1],
        )
        best = max(best, score)
        if high < m:
            now[high + 1] = 0
    return best
