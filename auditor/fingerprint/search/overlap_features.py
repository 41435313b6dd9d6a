# mypy: allow-untyped-defs, no-check-untyped-defs
"""Kernels that measure how much of a query stands in a reference text."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.search.align import MAX_WORDS, align
from auditor.fingerprint.search.candidates import CANDIDATES, INDEX, look_up, nominate, trace_runs
from auditor.fingerprint.search.grams import GRAM, LONG, find_gram, long_at, teachers_of
from auditor.jit.compile import RO_F32, RO_I32, RO_I64, RO_U8, RO_U32, inlined, kernel

WORDS, KINDS, EIGHTS_OF, DISTINCT = range(4)
"""Features of a query: words, distinct 3-grams with weight, 8-grams with weight, distinct words (counted only
where nothing has weight)."""
MASS, PASSAGE, FOREIGN, OUTSIDE, EIGHTS, RUN, ALIGNED, WHOLE, PLACE, REFERENCE = range(4, 14)
"""Features of a candidate: weight of the shared 3-grams; best passage of shared 8-grams; share and number
of positions outside that passage (the share is of those that are shared too); shared 8-grams; longest run of
shared 3-grams; alignment score; whether the whole query is one run; word of the reference at which that
passage begins; words of the reference."""
FEATURES = 14
DRIFT = 0.1
"""What each position costs a passage: short gaps are bridged, long ones end it."""
FAINT_MASS = 0.5
"""Candidates with less weight per square root of the query's words are not aligned: none was ever a copy."""
ALIGNED_CANDIDATES = 2
_EIGHT = LONG - GRAM + 1
_MOST_DISTINCT = 64


@kernel(f"float32({RO_U32}, int64, float32, int64, {INDEX}, float32)")
def _eight_weight(words, at, near, excluded_group, index, carried):
    """Return the weight of the shared 8-gram that ends with the 3-gram at `at`.

    One that a scaled table leaves out weighs what the one before it did, or else as much as the words `near`.
    """
    groups, table = index[2], index[4]
    key = long_at(words, at - _EIGHT + 1)
    if key > index[6]:
        return carried if carried > 0 else near
    number = find_gram(key, table[0], table[1], table[2])
    if number < 0:
        return np.float32(1)
    teachers = teachers_of(number, excluded_group, groups, table)
    return np.float32(1.0 / teachers) if teachers > 0 else np.float32(0)


@kernel(f"void({RO_U32}, {RO_I32}, {RO_I32}, {RO_F32}, {RO_F32}, int64, {INDEX}, float32[::1])")
def _measure(words, run, place, weight, word_weight, excluded_group, index, out):
    """Write the features of one candidate that its runs decide."""
    count = run.size
    passage, begin, eight = np.float32(0), 0, np.float32(0)
    first, last = count, -1
    for at in range(count):
        if run[at] > 0:
            out[MASS] += weight[at]
            out[RUN] = max(out[RUN], np.float32(run[at]))
        if run[at] >= _EIGHT and word_weight[at - 2] > 0:
            eight = _eight_weight(words, at, word_weight[at - 2], excluded_group, index, eight)
        else:
            eight = np.float32(0)
        out[EIGHTS] += eight > 0
        if passage <= 0:
            passage, begin = np.float32(0), at
        passage += eight - np.float32(DRIFT)
        if passage > out[PASSAGE]:
            out[PASSAGE] = passage
            first, last = begin - LONG, at + GRAM
            out[PLACE] = max(0, place[at] + GRAM - LONG - (at - begin))
    shared, outside = 0, 0
    for at in range(count):
        if at < first or at > last:
            outside += 1
            shared += run[at] > 0
    out[OUTSIDE] = outside
    out[FOREIGN] = np.float32(shared / max(1, outside))


@kernel(
    f"float32({RO_U32}, {RO_F32}, {RO_I32}, {RO_I32}, {RO_U32}, "
    "int32[::1], uint32[::1], int32[::1], int32[:, ::1])"
)
def _align_near(words, word_weight, run, place, reference, weights, flipped, flipped_weights, rows):
    """Align the stretch of query and reference around what they share."""
    low, high, left, right = words.size, np.int64(0), reference.size, np.int64(0)
    for at in range(run.size):
        if run[at] > 0:
            low = min(low, at)
            high = max(high, at + GRAM)
            left = min(left, np.int64(place[at]))
            right = max(right, np.int64(place[at]) + GRAM)
    if high <= low:
        return np.float32(0)
    low, high = max(0, low - LONG), min(words.size, high + LONG)
    left, right = max(0, left - LONG), min(reference.size, right + LONG)
    high, right = min(high, low + MAX_WORDS), min(right, left + MAX_WORDS)
    for at in range(low, high):
        weights[at - low] = np.int32(word_weight[at] * 1000)
    score = align(
        words[low:high], weights[: high - low], reference[left:right], flipped, flipped_weights, rows
    )
    return np.float32(score / 1000)


@inlined
def _distinct(words):
    """Count distinct words; 0 when there are `_MOST_DISTINCT` or more."""
    seen = np.empty(_MOST_DISTINCT, np.uint32)
    count = 0
    for word in words:
        known = False
        for k in range(count):
            known |= seen[k] == word
        if not known:
            seen[count] = word
            count += 1
            if count == _MOST_DISTINCT:
                return 0
    return count


@inlined
def table_size(entries):
    """Return the size of a hash table at most half full."""
    size = 16
    while size < 2 * entries:
        size *= 2
    return size


@inlined
def _measure_query(query, uninformative, excluded_group, index, scratch, candidates, features):
    """Write the candidates and features of one query; `scratch` is sized for it."""
    mass, touched, best, floats, slots, heads, found, ints, flipped, rows = scratch
    size = query.size
    count = size - GRAM + 1
    weight, word_weight = floats[0], floats[1]
    run, place, last, length, chain = ints[0, :count], ints[1, :count], ints[2], ints[3], ints[4, :count]
    kinds, prompted = look_up(
        query, uninformative, excluded_group, index, found, weight, word_weight, slots, heads, chain
    )
    kept = nominate(found[:count], weight[:count], excluded_group, index, mass, touched, best)
    eights = 0
    for at in range(_EIGHT - 1, count):
        eights += word_weight[at - 2] > 0
    features[:, KINDS] = kinds
    features[:, EIGHTS_OF] = eights
    features[:, DISTINCT] = _distinct(query) if kinds == 0 else 0
    for c in range(kept):
        text = best[c]
        out = features[c]
        candidates[c] = text
        reference = index[1][index[0][text] : index[0][text + 1]]
        trace_runs(reference, slots, heads, chain, run, place, last[:count], length[:count])
        _measure(query, run, place, weight[:count], word_weight[:size], excluded_group, index, out)
        out[REFERENCE] = reference.size
        out[WHOLE] = out[RUN] == count and prompted == 0
        if c < ALIGNED_CANDIDATES and out[MASS] >= FAINT_MASS * np.sqrt(size):
            worth, turned = rows[3, :MAX_WORDS], rows[4, :MAX_WORDS]
            out[ALIGNED] = _align_near(
                query, word_weight[:size], run, place, reference, worth, flipped, turned, rows
            )


@kernel(f"void({RO_I64}, {RO_U32}, {RO_U8}, {RO_I64}, {INDEX}, int32[:, ::1], float32[:, :, ::1])")
def measure_all(bounds, words, uninformative, excluded_groups, index, candidates, features):
    """Measure every query against its best reference texts.

    Args:
        bounds, words, uninformative: the queries' words.
        excluded_groups: int64[n], a group of reference texts left out for each query, or -1.
        candidates: out, int32[n, CANDIDATES], reference text numbers, -1 for none.
        features: out, float32[n, CANDIDATES, FEATURES], zeroed.
    """
    texts = index[0].size
    longest = 8
    for q in range(bounds.size - 1):
        longest = max(longest, bounds[q + 1] - bounds[q])
    mass, touched = np.zeros(texts, np.float32), np.empty(texts, np.int32)
    slots, heads = np.empty(table_size(longest), np.uint64), np.empty(table_size(longest), np.int32)
    floats, ints = np.empty((2, longest), np.float32), np.empty((5, longest), np.int32)
    found, best = np.empty(longest, np.int64), np.empty(CANDIDATES, np.int32)
    flipped, rows = np.empty(MAX_WORDS, np.uint32), np.empty((5, MAX_WORDS + 2), np.int32)
    for q in range(bounds.size - 1):
        start, stop = bounds[q], bounds[q + 1]
        candidates[q, :] = -1
        features[q, :, WORDS] = stop - start
        if stop - start < GRAM:
            continue
        used = heads[: table_size(stop - start)]
        scratch = (mass, touched, best, floats, slots, used, found, ints, flipped, rows)
        _measure_query(
            words[start:stop],
            uninformative[start:stop],
            excluded_groups[q],
            index,
            scratch,
            candidates[q],
            features[q],
        )
