# mypy: allow-untyped-defs, no-check-untyped-defs
"""Kernel that tells in one pass over the bytes which texts have code; nothing more is spent on the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from auditor.jit.compile import RO_I64, RO_U8, kernel

NOTHING, FENCED, WHOLE = 0, 1, 2
"""How much of a text is code."""
LEAST_SHARE = 16
"""One byte in so many must be a sign of code for a text without fences to be code throughout."""
LEAST_BYTES = 40


def _signs() -> NDArray[np.int64]:
    signs = np.zeros(256, np.int64)
    signs[list(b"{}()[]<>;=_$/\\|&+")] = 1
    signs.setflags(write=False)
    return signs


_SIGNS = _signs()


@kernel(f"void({RO_U8}, {RO_I64}, {RO_I64}, uint8[::1])", allocates=False)
def tell_code(data, offsets, stops, kinds):
    """Write of every text whether it has fenced blocks, is code throughout, or neither."""
    for text in range(kinds.size):
        begin, end = offsets[text], stops[text]
        signs = np.int64(0)
        fenced = False
        for at in range(begin, end):
            byte = data[at]
            signs += _SIGNS[byte]
            if (byte == 96 or byte == 126) and at >= begin + 2 and data[at - 1] == byte:
                fenced |= data[at - 2] == byte
        whole = end - begin >= LEAST_BYTES and signs * LEAST_SHARE >= end - begin
        kinds[text] = FENCED if fenced else WHOLE if whole else NOTHING
