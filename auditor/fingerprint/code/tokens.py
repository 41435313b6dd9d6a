"""Turn columns of text into tokens of code: which texts have any, and what stands where in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.fingerprint.code.scanner import NAME_SLOTS, scan_code
from auditor.fingerprint.code.symbols import keyword_table
from auditor.fingerprint.code.triage import NOTHING, tell_code
from auditor.fingerprint.tokens.words import I64, U8, U32, stops_of, utf8

U16: TypeAlias = NDArray[np.uint16]
_WORDS = keyword_table()


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of code of n texts, those in comments and strings among them.

    Attributes:
        bounds: int64[n + 1], the tokens of text i are bounds[i]:bounds[i + 1].
        symbols: uint16[t], see `symbols`.
        values: uint16[t], hashes of names without case and `_`, of numbers, of strings without their words.
        starts: uint32[t], sizes: uint16[t], characters of the text.
        marks: uint8[t], whether a token is plain, in a comment or in a string.
    """

    bounds: I64
    symbols: U16
    values: U16
    starts: U32
    sizes: U16
    marks: U8

    def __len__(self) -> int:
        """Return the number of texts."""
        return int(self.bounds.size - 1)

    def take(self, rows: NDArray[np.integer]) -> Tokens:
        """Return the tokens of some texts."""
        lengths = np.diff(self.bounds)[rows]
        bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        places = np.repeat(self.bounds[:-1][rows] - bounds[:-1], lengths) + np.arange(bounds[-1])
        return Tokens(
            bounds,
            self.symbols[places],
            self.values[places],
            self.starts[places],
            self.sizes[places],
            self.marks[places],
        )


def join_tokens(parts: list[Tokens]) -> Tokens:
    """Put the tokens of several lots of texts one after the other."""
    bounds = [np.zeros(1, np.int64)]
    for part in parts:
        bounds.append(part.bounds[1:] + bounds[-1][-1])
    empty16, empty32, empty8 = np.zeros(0, np.uint16), np.zeros(0, np.uint32), np.zeros(0, np.uint8)
    return Tokens(
        np.concatenate(bounds),
        np.concatenate([empty16, *(part.symbols for part in parts)]),
        np.concatenate([empty16, *(part.values for part in parts)]),
        np.concatenate([empty32, *(part.starts for part in parts)]),
        np.concatenate([empty16, *(part.sizes for part in parts)]),
        np.concatenate([empty8, *(part.marks for part in parts)]),
    )


def kinds_of(texts: pa.Array) -> U8:
    """Tell of every text whether it has fenced blocks, is code throughout, or neither: uint8[n]."""
    buffer = utf8(texts)
    kinds = np.empty(len(texts), np.uint8)
    tell_code(buffer.data, buffer.offsets, stops_of(buffer), kinds)
    return kinds


def scan(texts: pa.Array, kinds: U8 | None = None) -> Tokens:
    """Return the tokens of code of an Arrow string array; texts without code have none."""
    buffer = utf8(texts)
    kinds = kinds_of(texts) if kinds is None else kinds
    stops = stops_of(buffer)
    room = int((stops - buffer.offsets[:-1])[kinds != NOTHING].sum()) + 1
    symbols, values, sizes = (np.empty(room, np.uint16) for _ in range(3))
    starts, marks = np.empty(room, np.uint32), np.empty(room, np.uint8)
    bounds = np.zeros(len(texts) + 1, np.int64)
    if room == 1:
        return Tokens(bounds, symbols[:0], values[:0], starts[:0], sizes[:0], marks[:0])
    names = np.empty(NAME_SLOTS, np.int64), np.full(NAME_SLOTS, -1, np.int32), np.empty(NAME_SLOTS, np.uint16)
    out = symbols, values, starts, sizes, marks
    count = scan_code(buffer.data, buffer.offsets, stops, kinds, _WORDS, names, out, bounds)
    return Tokens(
        bounds,
        symbols[:count].copy(),
        values[:count].copy(),
        starts[:count].copy(),
        sizes[:count].copy(),
        marks[:count].copy(),
    )
