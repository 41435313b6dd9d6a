"""Digests in text, read by whole columns: a million lines without an object each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

_WIDTH = 64
_NO_DIGIT = 255
_VALUES = np.full(256, _NO_DIGIT, np.uint8)
_VALUES[np.frombuffer(b"0123456789abcdef", np.uint8)] = np.arange(16)


def read_digests(blocks: Iterable[bytes]) -> bytearray:
    """Return the digests of a row list end to end; every line of it ends in a newline.

    Args:
        blocks: the list's bytes, cut anywhere.

    Raises:
        ValueError: a line is damaged, or ends otherwise.
    """
    digests = bytearray()
    for piece in _whole_lines(blocks):
        if b"\r" in piece:
            raise ValueError("row list")
        piece.decode()
        digests += _of_lines(np.frombuffer(piece, np.uint8))
    return digests


def _whole_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    kept: list[bytes] = []
    for block in blocks:
        cut = block.rfind(b"\n") + 1
        if cut:
            yield b"".join([*kept, block[:cut]])
            kept = []
        kept.append(block[cut:])
    if any(kept):
        raise ValueError("row list")


def _of_lines(block: NDArray[np.uint8]) -> bytes:
    ends = np.flatnonzero(block == ord("\n"))
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1] + 1])
    if (ends - starts <= _WIDTH).any() or (block[starts + _WIDTH] != ord(" ")).any():
        raise ValueError("row list")
    return unhexed(np.lib.stride_tricks.sliding_window_view(block, _WIDTH)[starts])


def unhexed(text: NDArray[np.uint8]) -> bytes:
    """Return the bytes that rows of lower-case hexadecimal digits stand for.

    Raises:
        ValueError: another character is among them.
    """
    values = _VALUES[text]
    if (values == _NO_DIGIT).any():
        raise ValueError("row list")
    return ((values[:, ::2] << 4) | values[:, 1::2]).tobytes()


def in_order(run: bytes | bytearray) -> bool:
    """Tell whether digests, end to end, are sorted."""
    heads = np.frombuffer(run, ">u8")[::4]
    if (heads[1:] < heads[:-1]).any():
        return False
    tied = np.flatnonzero(heads[1:] == heads[:-1]).tolist()
    return all(run[32 * at : 32 * at + 32] <= run[32 * at + 32 : 32 * at + 64] for at in tied)
