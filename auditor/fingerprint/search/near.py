"""Search texts in the MinHash lane of an index, with the same answers as the n-gram search gives.

Where the reference texts are at hand a text is copied only if the words themselves bear the signature out,
and the shared stretches are shown; where they are not, the signature alone decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.fingerprint import index_file
from auditor.fingerprint.minhash.lane import MinhashLane, Pairs, contradicts_itself
from auditor.fingerprint.minhash.shingles import low_bytes
from auditor.fingerprint.search.ngrams import NgramIndex
from auditor.fingerprint.search.reference_index import ReferenceIndex
from auditor.fingerprint.tokens.words import F32, I64, U32, Words

LEAST_WORDS = 20
"""Texts of fewer words are not decided: their few shingles are those of stock phrases."""
BRIEF_WORDS, _BRIEF_POWER = 60, 1 / 3
"""Texts of fewer words need the cube root of the similarity that others need: parts of innocent answers are
nearer to short references than whole answers are to any."""
_TIE = 0.02
_FAINT = 0.5
"""Of the threshold: pairs less alike are not looked at."""


@dataclass(frozen=True, slots=True)
class Near:
    """What the lane says of n texts.

    Attributes:
        enough: bool[n], whether there are words enough to tell.
        shared: bool[n], whether it is near enough for a longer text, and too short to tell.
        scores: float32[n], the best similarity in units of the threshold.
        chosen: int64[n], the reference text that each is a copy of, -1 where it is none.
        teachers: the tied teachers of those found, by row, best first.
    """

    enough: NDArray[np.bool_]
    shared: NDArray[np.bool_]
    scores: F32
    chosen: I64
    teachers: dict[int, list[int]]


def search_near(index: ReferenceIndex, texts: pa.Array, words: Words, fpr: float) -> Near:
    """Search texts in the lane of an index that has one, and thresholds for it.

    Raises:
        FingerprintError: the index's arrays contradict each other.
    """
    lane = index.near
    if lane is None or lane.calibration is None:
        raise contradicts_itself()
    threshold = lane.calibration.threshold(fpr)
    slots, counts = low_bytes(texts, words, lane.spec)
    needed = np.where(counts < BRIEF_WORDS, threshold**_BRIEF_POWER, threshold).astype(np.float32)
    enough = counts >= max(LEAST_WORDS, lane.spec.shingle)
    pairs = lane.query(slots, threshold * _FAINT)
    best: F32 = np.zeros(len(slots), np.float32)
    np.maximum.at(best, pairs.queries, pairs.similarities)
    chosen = np.full(len(slots), -1, np.int64)
    teachers: dict[int, list[int]] = {}
    whose: dict[tuple[int, ...], tuple[int, list[int]]] = {}
    for row, entries in _tied(pairs, best, enough & (best >= needed)).items():
        key = tuple(entries)
        if key not in whose:
            whose[key] = int(lane.texts_of(entries[0])[0]), _teachers(index, lane, entries)
        text, tied = whose[key]
        if borne_out(index.ngrams, words, row, text, lane.spec.shingle, float(needed[row])):
            chosen[row], teachers[row] = text, tied
    scores = np.where(enough, best / needed, 0).astype(np.float32)
    scores[(chosen < 0) & (scores >= 1)] = np.float32(1 - 1e-6)
    shared = enough & (best >= threshold) & (best < needed)
    return Near(enough & ~shared, shared, scores, chosen, teachers)


def _tied(pairs: Pairs, best: F32, found: NDArray[np.bool_]) -> dict[int, list[int]]:
    """Return the entries that tie for each row found, the nearest first."""
    queries = pairs.queries.astype(np.int64)
    kept = found[queries] & (pairs.similarities >= best[queries] * (1 - _TIE))
    queries, entries, near = queries[kept], pairs.entries[kept], pairs.similarities[kept]
    order = np.lexsort((entries, -near, queries))
    tied: dict[int, list[int]] = {}
    for row, entry in zip(queries[order].tolist(), entries[order].tolist(), strict=True):
        tied.setdefault(row, []).append(entry)
    return tied


def _teachers(index: ReferenceIndex, lane: MinhashLane, entries: list[int]) -> list[int]:
    """Return the teachers of all texts of some entries, each once."""
    found: dict[int, None] = {}
    for entry in entries:
        numbers, firsts = np.unique(index.text_teachers[lane.texts_of(entry)], return_index=True)
        found |= dict.fromkeys(numbers[np.argsort(firsts)].tolist())
    return list(found)


def borne_out(grams: NgramIndex, words: Words, row: int, text: int, shingle: int, threshold: float) -> bool:
    """Tell whether the words of a reference text are as near as its signature; true where none are kept."""
    if not len(grams):
        return True
    asked = _shingles(words.ids[words.bounds[row] : words.bounds[row + 1]], shingle)
    held = _shingles(grams.words[grams.bounds[text] : grams.bounds[text + 1]], shingle)
    shared = np.intersect1d(asked, held, assume_unique=True).size
    return bool(shared >= threshold * (asked.size + held.size - shared))


def _shingles(ids: U32, size: int) -> NDArray[np.void]:
    """Return the distinct runs of `size` words."""
    if ids.size < size:
        return np.zeros(0, np.dtype((np.void, 4 * size)))
    runs = np.ascontiguousarray(np.lib.stride_tricks.sliding_window_view(ids, size))
    return np.unique(runs.view(np.dtype((np.void, 4 * size))).ravel())


def near_columns(index: ReferenceIndex, near: Near) -> dict[str, pa.Array]:
    """Return the columns `teacher`, `teachers`, `family` and `reference_id` of all rows."""
    rows = range(len(near.scores))
    members = [near.teachers.get(row, []) for row in rows]
    families = [{index.families[number] for number in line} for line in members]
    known = np.flatnonzero(near.chosen >= 0)
    ids: list[str | None] = [None] * len(rows)
    for row, name in zip(
        known.tolist(), index_file.unpack_strings(*index.ids, near.chosen[known]), strict=True
    ):
        ids[row] = name
    return {
        "teacher": pa.array([index.teachers[line[0]] if line else None for line in members], pa.string()),
        "teachers": pa.array(
            [[index.teachers[number] for number in line] for line in members], pa.list_(pa.string())
        ),
        "family": pa.array([min(found) if len(found) == 1 else None for found in families], pa.string()),
        "reference_id": pa.array(ids, pa.string()),
    }
