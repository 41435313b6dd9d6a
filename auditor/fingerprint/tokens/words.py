"""Turn columns of text into words: hashes and places, the one pass every fingerprint starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.fingerprint.tokens import folding, reference
from auditor.fingerprint.tokens.chunks import PADDING
from auditor.jit.compile import COMPILED

U8: TypeAlias = NDArray[np.uint8]
U32: TypeAlias = NDArray[np.uint32]
U64: TypeAlias = NDArray[np.uint64]
I32: TypeAlias = NDArray[np.int32]
I64: TypeAlias = NDArray[np.int64]
F32: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of n texts.

    Attributes:
        bounds: int64[n + 1], the words of text i are bounds[i]:bounds[i + 1].
        hashes: uint64[w].
        starts, ends: uint32[w], characters from the start of the word's text.
        uninformative: uint8[w], 1 for words that say little (one byte, or led by a digit).
    """

    bounds: I64
    hashes: U64
    starts: U32
    ends: U32
    uninformative: U8

    @property
    def ids(self) -> U32:
        """Return the word ids, the high halves of the hashes."""
        return (self.hashes >> np.uint64(32)).astype(np.uint32)


@dataclass(frozen=True, slots=True)
class Utf8:
    """Texts as one padded byte buffer: text i is data[offsets[i]:offsets[i + 1]]."""

    data: U8
    offsets: I64


def utf8(texts: pa.Array) -> Utf8:
    """Lay an Arrow string array out for the kernel; null is empty. Copies only where padding is missing."""
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)):
        texts = texts.cast(pa.large_string())
    if texts.null_count:
        texts = texts.fill_null("")
    if not len(texts):
        return Utf8(np.zeros(PADDING, np.uint8), np.zeros(1, np.int64))
    _, places, content = texts.buffers()
    kind = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    offsets = np.frombuffer(places, kind)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    data = np.frombuffer(content, np.uint8) if content is not None else np.zeros(0, np.uint8)
    first, last = int(offsets[0]), int(offsets[-1])
    if data.size < last + PADDING:
        padded = np.empty(last - first + PADDING, np.uint8)
        padded[: last - first] = data[first:last]
        padded[last - first :] = 0
        return Utf8(padded, offsets - first)
    return Utf8(data, offsets)


def stops_of(buffer: Utf8) -> I64:
    """Return where each text ends once over-long ones are cut at a code point."""
    ends = buffer.offsets[1:]
    long = np.flatnonzero(np.diff(buffer.offsets) > reference.MAX_TEXT_BYTES)
    if long.size:
        ends = ends.copy()
    for i in long:
        end = int(buffer.offsets[i]) + reference.MAX_TEXT_BYTES
        while buffer.data[end] & 0xC0 == 0x80:
            end -= 1
        ends[i] = end
    return ends


def scratch_for(longest: int) -> tuple[U8, I32, U8, I32]:
    """Allocate kernel scratch for texts of up to `longest` bytes: lowered, edges, folded, origin."""
    grown = folding.MAX_GROWTH * longest + 256
    return (
        np.zeros(grown, np.uint8),
        np.zeros(grown + 64, np.int32),
        np.zeros(grown, np.uint8),
        np.zeros(grown, np.int32),
    )


def scan(texts: pa.Array) -> Words:
    """Return the words of an Arrow string array (hand over a few megabytes at a time, see `chunks`)."""
    if not COMPILED:
        return _scan_in_python(texts)
    from auditor.fingerprint.tokens.kernel import scan_words

    buffer = utf8(texts)
    table = folding.load()
    stops = stops_of(buffer)
    size = int(buffer.offsets[-1] - buffer.offsets[0])
    longest = int((stops - buffer.offsets[:-1]).max(initial=0))
    room = size + len(texts) + 1
    hashes, uninformative = np.empty(room, np.uint64), np.empty(room, np.uint8)
    starts, ends = np.empty(room, np.uint32), np.empty(room, np.uint32)
    bounds = np.zeros(len(texts) + 1, np.int64)
    fold = (table.pages, table.entries, table.pool)
    count = scan_words(
        buffer.data,
        buffer.offsets,
        stops,
        fold,
        scratch_for(longest),
        hashes,
        starts,
        ends,
        uninformative,
        bounds,
    )
    return Words(
        bounds,
        hashes[:count].copy(),
        starts[:count].copy(),
        ends[:count].copy(),
        uninformative[:count].copy(),
    )


def _scan_in_python(texts: pa.Array) -> Words:
    """Do what `scan` does by the written specification."""
    bounds, hashes, starts, ends, uninformative = [0], [], [], [], []
    for text in texts.cast(pa.large_string()).to_pylist():
        for word in reference.words(text or ""):
            hashes.append(reference.word_hash(word.text.encode()))
            starts.append(word.start)
            ends.append(word.end)
            uninformative.append(word.uninformative)
        bounds.append(len(hashes))
    return Words(
        np.array(bounds, np.int64),
        np.array(hashes, np.uint64),
        np.array(starts, np.uint32),
        np.array(ends, np.uint32),
        np.array(uninformative, np.uint8),
    )
