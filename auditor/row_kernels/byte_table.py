"""A table of byte strings with their numbers, asked by kernels: told apart by every byte, not by a hash.

It is bounded in strings, in bytes and in places that are tried, so that nobody can make it slow or large by
the strings that they choose: what finds no place is not in it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from auditor.jit.compile import COMPILED, RO_U8, kernel, part
from auditor.row_kernels.text import BYTES, PAD, PLACES, copy_bytes

if COMPILED:
    from auditor.jit.intrinsics import fold_multiply, load_u64

_SEED: Final = np.uint64(0x9E3779B97F4A7C15)
_FACTOR: Final = np.uint64(0xD6E8FEB86659FD93)
_TRIED: Final = 64
_EMPTY: Final = -1
_TAG: Final = 1 << 32
TABLE: Final = f"{PLACES}, {PLACES}, {BYTES}"
"""Signature names of the three arrays of a table."""


@part
def _masked(data: Any, at: int, rest: int) -> Any:
    """Return the next 8 bytes as a number, or the `rest` that are left of them."""
    word = load_u64(data, at)
    if rest < 8:
        word &= (np.uint64(1) << np.uint64(8 * rest)) - np.uint64(1)
    return word


@part
def _hash(data: Any, begin: int, end: int) -> Any:
    found = _SEED ^ np.uint64(end - begin)
    for at in range(begin, end, 8):
        found = fold_multiply(found ^ _masked(data, at, end - at), _FACTOR)
    return fold_multiply(found, _SEED)


@part
def equal_bytes(left: Any, at: int, right: Any, other: int, size: int) -> bool:
    """Tell whether two runs of `size` bytes are equal; 8 bytes behind both must be readable."""
    for k in range(0, size, 8):
        if _masked(left, at + k, size - k) != _masked(right, other + k, size - k):
            return False
    return True


@part
def find_bytes(data: Any, begin: int, end: int, slots: Any, ends: Any, pool: Any) -> Any:
    """Return the number of a string, or -1; 8 bytes behind it must be readable."""
    found = _hash(data, begin, end)
    last = slots.shape[0] - 1
    place = np.int64(found & np.uint64(last))
    tag = np.int64(found >> np.uint64(40))
    for _ in range(_TRIED):
        held = slots[place]
        if held == _EMPTY:
            return -1
        number, size = held % _TAG, end - begin
        alike = held // _TAG == tag and ends[number + 1] - ends[number] == size
        if alike and equal_bytes(data, begin, pool, ends[number], size):
            return number
        place = (place + 1) & last
    return -1


@part
def add_bytes(data: Any, begin: int, end: int, slots: Any, ends: Any, pool: Any) -> Any:
    """Add a string that is not in the table; return its number, or -1 where there is no room for it."""
    count = ends[ends.shape[0] - 1]
    start = ends[count]
    if count == ends.shape[0] - 2 or start + (end - begin) + 2 * PAD > pool.shape[0]:
        return -1
    found = _hash(data, begin, end)
    last = slots.shape[0] - 1
    place = np.int64(found & np.uint64(last))
    for _ in range(_TRIED):
        if slots[place] == _EMPTY:
            slots[place] = np.int64(found >> np.uint64(40)) * _TAG + count
            ends[count + 1] = copy_bytes(data, begin, end, pool, start)
            ends[ends.shape[0] - 1] = count + 1
            return count
        place = (place + 1) & last
    return -1


@kernel(f"int64({RO_U8}, int64, {TABLE})", allocates=False)
def _add(data: Any, size: int, slots: Any, ends: Any, pool: Any) -> Any:
    """Find or add one string."""
    number = find_bytes(data, 0, size, slots, ends, pool)
    return number if number >= 0 else add_bytes(data, 0, size, slots, ends, pool)


class ByteTable:
    """Numbers byte strings in the order in which they come.

    Args:
        most: strings that it takes.
        room: bytes that they may have together.
    """

    def __init__(self, most: int, room: int) -> None:
        self.slots = np.full(1 << (2 * most - 1).bit_length(), _EMPTY, np.int64)
        self.ends = np.zeros(most + 2, np.int64)
        """Where each string ends in the pool, then how many there are."""
        self.pool = np.empty(room + 2 * PAD, np.uint8)

    def __len__(self) -> int:
        return int(self.ends[-1])

    def add(self, key: bytes) -> int:
        """Return the number of a string, a new one for a new string; -1 where there is no room for it."""
        return int(_add(np.frombuffer(key + bytes(PAD), np.uint8), len(key), *self.arrays))

    @property
    def arrays(self) -> tuple[Any, Any, Any]:
        """Return what kernels are given of it (`TABLE`)."""
        return self.slots, self.ends, self.pool
