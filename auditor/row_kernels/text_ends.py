"""Which texts may begin or end with a name that is looked for, or state a license: a sieve of one pass.

What it passes over holds nothing of the kind; what it names is to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from auditor.jit.compile import COMPILED, RO_I64, RO_U8, kernel, part

if COMPILED:
    from auditor.jit.intrinsics import byte_at

NAMED: Final = 1
FOOTER: Final = 2
"""`cens` or `ghts` stands near the end, as in `licensed` and `rights`."""
HEADER: Final = 4
"""`SPDX` stands somewhere."""
_LETTERS, _BITS, _LINE = 4, 31, 90


def four_letters(names: Iterable[str]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return which four bytes may begin one of these names in any case, and which three: by five bits each.

    After the end of a name of three letters any byte may stand.

    Returns:
        uint8[2^20] and uint8[2^15]; the second is small enough to be near.
    """
    found = np.zeros((32,) * _LETTERS, np.uint8)
    for name in names:
        head = name[:_LETTERS].encode("ascii")
        for rest in product(range(32), repeat=_LETTERS - len(head)):
            found[(*(byte & _BITS for byte in head), *rest)] = 1
    return found.reshape(-1), found.max(axis=-1).reshape(-1)


@part
def _named(data: Any, begin: int, end: int, names: Any, starts: Any) -> Any:
    """Tell whether one of the names may begin at a place."""
    size = data.shape[0]
    key = 0
    for at in range(begin, min(end + 2, size)):
        key = (key << 5 | byte_at(data, at) & 31) & 0x7FFF
        if starts[np.uint64(key)] != 0 and at >= begin + 2:
            after = byte_at(data, at + 1) & 31 if at + 1 < size else 0
            if names[np.uint64(key << 5 | after)] != 0:
                return True
    return False


@part
def _is_at(data: Any, at: int, first: int, second: int, third: int, fourth: int) -> Any:
    return (
        byte_at(data, at) == first
        and byte_at(data, at + 1) == second
        and byte_at(data, at + 2) == third
        and byte_at(data, at + 3) == fourth
    )


@part
def _footed(data: Any, begin: int, end: int) -> Any:
    """Tell whether `cens` or `ghts` stands between two places; their first letters are rare."""
    for at in range(begin, end - 3):
        byte = byte_at(data, at)
        if (byte == 0x63 or byte == 0x67) and (
            _is_at(data, at, 0x63, 0x65, 0x6E, 0x73) or _is_at(data, at, 0x67, 0x68, 0x74, 0x73)
        ):
            return True
    return False


@part
def _headed(data: Any, begin: int, end: int) -> Any:
    """Tell whether `SPDX-L` stands between two places: every sixth byte is looked at, one of these."""
    for at in range(begin + 5, end, 6):
        byte = byte_at(data, at)
        if byte == 0x2D or 0x44 <= byte <= 0x58:
            for place in range(at - 5, at + 1):
                if place + 6 <= end and _is_at(data, place, 0x53, 0x50, 0x44, 0x58):
                    return True
    return False


@part
def _trimmed(data: Any, begin: int, end: int) -> Any:
    """Return where a text ends without the blanks at its end."""
    while end > begin and (byte_at(data, end - 1) == 32 or 9 <= byte_at(data, end - 1) <= 13):
        end -= 1
    return end


@part
def _has_last_line(data: Any, begin: int, end: int) -> Any:
    """Tell whether a last line may begin that is not all of the text, or a tag stand in it."""
    for at in range(end - 1, max(begin, end - _LINE) - 1, -1):
        byte = byte_at(data, at)
        if byte < 32 or byte == 0x3E or byte >= 128:  # others than ASCII may end a line too
            return True
    return False


@part
def _has_head(data: Any, begin: int, end: int) -> Any:
    """Tell whether a text may begin with a line, or with words before a colon."""
    while begin < end and byte_at(data, begin) <= 32:
        begin += 1
    for at in range(begin, min(begin + _LINE, end)):
        byte = byte_at(data, at)
        if byte == 0x3A or byte == 10:
            return True
    return False


@kernel(f"void({RO_U8}, {RO_I64}, {RO_U8}, {RO_U8}, {RO_U8}, int64, int64, int64, uint8[::1])")
def find_ends(
    data: Any, offsets: Any, asked: Any, names: Any, starts: Any, head: int, tail: int, foot: int, out: Any
) -> None:
    """Write the signs of every text.

    Args:
        data, offsets: texts; text i is data[offsets[i]:offsets[i + 1]].
        asked: uint8[texts], 1 for the texts to look at.
        names, starts: what `four_letters` gives.
        head, tail, foot: bytes at the beginning and end in which names stand, and at the end for `FOOTER`.
        out: uint8[texts].
    """
    for text in range(out.shape[0]):
        out[text] = 0
        if not asked[text]:
            continue
        begin, end = offsets[text], offsets[text + 1]
        last = _trimmed(data, begin, end)
        if (
            _has_last_line(data, begin, last) and _named(data, max(begin, last - tail), last, names, starts)
        ) or (_has_head(data, begin, end) and _named(data, begin, min(begin + head, end), names, starts)):
            out[text] |= NAMED
        if _footed(data, max(begin, end - foot), end):
            out[text] |= FOOTER
        if _headed(data, begin, end):
            out[text] |= HEADER
