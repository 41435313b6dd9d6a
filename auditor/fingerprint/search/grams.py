# mypy: allow-untyped-defs, no-check-untyped-defs
"""Kernels that build inverted tables of word n-grams.

Every 3-gram is listed, and the 8-grams that more than one text has. A 3-gram of mostly numbers or single
letters is *uninformative*: it may lead to a text but is not evidence. One word three times over is not
listed at all.
"""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.tokens.machine import fold_multiply
from auditor.fingerprint.tokens.reference import K0, K1
from auditor.jit.compile import RO_I64, RO_U8, RO_U16, RO_U32, RO_U64, inlined, kernel

_u64 = np.uint64
_K0, _K1 = _u64(K0), _u64(K1)
GRAM = 3
"""Words per n-gram of the main table."""
LONG = 8
"""Words per n-gram of the table that tells a common passage from a rare one."""
LONGEST_LIST = 4096
"""Longer posting lists nominate candidates only where most of a query's lists are so long."""
_LARGE = 64
"""Buckets of more n-grams are merged, not sorted by insertion."""
TABLE = f"Tuple((int64, {RO_U32}, {RO_U32}, {RO_U16}, {RO_U32}, {RO_U32}))"
"""bits, directory, prints, rarity, begins, postings."""


@inlined
def gram_at(words, at):
    """Return the 64-bit hash of the 3-gram of word ids at `at`."""
    pair = _u64(words[at]) | _u64(words[at + 1]) << _u64(32)
    return fold_multiply(pair ^ _K0, _u64(words[at + 2]) ^ _K1)


@inlined
def long_at(words, at):
    """Return the 64-bit hash of the 8-gram of word ids at `at`."""
    key = gram_at(words, at)
    for k in range(GRAM, LONG):
        key = fold_multiply(key ^ _u64(words[at + k]), _K1)
    return key


@inlined
def uninformative_at(words, uninformative, at):
    """Tell whether the 3-gram at `at` says too little to be evidence."""
    numbers = uninformative[at] + uninformative[at + 1] + uninformative[at + 2]
    return numbers >= 2 or (words[at] == words[at + 1] and words[at] == words[at + 2])


@kernel(f"void({RO_I64}, {RO_U32}, {RO_U32}, uint64[::1])")
def hash_texts(bounds, words, teachers, hashes):
    """Write a hash of the words and the teacher of every text."""
    for text in range(bounds.size - 1):
        key = fold_multiply(_u64(teachers[text]) ^ _K0, _u64(bounds[text + 1] - bounds[text]) ^ _K1)
        for at in range(bounds[text], bounds[text + 1]):
            key = fold_multiply(key ^ _u64(words[at]), _K1)
        hashes[text] = key


@kernel(f"int64({RO_I64}, {RO_U32}, {RO_U8}, int64, uint64, uint64[::1], uint32[::1])")
def list_grams(bounds, words, repeated, size, limit, keys, owners):
    """Write every n-gram of `size` words (`GRAM` or `LONG`) up to `limit` with its text; return how many.

    Args:
        repeated: uint8[D], 1 for texts whose n-grams another one stands for.
    """
    count = 0
    for text in range(bounds.size - 1):
        if repeated[text]:
            continue
        for at in range(bounds[text], bounds[text + 1] - size + 1):
            if words[at] == words[at + 1] and words[at] == words[at + 2]:
                continue
            key = gram_at(words, at) if size == GRAM else long_at(words, at)
            if key <= limit:
                keys[count] = key
                owners[count] = np.uint32(text)
                count += 1
    return count


@kernel("void(uint64[::1], uint32[::1])")
def _insertion_sort(keys, owners):
    for i in range(1, keys.size):
        key, owner = keys[i], owners[i]
        at = i
        while at > 0 and keys[at - 1] > key:
            keys[at] = keys[at - 1]
            owners[at] = owners[at - 1]
            at -= 1
        keys[at] = key
        owners[at] = owner


@kernel("void(uint64[::1], uint32[::1], uint64[::1], uint32[::1])")
def _merge_sort(keys, owners, spare_keys, spare_owners):
    """Sort a bucket that repeats a few keys often, for which insertion takes its square; stable."""
    size, width = keys.size, 1
    while width < size:
        for left in range(0, size, 2 * width):
            middle, right = min(left + width, size), min(left + 2 * width, size)
            a, b = left, middle
            for at in range(left, right):
                if a < middle and (b >= right or keys[a] <= keys[b]):
                    spare_keys[at], spare_owners[at] = keys[a], owners[a]
                    a += 1
                else:
                    spare_keys[at], spare_owners[at] = keys[b], owners[b]
                    b += 1
        for at in range(size):
            keys[at], owners[at] = spare_keys[at], spare_owners[at]
        width *= 2


@kernel("void(uint64[::1], uint32[::1], int64, uint32[::1], uint64[::1], uint32[::1])")
def sort_grams(keys, owners, bits, places, sorted_keys, sorted_owners):
    """Sort by key, stable: a counting sort on the top `bits`, then within each bucket.

    `places` is uint32[2**bits + 1] scratch, and `keys` and `owners` are overwritten.
    """
    shift = _u64(64 - bits)
    places[:] = 0
    for i in range(keys.size):
        places[np.int64(keys[i] >> shift) + 1] += np.uint32(1)
    for i in range(places.size - 1):
        places[i + 1] += places[i]
    for i in range(keys.size):
        bucket = np.int64(keys[i] >> shift)
        at = places[bucket]
        places[bucket] = at + np.uint32(1)
        sorted_keys[at] = keys[i]
        sorted_owners[at] = owners[i]
    start = 0
    for bucket in range(places.size - 1):
        stop = np.int64(places[bucket])
        if stop - start > _LARGE:
            _merge_sort(sorted_keys[start:stop], sorted_owners[start:stop], keys, owners)
        else:
            _insertion_sort(sorted_keys[start:stop], sorted_owners[start:stop])
        start = stop


@kernel(
    f"UniTuple(int64, 2)({RO_U64}, {RO_U32}, {RO_U32}, int64, int64, "
    "uint64[::1], uint32[::1], uint32[::1], uint16[::1])"
)
def group_grams(keys, owners, teacher_of, teachers, least, unique, begins, postings, rarity):
    """Collapse sorted n-grams to distinct keys with their distinct texts.

    Args:
        least: keys of fewer texts are left out.
        unique, begins, rarity: out, one entry per key; postings[begins[i]:begins[i + 1]] are the key's texts.
        rarity: how many teachers have the key, or (texts / teachers) where that is more; at most 65535.

    Returns:
        the number of keys and of postings.
    """
    stamp = np.zeros(teachers, np.int64)
    groups, filled, at, seen = 0, 0, 0, 0
    while at < keys.size:
        key = keys[at]
        distinct = 0
        first = filled
        seen += 1
        while at < keys.size and keys[at] == key:
            owner = owners[at]
            if filled == first or postings[filled - 1] != owner:
                postings[filled] = owner
                filled += 1
                teacher = teacher_of[owner]
                if stamp[teacher] != seen:
                    stamp[teacher] = seen
                    distinct += 1
            at += 1
        if filled - first < least:
            filled = first
            continue
        spread = (filled - first + teachers - 1) // teachers
        begins[groups] = np.uint32(first)
        unique[groups] = key
        rarity[groups] = np.uint16(min(max(distinct, spread), 65535))
        groups += 1
    begins[groups] = np.uint32(filled)
    return groups, filled


@kernel(f"void({RO_U64}, int64, uint32[::1], uint32[::1])")
def fill_directory(unique, bits, directory, prints):
    """Write directory[b], the first key whose top `bits` are at least b, and the low 32 bits of each key."""
    shift = _u64(64 - bits)
    bucket = 0
    for i in range(unique.size):
        top = np.int64(unique[i] >> shift)
        while bucket <= top:
            directory[bucket] = np.uint32(i)
            bucket += 1
        prints[i] = np.uint32(unique[i] & _u64(0xFFFFFFFF))
    while bucket < directory.size:
        directory[bucket] = np.uint32(unique.size)
        bucket += 1


@inlined
def find_gram(key, bits, directory, prints):
    """Return the number of a key, or -1."""
    bucket = np.int64(key >> _u64(64 - bits))
    print_ = np.uint32(key & _u64(0xFFFFFFFF))
    for i in range(np.int64(directory[bucket]), np.int64(directory[bucket + 1])):
        if prints[i] == print_:
            return i
    return -1


@inlined
def teachers_of(number, excluded_group, groups, table):
    """Return how many teachers have an n-gram with the texts of one group left out; 0 is weightless.

    Of the longest lists the first `LONGEST_LIST` texts are looked at, which is enough for what is so common.
    """
    _, _, _, rarity, begins, postings = table
    teachers = np.int64(rarity[number])
    if teachers > 0 and excluded_group >= 0:
        start = np.int64(begins[number])
        for k in range(start, min(np.int64(begins[number + 1]), start + LONGEST_LIST)):
            teachers -= np.int64(groups[postings[k]]) == excluded_group
        teachers = max(teachers, np.int64(1))
    return teachers


@kernel(f"void({RO_I64}, {RO_U32}, int64, {RO_U32}, {RO_U32}, uint16[::1])")
def subtract_prompts(bounds, words, bits, directory, prints, rarity):
    """Set rarity 0 (weightless) on every 3-gram that occurs in these prompts."""
    for text in range(bounds.size - 1):
        for at in range(bounds[text], bounds[text + 1] - GRAM + 1):
            found = find_gram(gram_at(words, at), bits, directory, prints)
            if found >= 0:
                rarity[found] = np.uint16(0)
