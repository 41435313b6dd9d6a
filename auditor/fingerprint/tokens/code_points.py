# mypy: allow-untyped-defs, no-check-untyped-defs
"""Code points of UTF-8, for kernels; it needs nothing that only a compiler has."""

from __future__ import annotations

import numpy as np

from auditor.jit.compile import inlined


@inlined
def code_point(data, at):
    """Decode the code point at a lead byte; return it with its size in bytes."""
    lead = np.int64(data[at])
    if lead < 0xE0:
        return (lead & 0x1F) << 6 | np.int64(data[at + 1] & 0x3F), 2
    if lead < 0xF0:
        middle = np.int64(data[at + 1] & 0x3F) << 6
        return (lead & 0xF) << 12 | middle | np.int64(data[at + 2] & 0x3F), 3
    high = (lead & 7) << 18 | np.int64(data[at + 1] & 0x3F) << 12
    return (high | np.int64(data[at + 2] & 0x3F) << 6 | np.int64(data[at + 3] & 0x3F)), 4
