# mypy: allow-untyped-defs, no-check-untyped-defs
"""The compiled text kernel: UTF-8 bytes of Arrow buffers to word hashes and their places.

`reference` is its specification. ASCII texts are scanned where they lie, 64 bytes at a time; texts with any
other byte are first folded into scratch, with the original position of every folded byte.
"""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.tokens.code_points import code_point
from auditor.fingerprint.tokens.fold_text import fold_text
from auditor.fingerprint.tokens.folding import SEPARATOR
from auditor.fingerprint.tokens.reference import K0, K1, K2, TEMPLATE_MARKS, TEMPLATE_TAGS
from auditor.jit.compile import RO_I64, RO_U8, RO_U16, RO_U32, inlined, kernel
from auditor.jit.intrinsics import (
    bit_count,
    fold_multiply,
    load_u64,
    scan_block,
    trailing_zeros,
)
from auditor.jit.simd import pack_bits

_u64 = np.uint64
_K0, _K1, _K2 = _u64(K0), _u64(K1), _u64(K2)
_LOW_MASK = np.array([(1 << 8 * min(size, 8)) - 1 for size in range(17)], np.uint64)
_HIGH_MASK = np.array([(1 << 8 * max(size - 8, 0)) - 1 for size in range(17)], np.uint64)
_TAGS = np.frombuffer("".join(tag + "\n" for tag in TEMPLATE_TAGS).encode(), np.uint8)
_MARKS = np.frombuffer("".join(mark + "\n" for mark in TEMPLATE_MARKS).encode(), np.uint8)
_UNROLLED = 28


@kernel(f"int64({RO_U8}, int64, int64, {RO_U8})")
def _literal_end(data, at, end, literals):
    """Return the end of the literal (ASCII, any case) that starts at `at`, or 0."""
    k = 0
    while k < literals.size:
        place = at
        while literals[k] != 10 and place < end:
            byte = data[place]
            if 0x41 <= byte <= 0x5A:
                byte |= 0x20
            if byte != literals[k]:
                break
            place += 1
            k += 1
        if literals[k] == 10:
            return place
        while literals[k] != 10:
            k += 1
        k += 1
    return 0


@kernel(f"int64({RO_U8}, int64, int64)")
def _template_end(data, at, end):
    """Return the end of the chat-template token that starts at `at`, or 0."""
    if data[at] == 0x5B:
        return _literal_end(data, at + 1, end, _MARKS)
    if at + 1 >= end or data[at + 1] != 0x7C:
        return _literal_end(data, at + 1, end, _TAGS)
    place = at + 2
    while place < end and place <= at + 42:
        byte = data[place]
        lower = byte | 0x20
        if byte == 0x7C:
            return place + 2 if place + 1 < end and data[place + 1] == 0x3E else 0
        if not (0x61 <= lower <= 0x7A or 0x2D <= byte <= 0x39 or byte == 0x5F or byte == 0x20):
            return 0
        place += 1
    return 0


@kernel(f"UniTuple(uint64, 2)({RO_U8}, int64, int64, int64, uint64, uint64, uint64)")
def _kill_templates(data, start, position, end, word, opens, killed):
    """Clear the word bits of template tokens in a block; return them and where the last token ends."""
    offset = _u64(position - start)
    if killed > offset:
        span = killed - offset
        word = _u64(0) if span >= _u64(64) else word & ~((_u64(1) << span) - _u64(1))
    while opens != _u64(0):
        k = _u64(trailing_zeros(opens))
        opens &= opens - _u64(1)
        if offset + k < killed:
            continue
        stop = _template_end(data, position + np.int64(k), end)
        if stop > 0:
            killed = _u64(stop - start)
            span = killed - offset
            hole = ~((_u64(1) << k) - _u64(1))
            if span < _u64(64):
                hole &= (_u64(1) << span) - _u64(1)
            word &= ~hole
    return word, killed


@kernel(
    f"Tuple((uint64, uint64, boolean))({RO_U8}, int64, int64, uint64, uint64, uint64, {RO_U16}, {RO_U32})"
)
def _clear_marks(data, start, position, word, beyond, killed, pages, entries):
    """Clear the word bits of separators outside ASCII: quotes, dashes; tell whether there is nothing else."""
    offset = _u64(position - start)
    while beyond != _u64(0):
        k = _u64(trailing_zeros(beyond))
        beyond &= beyond - _u64(1)
        at = position + np.int64(k)
        if data[at] & 0xC0 == 0x80:
            continue
        point, width = code_point(data, at)
        if entries[np.int64(pages[point >> 8]) << 8 | (point & 255)] != SEPARATOR:
            return word, killed, False
        word &= ~(((_u64(1) << _u64(width)) - _u64(1)) << k)
        killed = max(killed, offset + k + _u64(width))
    return word, killed, True


@inlined
def _write_borders(word, carry, offset, edges, count):
    """Append the borders of one block's words; return how many there are then."""
    bits = word ^ (word << _u64(1) | carry)
    found = pack_bits(bits, offset, edges, count)
    if found >= 0:
        return count + found
    found = bit_count(bits)
    for k in range(_UNROLLED):
        edges[count + k] = np.int32(offset + trailing_zeros(bits))
        bits &= bits - _u64(1)
    for k in range(_UNROLLED, found):
        edges[count + k] = np.int32(offset + trailing_zeros(bits))
        bits &= bits - _u64(1)
    return count + found


ASCII, MARKED, FOLDED = 0, 1, 2
"""How a text was scanned: as it lies; as it lies, with separators outside ASCII; folded first."""


@kernel(f"UniTuple(int64, 2)({RO_U8}, int64, int64, uint8[::1], int32[::1], int64, {RO_U16}, {RO_U32})")
def _edges(data, start, end, lowered, edges, state, pages, entries):
    """Write the word borders of data[start:end], counted from `start`, and the lower-cased bytes.

    Returns the number of borders (even: start, end, start, …) and the state; the number is -1 where a text
    that is not folded must be.
    """
    count = 0
    carry = _u64(0)
    killed = _u64(0)
    opened = False
    position = start
    while position < end:
        offset = position - start
        word, beyond, opens = scan_block(data, position, lowered, offset)
        if end - position < 64:
            live = (_u64(1) << _u64(end - position)) - _u64(1)
            word &= live
            beyond &= live
            opens &= live
        opened |= opens != _u64(0)
        if opens != _u64(0) or killed > _u64(offset):
            word, killed = _kill_templates(data, start, position, end, word, opens, killed)
        if beyond != _u64(0) and state != FOLDED:
            state = MARKED
            word, killed, plain = _clear_marks(data, start, position, word, beyond, killed, pages, entries)
            if not plain:
                return -1, state
        if opened and state == MARKED:
            return -1, state
        count = _write_borders(word, carry, offset, edges, count)
        carry = word >> _u64(63)
        position += 64
    if carry != _u64(0):
        edges[count] = np.int32(end - start)
        count += 1
    return count, state


@inlined
def word_hash(data, at, size):
    """Hash the word data[at:at + size]; 16 bytes may be read past it."""
    if size <= 16:
        low = load_u64(data, at) & _LOW_MASK[_u64(size)]
        high = load_u64(data, at + 8) & _HIGH_MASK[_u64(size)]
        return fold_multiply(low ^ _K0, high ^ _K1 ^ _u64(size))
    value = fold_multiply(load_u64(data, at) ^ _K0, load_u64(data, at + size - 8) ^ _K1 ^ _u64(size))
    place = at + 8
    while place < at + size - 8:
        value = fold_multiply(load_u64(data, place) ^ _K2, value ^ _K1)
        place += 8
    return value


@inlined
def scan_text(data, start, end, lowered, edges, folded, origin, table):
    """Write the borders of one text, folding it first where it must be; return (count, state)."""
    pages, entries, pool = table
    count, state = _edges(data, start, end, lowered, edges, ASCII, pages, entries)
    if count >= 0:
        return count, state
    size = fold_text(data, start, end, folded, origin, pages, entries, pool)
    return _edges(folded, 0, size, lowered, edges, FOLDED, pages, entries)


@inlined
def _characters(data, start, end):
    """Count the code points that start in data[start:end]."""
    count = np.int64(0)
    for at in range(start, end):
        count += data[at] & 0xC0 != 0x80
    return count


TABLE = f"Tuple(({RO_U16}, {RO_U32}, {RO_U8}))"
SCRATCH = "Tuple((uint8[::1], int32[::1], uint8[::1], int32[::1]))"


@kernel(
    f"int64({RO_U8}, {RO_I64}, {RO_I64}, {TABLE}, {SCRATCH}, "
    "uint64[::1], uint32[::1], uint32[::1], uint8[::1], int64[::1])"
)
def scan_words(data, offsets, stops, table, scratch, hashes, starts, ends, uninformative, bounds):
    """Hash the words of every text data[offsets[i]:stops[i]].

    Args:
        data: UTF-8, followed by `chunks.PADDING` bytes.
        table: pages, entries and pool of the fold table.
        scratch: lowered, edges, folded, origin, as `scratch_for` allocates them.
        hashes, starts, ends: out, per word; places are characters of the text.
        uninformative: out, 1 for words that say little.
        bounds: out, int64[n + 1], the words of text i are bounds[i]:bounds[i + 1].
    """
    lowered, edges, folded, origin = scratch
    total = 0
    bounds[0] = 0
    for text in range(offsets.size - 1):
        start = offsets[text]
        count, state = scan_text(data, start, stops[text], lowered, edges, folded, origin, table)
        place = np.int64(0)
        character = np.int64(0)
        for k in range(0, count, 2):
            begin = np.int64(edges[k])
            stop = np.int64(edges[k + 1])
            hashes[total] = word_hash(lowered, begin, stop - begin)
            uninformative[total] = stop - begin == 1 or lowered[begin] <= 0x39
            if state != ASCII:
                if state == FOLDED:
                    begin = np.int64(origin[begin])
                    stop = np.int64(origin[stop - 1]) + 1
                character += _characters(data, start + place, start + begin)
                place = begin
                stop = character + _characters(data, start + place, start + stop)
                begin = character
            starts[total] = np.uint32(begin)
            ends[total] = np.uint32(stop)
            total += 1
        bounds[text + 1] = total
    return total
