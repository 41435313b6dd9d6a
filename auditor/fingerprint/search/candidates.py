# mypy: allow-untyped-defs, no-check-untyped-defs
"""Kernels that find the reference texts a query shares most with, and the runs they share."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.search.grams import (
    GRAM,
    LONGEST_LIST,
    TABLE,
    find_gram,
    gram_at,
    teachers_of,
    uninformative_at,
)
from auditor.jit.compile import RO_F32, RO_I32, RO_I64, RO_U8, RO_U32, inlined, kernel

CANDIDATES = 4
"""Reference texts measured per query."""
_FIRST_OF_LONG = 64
"""So many texts of a longer list are nominated then: they are the same in all lists of a template."""
FAINT = 1e-3
"""What a weightless 3-gram adds when candidates are nominated: enough to be found, too little to win."""

INDEX = f"Tuple(({RO_I64}, {RO_U32}, {RO_U32}, {TABLE}, {TABLE}, {TABLE}, uint64))"
"""bounds, words, groups (a query may leave one out), 3-grams, shared 8-grams, prompts' 3-grams, top key."""
GUESS = 1 / 3
"""Weight of an n-gram that the tables left out, before any neighbor tells better."""


@kernel(f"float32(uint64, int64, int64, {INDEX}, float32)")
def _weight_of(key, number, excluded_group, index, carried):
    """Return the weight of a 3-gram that is informative.

    It is 1 / (teachers that have it); 1 when no text has it, 0 when a prompt has it. One that a scaled table
    leaves out weighs what the last one found did.
    """
    if key > index[6]:
        asked = index[5]
        return np.float32(0) if find_gram(key, asked[0], asked[1], asked[2]) >= 0 else carried
    if number < 0:
        return np.float32(1)
    teachers = teachers_of(number, excluded_group, index[2], index[3])
    return np.float32(1.0 / teachers) if teachers > 0 else np.float32(0)


@inlined
def hash_position(key, at, slots, heads, chain):
    """Put a position into the open hash table of 3-grams; tell whether the 3-gram is new there."""
    mask = heads.size - 1
    slot = np.int64(key) & mask
    while heads[slot] >= 0 and slots[slot] != key:
        slot = (slot + 1) & mask
    first = heads[slot] < 0
    slots[slot] = key
    chain[at] = heads[slot]
    heads[slot] = at
    return first


@kernel(
    f"UniTuple(int64, 2)({RO_U32}, {RO_U8}, int64, {INDEX}, "
    "int64[::1], float32[::1], float32[::1], uint64[::1], int32[::1], int32[::1])"
)
def look_up(words, uninformative, excluded_group, index, found, weight, word_weight, slots, heads, chain):
    """Find the query's 3-grams in the index and hash them.

    Args:
        found: out, 3-gram number at each position, -1 where unknown or seen before in the query.
        weight: out, weight at each position (0 for repeats).
        word_weight: out, the mean weight of the 3-grams over each word.
        slots, heads, chain: out, an open hash table from 3-gram to its positions, last first.

    Returns:
        how many distinct 3-grams carry weight, and how many stand in a prompt.
    """
    bits, directory, prints, rarity, _, _ = index[3]
    count = words.size - GRAM + 1
    heads[:] = -1
    word_weight[: words.size] = 0
    informative, prompted = 0, 0
    carried = np.float32(GUESS)
    for at in range(count):
        key = gram_at(words, at)
        first = hash_position(key, at, slots, heads, chain)
        number = find_gram(key, bits, directory, prints) if key <= index[6] else np.int64(-1)
        found[at] = number if first else -1
        prompted += first and number >= 0 and rarity[number] == 0
        share = np.float32(0)
        if not uninformative_at(words, uninformative, at):
            if number < 0 and key <= index[6]:
                share = np.float32(1)
            elif number >= 0 and excluded_group < 0:
                share = np.float32(1.0 / rarity[number]) if rarity[number] > 0 else np.float32(0)
            else:
                share = _weight_of(key, number, excluded_group, index, carried)
            carried = share if number >= 0 else carried
            informative += first and share > 0
        weight[at] = share if first else np.float32(0)
        for k in range(GRAM):
            word_weight[at + k] += share
    for at in range(words.size):
        word_weight[at] /= np.float32(max(1, min(at + 1, GRAM, words.size - at, count)))
    return informative, prompted


@kernel("int64(float32[::1], int32[::1], int64, int32[::1])")
def _keep_best(mass, touched, count, best):
    """List the heaviest of the touched texts, heaviest first, and clear the masses."""
    heaviest = np.zeros(CANDIDATES, np.float32)
    kept = 0
    for k in range(count):
        text = touched[k]
        share = mass[text]
        mass[text] = 0
        if kept == CANDIDATES and share <= heaviest[kept - 1]:
            continue
        place = min(kept, CANDIDATES - 1)
        while place > 0 and heaviest[place - 1] < share:
            best[place] = best[place - 1]
            heaviest[place] = heaviest[place - 1]
            place -= 1
        best[place] = text
        heaviest[place] = share
        kept = min(kept + 1, CANDIDATES)
    return kept


@kernel(f"int64({RO_I64}, {RO_F32}, int64, {INDEX}, float32[::1], int32[::1], int32[::1])")
def nominate(found, weight, excluded_group, index, mass, touched, best):
    """Sum the weights shared with each reference text; list the best of them; return how many.

    Args:
        mass: float32[D], zero before and after.
        touched: int32[D] scratch.
        best: out, int32[CANDIDATES], text numbers, best first.
    """
    groups, table = index[2], index[3]
    _, _, _, _, begins, postings = table
    count, known, long = 0, 0, 0
    for at in range(found.size):
        if found[at] >= 0:
            known += 1
            long += np.int64(begins[found[at] + 1]) - np.int64(begins[found[at]]) > LONGEST_LIST
    first_of_long = _FIRST_OF_LONG if 2 * long > known else 0
    for at in range(found.size):
        number = found[at]
        if number < 0:
            continue
        start, stop = np.int64(begins[number]), np.int64(begins[number + 1])
        if stop - start > LONGEST_LIST:
            stop = start + first_of_long
        share = weight[at] + np.float32(FAINT)
        for k in range(start, stop):
            text = np.int64(postings[k])
            if mass[text] == 0:
                if np.int64(groups[text]) == excluded_group:
                    continue
                touched[count] = text
                count += 1
            mass[text] += share
    return _keep_best(mass, touched, count, best)


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
