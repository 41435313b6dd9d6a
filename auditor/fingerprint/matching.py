# mypy: allow-untyped-defs, no-check-untyped-defs
"""Kernels that find the reference texts a query shares most with, and measure what they share."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.align import MAX_WORDS, align
from auditor.fingerprint.grams import GRAM, find_gram, gram_at, poor_at
from auditor.fingerprint.jit import RO_F32, RO_I32, RO_I64, RO_U8, RO_U16, RO_U32, inlined, kernel

CANDIDATES = 4
"""Reference texts measured per query."""
COMMON = 3
"""A 3-gram of at most this many teachers has full weight."""
LONGEST_LIST = 4096
"""Longer posting lists do not nominate candidates."""
WINDOW = 48
"""3-grams in the best-window scores: fifty words."""
EIGHT = 6
"""Consecutive 3-grams in an 8-gram."""

INDEX = f"Tuple(({RO_I64}, {RO_U32}, {RO_U32}, int64, {RO_U32}, {RO_U32}, {RO_U16}, {RO_U32}, {RO_U32}))"
"""bounds, words, groups, bits, directory, prints, rarity, begins, postings; a query may leave a group out."""

WORDS, KINDS, MASS, WIN3, WIN5, EIGHTS, EIGHTS_OF, RUN, LOCAL, ALIGNED, PAIR, SECOND = range(12)
FEATURES = 12


@inlined
def _weight(number, held, index):
    """Return the weight of a 3-gram with the texts of group `held` left out."""
    _, _, groups, _, _, _, rarity, begins, postings = index
    teachers = np.int64(rarity[number])
    if teachers == 0:
        return np.float32(0)
    if held >= 0:
        for k in range(np.int64(begins[number]), np.int64(begins[number + 1])):
            teachers -= np.int64(groups[postings[k]]) == held
    return np.float32(1) if teachers <= COMMON else np.float32(COMMON / teachers)


@kernel(
    f"int64({RO_U32}, {RO_U8}, int64, {INDEX}, "
    "int64[::1], float32[::1], float32[::1], uint64[::1], int32[::1], int32[::1])"
)
def _look_up(words, low, held, index, found, weight, word_weight, slots, heads, chain):
    """Find the query's 3-grams in the index and hash them; return how many distinct ones carry weight.

    Args:
        found: out, 3-gram number at each position, -1 where unknown, poor, or seen before in the query.
        weight: out, weight at each position (0 for poor ones and repeats, 1 for unknown ones).
        word_weight: out, the mean weight of the 3-grams over each word.
        slots, heads, chain: out, an open hash table from 3-gram to its positions, last first.
    """
    _, _, _, bits, directory, prints, _, _, _ = index
    count = words.size - GRAM + 1
    mask = heads.size - 1
    heads[:] = -1
    word_weight[: words.size] = 0
    informative = 0
    for at in range(count):
        key = gram_at(words, at)
        slot = np.int64(key) & mask
        while heads[slot] >= 0 and slots[slot] != key:
            slot = (slot + 1) & mask
        first = heads[slot] < 0
        slots[slot] = key
        chain[at] = heads[slot]
        heads[slot] = at
        found[at] = -1
        share = np.float32(0)
        if not poor_at(words, low, at):
            number = find_gram(key, bits, directory, prints)
            share = np.float32(1) if number < 0 else _weight(number, held, index)
            if first:
                found[at] = number
                informative += share > 0
        weight[at] = share if first else np.float32(0)
        for k in range(GRAM):
            word_weight[at + k] += share
    for at in range(words.size):
        word_weight[at] /= np.float32(max(1, min(at + 1, GRAM, words.size - at, count)))
    return informative


@kernel(f"int64({RO_I64}, {RO_F32}, int64, {INDEX}, float32[::1], int32[::1], int32[::1], float32[::1])")
def _nominate(found, weight, held, index, mass, touched, best, best_mass):
    """Sum the weights shared with each reference text; keep the best; return how many there are."""
    _, _, groups, _, _, _, _, begins, postings = index
    count = 0
    for at in range(found.size):
        number = found[at]
        if number < 0 or weight[at] <= 0:
            continue
        start, stop = np.int64(begins[number]), np.int64(begins[number + 1])
        if stop - start > LONGEST_LIST:
            continue
        for k in range(start, stop):
            text = np.int64(postings[k])
            if mass[text] == 0:
                if np.int64(groups[text]) == held:
                    continue
                touched[count] = text
                count += 1
            mass[text] += weight[at]
    kept = 0
    for k in range(count):
        text = touched[k]
        share = mass[text]
        mass[text] = 0
        if kept == CANDIDATES and share <= best_mass[kept - 1]:
            continue
        place = min(kept, CANDIDATES - 1)
        while place > 0 and best_mass[place - 1] < share:
            best[place] = best[place - 1]
            best_mass[place] = best_mass[place - 1]
            place -= 1
        best[place] = text
        best_mass[place] = share
        kept = min(kept + 1, CANDIDATES)
    return kept


@kernel(f"void({RO_U32}, uint64[::1], {RO_I32}, {RO_I32}, int32[::1], int32[::1], int32[::1], int32[::1])")
def trace_runs(reference, slots, heads, chain, run, place, last, length):
    """Find the runs of consecutive shared 3-grams.

    Args:
        run: out, longest run of shared 3-grams ending at each query position (0: not shared).
        place: out, where that run ends in the reference.
        last, length: scratch of the query's size.
    """
    mask = heads.size - 1
    run[:] = 0
    last[:] = -2
    for j in range(reference.size - GRAM + 1):
        key = gram_at(reference, j)
        slot = np.int64(key) & mask
        while heads[slot] >= 0 and slots[slot] != key:
            slot = (slot + 1) & mask
        at = heads[slot]
        while at >= 0:
            size = length[at - 1] + 1 if at > 0 and last[at - 1] == j - 1 else 1
            last[at] = j
            length[at] = size
            if size > run[at]:
                run[at] = size
                place[at] = j
            at = chain[at]


@kernel(f"void({RO_I32}, {RO_F32}, {RO_F32}, float32[::1])")
def _measure(run, weight, word_weight, out):
    """Write the features of one candidate that its runs decide."""
    count = run.size
    total = np.float32(0)
    win3 = np.float32(0)
    win5 = np.float32(0)
    local = np.float32(0)
    mass = np.float32(0)
    cover = 0
    covered = np.zeros(count, np.int32)
    begin = count
    for at in range(count - 1, -1, -1):
        if at < begin:
            cover = 0
            begin = at
        if run[at] > cover:
            cover = run[at]
            begin = at - cover + 1
        covered[at] = cover
        if cover == 0:
            begin = at
    for at in range(count):
        shared = weight[at] if run[at] > 0 else np.float32(0)
        mass += shared
        win3 += shared
        win5 += shared if covered[at] >= GRAM else np.float32(0)
        if at >= WINDOW:
            old = at - WINDOW
            win3 -= weight[old] if run[old] > 0 else np.float32(0)
            win5 -= weight[old] if covered[old] >= GRAM else np.float32(0)
        out[WIN3] = max(out[WIN3], win3)
        out[WIN5] = max(out[WIN5], win5)
        total = max(total + shared - np.float32(0.1), np.float32(0))
        local = max(local, total)
        if run[at] > out[RUN] and word_weight[at] > 0:
            out[RUN] = run[at]
        if run[at] >= EIGHT and word_weight[at - 2] > 0:
            out[EIGHTS] += 1
    out[MASS] = mass
    out[LOCAL] = local


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
    low, high = max(0, low - 8), min(words.size, high + 8)
    left, right = max(0, left - 8), min(reference.size, right + 8)
    high, right = min(high, low + MAX_WORDS), min(right, left + MAX_WORDS)
    for at in range(low, high):
        weights[at - low] = np.int32(word_weight[at] * 1000)
    score = align(
        words[low:high], weights[: high - low], reference[left:right], flipped, flipped_weights, rows
    )
    return np.float32(score / 1000)


@kernel(f"void({RO_I64}, {RO_U32}, {RO_U8}, {RO_I64}, {INDEX}, int32[:, ::1], float32[:, :, ::1])")
def measure_all(bounds, words, low, held, index, candidates, features):
    """Measure every query against its best reference texts.

    Args:
        bounds, words, low: the queries' words.
        held: int64[n], a group of reference texts left out for each query, or -1.
        candidates: out, int32[n, CANDIDATES], reference text numbers, -1 for none.
        features: out, float32[n, CANDIDATES, FEATURES], zeroed.
    """
    d_bounds, d_words = index[0], index[1]
    texts = d_bounds.size - 1
    longest = 8
    for q in range(bounds.size - 1):
        longest = max(longest, bounds[q + 1] - bounds[q])
    mass, touched = np.zeros(texts, np.float32), np.empty(texts, np.int32)
    found = np.empty(longest, np.int64)
    weight, word_weight = np.empty(longest, np.float32), np.empty(longest, np.float32)
    capacity = 16
    while capacity < 2 * longest:
        capacity *= 2
    slots, heads_all, chain = (
        np.empty(capacity, np.uint64),
        np.empty(capacity, np.int32),
        np.empty(longest, np.int32),
    )
    runs, places = np.empty((CANDIDATES, longest), np.int32), np.empty((CANDIDATES, longest), np.int32)
    last, length = np.empty(longest, np.int32), np.empty(longest, np.int32)
    best, best_mass = np.empty(CANDIDATES, np.int32), np.empty(CANDIDATES, np.float32)
    weights, flipped = np.empty(MAX_WORDS, np.int32), np.empty(MAX_WORDS, np.uint32)
    flipped_weights, rows = np.empty(MAX_WORDS, np.int32), np.empty((3, MAX_WORDS + 2), np.int32)
    for q in range(bounds.size - 1):
        size = bounds[q + 1] - bounds[q]
        query, poor = words[bounds[q] : bounds[q + 1]], low[bounds[q] : bounds[q + 1]]
        candidates[q, :] = -1
        features[q, :, WORDS] = size
        if size < GRAM:
            continue
        count = size - GRAM + 1
        used = 16
        while used < 2 * count:
            used *= 2
        heads = heads_all[:used]
        kinds = _look_up(query, poor, held[q], index, found, weight, word_weight, slots, heads, chain)
        kept = _nominate(found[:count], weight[:count], held[q], index, mass, touched, best, best_mass)
        eights = 0
        for at in range(EIGHT - 1, count):
            eights += word_weight[at - 2] > 0
        features[q, :, KINDS] = kinds
        features[q, :, EIGHTS_OF] = eights
        for c in range(kept):
            text = best[c]
            candidates[q, c] = text
            reference = d_words[d_bounds[text] : d_bounds[text + 1]]
            run, place = runs[c, :count], places[c, :count]
            trace_runs(reference, slots, heads, chain[:count], run, place, last[:count], length[:count])
            _measure(run, weight[:count], word_weight[:size], features[q, c])
            features[q, c, ALIGNED] = _align_near(
                query, word_weight[:size], run, place, reference, weights, flipped, flipped_weights, rows
            )
            features[q, :, SECOND] = best_mass[1] if kept > 1 else 0
        for c in range(1, kept):
            pair = np.float32(0)
            for at in range(count):
                if runs[0, at] > 0 or runs[c, at] > 0:
                    pair += weight[at]
            features[q, c, PAIR] = pair
            features[q, 0, PAIR] = max(features[q, 0, PAIR], pair)
