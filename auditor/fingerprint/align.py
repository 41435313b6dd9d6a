# mypy: allow-untyped-defs, no-check-untyped-defs
"""Local alignment of word sequences (Smith and Waterman 1981), one anti-diagonal at a time."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.jit import RO_I32, RO_U32, kernel

MISMATCH, GAP = 450, 300
"""Costs in thousandths of a fully rare matching word."""
MAX_WORDS = 1500
"""Longest stretch aligned on either side."""


@kernel(f"int64({RO_U32}, {RO_I32}, {RO_U32}, uint32[::1], int32[::1], int32[:, ::1])")
def align(query, weights, reference, flipped, flipped_weights, rows):
    """Return the best local alignment score in thousandths.

    Args:
        query, reference: word ids, at most `MAX_WORDS` each.
        weights: int32, thousandths a match of each query word is worth.
        flipped, flipped_weights: scratch, `MAX_WORDS` entries.
        rows: int32[3, MAX_WORDS + 2] scratch.
    """
    n, m = query.size, reference.size
    for i in range(n):
        flipped[n - 1 - i] = query[i]
        flipped_weights[n - 1 - i] = weights[i]
    rows[:, : m + 2] = 0
    best = np.int32(0)
    for diagonal in range(n + m - 1):
        low = max(0, diagonal - n + 1)
        high = min(diagonal, m - 1) + 1
        shift = n - 1 - diagonal
        now = rows[diagonal % 3]
        last = rows[(diagonal + 2) % 3]
        before = rows[(diagonal + 1) % 3]
        for j in range(low, high):
            gain = flipped_weights[shift + j] if flipped[shift + j] == reference[j] else np.int32(-MISMATCH)
            score = max(before[j] + gain, max(last[j], last[j + 1]) - np.int32(GAP))
            score = max(score, np.int32(0))
            now[j + 1] = score
            best = max(best, score)
        if low == 0:
            now[0] = 0
        if high < m:
            now[high + 1] = 0
    return np.int64(best)
