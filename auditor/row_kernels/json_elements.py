"""Where the elements of a list of JSON begin and end, by brackets alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.jit.compile import COMPILED, RO_U8, kernel
from auditor.row_kernels.text import BYTES, COMMA, PAD, PLACES, QUOTE, SLASH

if COMPILED:
    from auditor.jit.intrinsics import byte_at, copy_plain, trailing_zeros

_AT, _DEPTH, _START = range(3)


@kernel(f"int64({RO_U8}, int64, {PLACES}, {PLACES}, {PLACES}, {BYTES})", allocates=False)
def _elements(text: Any, end: int, state: Any, starts: Any, ends: Any, scratch: Any) -> Any:
    """Find elements that end in a text; return how many, and leave the state at the last bracket seen."""
    at, depth, start, count = state[_AT], state[_DEPTH], state[_START], 0
    plain = True
    while at < end and count < starts.shape[0]:
        c = byte_at(text, at)
        at += 1
        if c == QUOTE:
            plain = False
            c = 0
            while at < end and c != QUOTE:
                signs = copy_plain(text, at, scratch, 0)
                at += trailing_zeros(signs) if signs else 32
                if signs and at < end:
                    c = byte_at(text, at)
                    at += 2 if c == SLASH else 1
            if c != QUOTE or at > end:
                break
        elif c == 0x7B or c == 0x5B:
            if depth == 0:
                if not plain:
                    break
                start = at - 1
            depth += 1
        elif c == 0x7D or c == 0x5D:
            if depth == 0:
                break
            depth -= 1
            if depth == 0:
                starts[count] = start
                ends[count] = at
                count += 1
                plain = True
        else:
            plain &= c == COMMA or c == 0x20 or c == 0x0A or c == 0x0D or c == 0x09
            continue
        if c != QUOTE:
            state[_AT], state[_DEPTH], state[_START] = at, depth, start
    return count


def find_elements(
    text: bytes, at: int, depth: int, start: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[int, int, int]]:
    """Return where the elements of a list begin and end, and how far they were looked for.

    What stands between two of them and is no blank or comma, and a bracket that closes nothing, ends it.

    Args:
        text: with `PAD` bytes behind it.
        at: outside of a string.
        depth: brackets that are open there.
        start: where the element under way began, if there is one.

    Returns:
        starts, ends; and for the last bracket seen what was given: the place after it, the depth, the start.
    """
    size = len(text) - PAD
    state = np.array([at, depth, start], np.int64)
    starts, ends = np.empty(size // 2 + 1, np.int64), np.empty(size // 2 + 1, np.int64)
    count = _elements(np.frombuffer(text, np.uint8), size, state, starts, ends, np.empty(PAD, np.uint8))
    at, depth, start = state.tolist()
    return starts[:count], ends[:count], (at, depth, start)
