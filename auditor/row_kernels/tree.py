"""Tops of hash trees by machine code: SHA-256 over nodes of two, as RFC 6962 (section 2.1) builds them."""

from __future__ import annotations

from typing import Any

import numpy as np

from auditor.jit.compile import RO_U8, kernel
from auditor.row_kernels.json_rows import OWN_SHA256
from auditor.row_kernels.text import BYTES

if OWN_SHA256:
    from auditor.row_kernels.sha256 import put_digest

__all__ = ["OWN_SHA256", "subtree_tops"]

_LEVELS = "Array(uint8, 2, 'C')"


@kernel(
    f"void({RO_U8}, int64, {_LEVELS}, {BYTES}, Array(uint32, 1, 'C'), {BYTES}, {_LEVELS})", allocates=False
)
def _tops(rows: Any, size: int, level: Any, form: Any, words: Any, tail: Any, tops: Any) -> None:
    """Write the top of each run of `size` row digests; a last node without a sibling moves up as it is."""
    count = rows.shape[0] // 32
    for top in range(tops.shape[0]):
        wide = min(size, count - top * size)
        form[0] = 0
        for leaf in range(wide):
            for k in range(32):
                form[1 + k] = rows[(top * size + leaf) * 32 + k]
            put_digest(form, 33, words, tail, level, leaf)
        form[0] = 1
        while wide > 1:
            for pair in range(wide // 2):
                for k in range(64):
                    form[1 + k] = level[2 * pair + k // 32, k % 32]
                put_digest(form, 65, words, tail, level, pair)
            if wide % 2:
                for k in range(32):
                    level[wide // 2, k] = level[wide - 1, k]
            wide = (wide + 1) // 2
        for k in range(32):
            tops[top, k] = level[0, k]


def subtree_tops(rows: bytes | bytearray | memoryview, size: int) -> list[bytes]:
    """Return the top (32 bytes) of each run of `size` row digests, of which `rows` is a string."""
    count = len(rows) // 32
    tops = np.empty((-(-count // size), 32), np.uint8)
    level = np.empty((min(size, count), 32), np.uint8)
    words, tail = np.empty(8, np.uint32), np.empty(128, np.uint8)
    _tops(np.frombuffer(rows, np.uint8), size, level, np.empty(128, np.uint8), words, tail, tops)
    return [top.tobytes() for top in tops]
