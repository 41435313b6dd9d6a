"""Asks the kernel of one text whether it is silent by its bytes."""

from __future__ import annotations

import numpy as np

from auditor.jit.compile import RO_U8, kernel
from auditor.row_kernels.silent_texts import NOTHING, TELLS, SilentTexts, says_nothing
from auditor.row_kernels.text import PAD


@kernel(f"boolean({RO_U8}, int64, int64, {TELLS})")
def _says_nothing(text, begin, end, heads, first, runs):
    return says_nothing(text, begin, end, heads, first, runs)


def told_silent(text: str, silent: SilentTexts | None, beside: str = "") -> bool:
    """Tell whether a text is silent, with another text at both sides of it."""
    arrays = NOTHING if silent is None else silent.arrays
    before, raw = beside.encode(), f"{beside}{text}{beside}".encode()
    data = np.frombuffer(raw + bytes(PAD), np.uint8)
    return bool(_says_nothing(data, len(before), len(raw) - len(before), *arrays))
