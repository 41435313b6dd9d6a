"""Which rows of a conversion are which rows of its source, told by the pieces of their texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.engine.conversion.side import Side, Words

Rows = NDArray[np.int64]
NONE = -1
_TELLING = 8
"""Words of learned text that tell a row without its prompt."""
_TRIED, _RARE = 64, 50
"""Rows that are tried for one row; one in so many rows may have a piece that tells a changed row."""
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Joined:
    """Pairs of rows, `NONE` where a row has none."""

    of_source: Rows
    """The row of the conversion in which each row of the source stands."""
    of_converted: Rows
    """The row of the source that each row of the conversion stands in, or has in it."""
    changed: Sequence[tuple[int, int]]
    """Rows of source and conversion that are each other's but for their text."""
    dropped: int
    """Rows of the source that are kept in the row of an equal one."""
    repeated: int
    """Rows of the conversion that repeat an equal one more often than the source does."""


def join(source: Side, converted: Side) -> Joined:
    """Join two sides: rows of equal texts first, then by what one holds of the other."""
    of_source, of_converted = np.full(len(source), NONE), np.full(len(converted), NONE)
    dropped, repeated = _join_equal(source, converted, of_source, of_converted)
    _join_held(source, converted, of_source, of_converted)
    _join_held(converted, source, of_converted, of_source)
    left, free = np.flatnonzero(of_source == NONE), np.flatnonzero(of_converted == NONE)
    changed = list(_changed(source, converted, left, free))
    return Joined(of_source, of_converted, changed, dropped, repeated)


def _keys(side: Side) -> Words:
    """Return a digest of each row over its pieces, in whatever order and on whatever side they stand."""
    mixed = side.pieces * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)])
    keys: Words = sums[side.starts[1:]] - sums[side.starts[:-1]]
    return keys


def _join_equal(source: Side, converted: Side, of_source: Rows, of_converted: Rows) -> tuple[int, int]:
    mine, theirs = _keys(source), _keys(converted)
    order = np.argsort(theirs, kind="stable")
    known, firsts, counts = np.unique(theirs[order], return_index=True, return_counts=True)
    own = np.argsort(mine, kind="stable")
    dropped = repeated = 0
    keys, starts, sizes = np.unique(mine[own], return_index=True, return_counts=True)
    places = np.searchsorted(known, keys)
    for key, start, size, place in zip(keys, starts, sizes, places, strict=True):
        if place == len(known) or known[place] != key:
            continue
        rows = own[start : start + size]
        others = order[firsts[place] : firsts[place] + counts[place]]
        if size == 1 and len(others) == 1:
            of_source[rows[0]], of_converted[others[0]] = others[0], rows[0]
            continue
        _pair_equal(source, converted, rows, others, of_source, of_converted)
        dropped += max(0, len(rows) - len(others))
        repeated += max(0, len(others) - len(rows))
    return dropped, repeated


def _pair_equal(
    source: Side, converted: Side, rows: Rows, others: Rows, of_source: Rows, of_converted: Rows
) -> None:
    """Pair rows of one text, those of like claims first, so that the order of equal rows does not count."""
    by_claims: dict[object, list[int]] = {}
    for other in others.tolist():
        by_claims.setdefault(_said(converted, other), []).append(other)
    late = []
    for row in rows.tolist():
        alike = by_claims.get(_said(source, row))
        if alike:
            of_source[row] = alike[0] if len(alike) == 1 else alike.pop(0)
        else:
            late.append(row)
    for number, row in enumerate(late):
        of_source[row] = others[min(number, len(others) - 1)]
    of_claims = {_said(source, row): row for row in reversed(rows.tolist())}
    for other in others.tolist():
        of_converted[other] = of_claims.get(_said(converted, other), rows[0])
    of_converted[of_source[rows]] = rows


def _said(side: Side, row: int) -> object:
    claims = side.claim_sets[side.claims[row]].claims
    return frozenset((one.kind, one.value.casefold()) for one in claims)


class _Index:
    """The rows of a side by their pieces."""

    def __init__(self, side: Side, rows: Rows | None = None) -> None:
        sizes = np.diff(side.starts)
        of_piece = np.repeat(np.arange(len(side), dtype=np.int32), sizes)
        taken = side.pieces
        if rows is not None:
            wanted = np.zeros(len(side), np.bool_)
            wanted[rows] = True
            chosen = wanted[of_piece]
            of_piece, taken = of_piece[chosen], taken[chosen]
        order = np.argsort(taken, kind="stable")
        self._pieces, self._rows = taken[order], of_piece[order]

    def places(self, wanted: Words) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where the rows with each piece start, and how many they are."""
        first = np.searchsorted(self._pieces, wanted, side="left")
        return first, np.searchsorted(self._pieces, wanted, side="right") - first

    def rows(self, start: int, count: int) -> list[int]:
        """Return rows, each once."""
        return list(dict.fromkeys(self._rows[start : start + count].tolist()))


def _join_held(inner: Side, outer: Side, of_inner: Rows, of_outer: Rows) -> None:
    """Join rows whose learned text stands whole in a row of the other side."""
    left = np.flatnonzero(of_inner == NONE)
    if not len(left) or not len(outer.pieces):
        return
    index = _Index(outer)
    for row in left.tolist():
        found = _holder(inner, row, outer, index)
        if found != NONE:
            of_inner[row] = found
            if of_outer[found] == NONE:
                of_outer[found] = row


def _holder(inner: Side, row: int, outer: Side, index: _Index) -> int:
    """Return the row that holds all learned text of a row, the one that shares most; `NONE` for none."""
    learned = np.unique(inner.learned_of(row))
    if not len(learned):
        return NONE
    starts, counts = index.places(learned)
    if not counts.all():
        return NONE
    every = np.unique(inner.of_row(row))
    best, shared = NONE, 0
    for other in _candidates(every, learned, starts, counts, index):
        theirs = outer.of_row(other)
        if np.isin(learned, theirs).all():
            common = int(np.isin(every, theirs).sum())
            if common > shared:
                best, shared = other, common
    telling = inner.words[row] >= _TELLING
    return best if telling or shared > _HALF * len(every) or shared == len(every) else NONE


def _candidates(
    every: Words, learned: Words, starts: NDArray[np.int64], counts: NDArray[np.int64], index: _Index
) -> list[int]:
    """Return rows with the rarest learned piece; where it is common, those with the rarest piece of all."""
    rare = int(counts.argmin())
    if counts[rare] > _TRIED and len(every) > len(learned):
        all_starts, all_counts = index.places(every)
        there = np.flatnonzero(all_counts)
        rarest = there[all_counts[there].argmin()]
        return index.rows(int(all_starts[rarest]), min(int(all_counts[rarest]), _TRIED))
    return index.rows(int(starts[rare]), min(int(counts[rare]), _TRIED))


def _changed(source: Side, converted: Side, left: Rows, free: Rows) -> Iterator[tuple[int, int]]:
    """Yield rows that share half of what tells them apart, or all of their prompt, with one that is free."""
    if not len(left) or not len(free):
        return
    index, taken, common = _Index(converted, free), set[int](), max(1, len(free) // _RARE)
    for row in left.tolist():
        every = np.unique(source.of_row(row))
        starts, counts = index.places(every)
        own = counts <= common  # a system message that every row has tells none from another
        shared: dict[int, int] = {}
        for start, count in zip(starts[own].tolist(), counts[own].tolist(), strict=True):
            for other in index.rows(start, count):
                if other not in taken:
                    shared[other] = shared.get(other, 0) + 1
        if not shared:
            continue
        best = max(shared, key=lambda other: (shared[other], -other))
        asked = np.setdiff1d(every[own], source.learned_of(row))
        same_prompt = len(asked) and np.isin(asked, converted.of_row(best)).all()
        if same_prompt or shared[best] >= _HALF * own.sum():
            taken.add(best)
            yield row, best
