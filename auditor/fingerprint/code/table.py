# mypy: allow-untyped-defs, no-check-untyped-defs
"""Kernels that look runs of code up: which texts have them, how rare they are, where two texts agree."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.code.grams import RUN
from auditor.jit.compile import RO_I64, RO_U16, RO_U32, RO_U64, kernel, part

CANDIDATES = 4
"""Reference texts measured per query and view."""
TABLE = f"Tuple((int64, {RO_U32}, {RO_U32}, {RO_U16}, {RO_U32}, {RO_U32}))"
"""bits, directory, prints, rarity (teachers; 0 weighs nothing), begins, postings."""
_SAME_RUNS = 16
_u64 = np.uint64


@part
def _find(key, bits, directory, prints):
    """Return the number of a run, -1 where no text has it."""
    bucket = np.int64(key >> _u64(64 - bits))
    low = np.uint32(key & _u64(0xFFFFFFFF))
    for number in range(np.int64(directory[bucket]), np.int64(directory[bucket + 1])):
        if prints[number] == low:
            return number
    return np.int64(-1)


@part
def _weight(number, excluded, table, owners, stamp, stamps):
    """Return the weight of a run: 1 over its teachers, 1 where no text has it, 0 where a prompt does."""
    rarity, begins, postings = table[3], table[4], table[5]
    if number < 0:
        return np.float32(1)
    if rarity[number] == 0:
        return np.float32(0)
    if excluded < 0:
        return np.float32(1.0 / np.float64(rarity[number]))
    groups, teachers = owners
    distinct = 0
    for at in range(np.int64(begins[number]), np.int64(begins[number + 1])):
        text = postings[at]
        if np.int64(groups[text]) != excluded and stamps[teachers[text]] != stamp:
            stamps[teachers[text]] = stamp
            distinct += 1
    return np.float32(1.0 / np.float64(max(distinct, 1)))


@part
def _rank(masses, touched, count, candidates, best):
    """Write the texts that share most, and forget what they share."""
    for k in range(count):
        text = touched[k]
        mass = masses[text]
        masses[text] = 0
        place = CANDIDATES
        while place > 0 and (
            mass > best[place - 1] or (mass == best[place - 1] and text < candidates[place - 1])
        ):
            if place < CANDIDATES:
                best[place] = best[place - 1]
                candidates[place] = candidates[place - 1]
            place -= 1
        if place < CANDIDATES:
            best[place] = mass
            candidates[place] = text


@kernel(
    f"void({RO_I64}, {RO_U64}, {RO_I64}, {TABLE}, Tuple(({RO_U32}, {RO_U32})), int64, "
    "int32[:, ::1], float32[:, ::1], float32[::1])"
)
def weigh(bounds, keys, excluded_groups, table, owners, teacher_count, candidates, best, totals):
    """Measure what every text shares with the texts of an index, in one view.

    Args:
        bounds, keys: the runs of the texts.
        excluded_groups: int64[n], the group each is searched without, or -1.
        owners: group and teacher of every text of the index.
        candidates, best: out, int32 and float32[n, CANDIDATES], texts and the weight they share; -1 and 0.
        totals: out, float32[n], the weight of all runs.
    """
    bits, directory, prints, _, begins, postings = table
    masses, touched = np.zeros(owners[0].size, np.float32), np.empty(owners[0].size, np.int32)
    stamps, stamp = np.zeros(teacher_count, np.int64), 0
    candidates[:] = -1
    best[:] = 0
    for query in range(bounds.size - 1):
        ordered = np.sort(keys[bounds[query] : bounds[query + 1]])
        total, count, before = np.float32(0), 0, _u64(0)
        for key in ordered:
            if key == before:
                continue
            before = key
            stamp += 1
            number = _find(key, bits, directory, prints)
            weight = _weight(number, excluded_groups[query], table, owners, stamp, stamps)
            total += weight
            if number < 0 or weight == 0:
                continue
            for at in range(np.int64(begins[number]), np.int64(begins[number + 1])):
                text = postings[at]
                if np.int64(owners[0][text]) != excluded_groups[query]:
                    if masses[text] == 0:
                        touched[count] = text
                        count += 1
                    masses[text] += weight
        _rank(masses, touched, count, candidates[query], best[query])
        totals[query] = total


@part
def _longest(query, at, reference, ordered, order, known):
    """Return where in the reference the longest agreement with query[at:] begins, and how long it is."""
    begin, size = np.int64(-1), np.int64(0)
    first = np.searchsorted(ordered, query[at])
    for k in range(first, min(first + _SAME_RUNS, ordered.size)):
        if ordered[k] != query[at]:
            break
        place, count = order[k], np.int64(1)
        while (
            at + count < query.size
            and place + count < reference.size
            and query[at + count] == reference[place + count]
            and query[at + count] != 0
        ):
            count += 1
        if count > size or (count == size and place - at == known):
            begin, size = place, count
    return begin, size


@kernel(f"int64({RO_U64}, {RO_U64}, int64[:, ::1])")
def list_shared(query, reference, out):
    """List where a text and a reference text agree.

    Args:
        query, reference: their runs in one view.
        out: int64[r, 3], first token of the text, of the reference, and how many agree.

    Returns:
        how many stretches there are; none overlaps another in the text.
    """
    order = np.argsort(reference, kind="mergesort")
    ordered = reference[order]
    filled, at, reached, known = 0, np.int64(0), np.int64(0), np.int64(0)
    while at < query.size:
        begin, size = np.int64(-1), np.int64(0)
        if query[at] != 0:
            begin, size = _longest(query, at, reference, ordered, order, known)
        if size == 0:
            at += 1
            continue
        stop = at + size + RUN - 1
        if filled > 0 and begin - at == known and at <= reached:
            out[filled - 1, 2] += stop - reached
        else:
            late = max(reached - at, np.int64(0))
            out[filled, 0], out[filled, 1], out[filled, 2] = at + late, begin + late, stop - at - late
            filled += 1
        reached, known = stop, begin - at
        at += size
    return filled
