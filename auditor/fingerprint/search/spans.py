# mypy: allow-untyped-defs, no-check-untyped-defs
"""Kernel that shows the evidence: which stretches of a query stand in its reference text."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.search.candidates import hash_position, trace_runs
from auditor.fingerprint.search.grams import GRAM, gram_at
from auditor.fingerprint.search.overlap_features import table_size
from auditor.jit.compile import RO_I32, RO_I64, RO_U16, RO_U32, inlined, kernel

LEAST_RUN = 3
"""Consecutive 3-grams (five words) that make a span; shorter ones are shown where there is nothing else."""

REFERENCES = f"Tuple(({RO_I64}, {RO_U32}, {RO_U32}, {RO_U16}))"
"""bounds, words, starts, sizes of the reference texts."""


@inlined
def _cut(run, place, starts, ends, r_starts, r_sizes, least, out, filled):
    """Write maximal runs from the right; return how many spans there are then."""
    at = run.size - 1
    while at >= 0:
        size = np.int64(run[at])
        if size < least:
            at -= 1
            continue
        first, last = at - size + 1, at + GRAM - 1
        r_first, r_last = np.int64(place[at]) - size + 1, np.int64(place[at]) + GRAM - 1
        out[filled, 0] = starts[first]
        out[filled, 1] = ends[last]
        out[filled, 2] = r_starts[r_first]
        out[filled, 3] = np.int64(r_starts[r_last]) + r_sizes[r_last]
        filled += 1
        at -= size + GRAM - 1
    return filled


@inlined
def _spans_of(words, starts, ends, reference, r_starts, r_sizes, scratch, out, filled):
    """Write the spans one query shares with one reference text; return how many spans there are then."""
    slots, heads, ints = scratch
    count = words.size - GRAM + 1
    run, place, chain = ints[0, :count], ints[1, :count], ints[2, :count]
    heads[:] = -1
    for at in range(count):
        hash_position(gram_at(words, at), at, slots, heads, chain)
    trace_runs(reference, slots, heads, chain, run, place, ints[3], ints[4])
    before = filled
    for least in (LEAST_RUN, 1):
        if filled == before:
            filled = _cut(run, place, starts, ends, r_starts, r_sizes, least, out, filled)
    return filled


@kernel(f"int64({RO_I64}, {RO_U32}, {RO_U32}, {RO_U32}, {RO_I32}, {REFERENCES}, int64[:, ::1], int64[::1])")
def list_spans(bounds, words, starts, ends, chosen, references, out, out_bounds):
    """List the spans each query shares with its chosen reference text.

    Args:
        bounds, words, starts, ends: the queries' words.
        chosen: int32[n], reference text number or -1.
        out: int64[w, 4], query start and end, reference start and end, in characters of the originals;
            the spans of one query stand last first.
        out_bounds: int64[n + 1].

    Returns:
        the number of spans.
    """
    r_bounds, r_words, r_starts, r_sizes = references
    longest = 8
    for q in range(bounds.size - 1):
        longest = max(longest, bounds[q + 1] - bounds[q])
    slots, heads = np.empty(table_size(longest), np.uint64), np.empty(table_size(longest), np.int32)
    ints = np.empty((5, longest), np.int32)
    filled = 0
    out_bounds[0] = 0
    for q in range(bounds.size - 1):
        begin, end, text = bounds[q], bounds[q + 1], np.int64(chosen[q])
        if text >= 0 and end - begin >= GRAM:
            left, right = r_bounds[text], r_bounds[text + 1]
            filled = _spans_of(
                words[begin:end],
                starts[begin:end],
                ends[begin:end],
                r_words[left:right],
                r_starts[left:right],
                r_sizes[left:right],
                (slots, heads[: table_size(end - begin)], ints),
                out,
                filled,
            )
        out_bounds[q + 1] = filled
    return filled
