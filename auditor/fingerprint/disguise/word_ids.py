# mypy: allow-untyped-defs, no-check-untyped-defs
"""The ids of all words that a run of letters may hold; only where kernels are compiled."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.disguise.word_borders import LONGEST
from auditor.fingerprint.tokens.kernel import word_hash
from auditor.jit.compile import RO_U8, kernel

PADDING = 64
"""Bytes that must follow the letters."""


@kernel(f"void({RO_U8}, int64, uint32[:, ::1])", allocates=False)
def hash_words(data, size, ids):
    """Write the id of every word that data[:size] may hold, by its end and its length."""
    for end in range(1, size + 1):
        for length in range(1, min(LONGEST, end) + 1):
            ids[end, length] = np.uint32(word_hash(data, end - length, length) >> np.uint64(32))
