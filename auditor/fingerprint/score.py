"""Turn the measurements of a query against its candidates into one score each."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from auditor.fingerprint import matching as m
from auditor.fingerprint.grams import GRAM

F32: TypeAlias = NDArray[np.float32]
SHORT = 40
"""Texts of fewer words are decided by exact containment alone."""
LEAST = 8
"""Texts of fewer words are not decided at all."""
FLOOR = 0.8
"""No calibration goes below this score."""
CONTAINED = 0.6
"""Share of a query's informative 8-grams in one reference text that is a copy whatever else is true."""


def score(features: F32) -> F32:
    """Score every candidate: float32[n, candidates], higher is more alike; 1.0 at the containment rule."""
    f = features.astype(np.float32)
    words = np.maximum(f[:, :, m.WORDS], 1)
    grams = np.maximum(words - GRAM + 1, 1)
    contained = f[:, :, m.EIGHTS] / np.maximum(f[:, :, m.EIGHTS_OF], 1)
    parts = np.stack(
        [
            f[:, :, m.ALIGNED] / np.maximum(words, 20) / 0.36,
            f[:, :, m.LOCAL] / np.sqrt(grams) / 2.3,
            f[:, :, m.WIN5] / m.WINDOW / 0.60,
        ]
    ).max(axis=0)
    result: F32 = np.where(words < SHORT, 0, parts)
    return np.maximum(result, contained / CONTAINED)
