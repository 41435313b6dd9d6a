# mypy: allow-untyped-defs, no-check-untyped-defs
"""Machine-level steps for kernels that also run uncompiled."""

from __future__ import annotations

from typing import Any

import numpy as np

from auditor.fingerprint.tokens import reference
from auditor.jit.compile import COMPILED

fold_multiply: Any
prefetch: Any

if COMPILED:
    from auditor.jit import intrinsics

    fold_multiply, prefetch = intrinsics.fold_multiply, intrinsics.prefetch
else:

    def _fold_multiply(left, right):
        return np.uint64(reference.fold_multiply(int(left), int(right)))

    def _prefetch(array, index):
        return None

    fold_multiply, prefetch = _fold_multiply, _prefetch
