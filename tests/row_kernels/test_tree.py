"""The kernel's trees have the tops of RFC 6962, as the plain way computes them."""

from __future__ import annotations

import hashlib
import random

import pytest

from auditor.jit.compile import COMPILED

if not COMPILED:
    pytest.skip("numba does not compile here", allow_module_level=True)

from auditor.row_kernels.tree import OWN_SHA256, subtree_tops

pytestmark = pytest.mark.skipif(not OWN_SHA256, reason="this processor has no instructions for SHA-256")


def top(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word: split at the largest power of two below the size."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + top(leaves[:k]) + top(leaves[k:])).digest()


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 9, 31, 64, 100])
@pytest.mark.parametrize("size", [1, 8, 64])
def test_each_run_has_the_top_of_rfc_6962(count: int, size: int) -> None:
    rows = random.Random(count).randbytes(32 * count)
    leaves = [rows[at : at + 32] for at in range(0, len(rows), 32)]
    assert subtree_tops(rows, size) == [top(leaves[at : at + size]) for at in range(0, count, size)]
