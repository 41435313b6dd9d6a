"""Whose text a copied text is: the teachers that tie, their family, the reference, for many texts at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.fingerprint import index_file
from auditor.fingerprint.search.candidates import CANDIDATES
from auditor.fingerprint.search.ngrams import NgramIndex
from auditor.fingerprint.search.reference_index import ReferenceIndex
from auditor.fingerprint.tokens.words import F32, I32, I64

_TIE = 0.02
_Members = tuple[I64, I64]
"""Numbers of teachers, and where those of each text begin and the last ones end."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What is said of each text; of one that was not copied, nothing."""

    teachers: pa.ListArray
    """The tied teachers, best first; empty where nothing was copied."""
    first: pa.StringArray
    families: pa.StringArray
    """Null too where the teachers are of several families."""
    references: pa.StringArray


def label(index: ReferenceIndex, candidates: I32, scores: F32, chosen: I32) -> Labels:
    """Return the tied teachers, their common family and the reference id of each text.

    Args:
        candidates, scores: int32 and float32[texts, CANDIDATES].
        chosen: the reference text that each is a copy of, -1 where it is none.
    """
    members, bounds = _members(index.ngrams, candidates, scores, chosen)
    names = pa.array(index.teachers, pa.string())
    copied = np.diff(bounds) > 0
    best = np.where(
        copied, members[np.minimum(bounds[:-1], max(0, len(members) - 1))] if len(members) else -1, -1
    )
    return Labels(
        pa.ListArray.from_arrays(pa.array(bounds.astype(np.int32)), names.take(pa.array(members))),
        names.take(pa.array(best, mask=~copied)),
        _families(index, members, bounds),
        _references(index, chosen),
    )


def _members(grams: NgramIndex, candidates: I32, scores: F32, chosen: I32) -> _Members:
    order = np.argsort(-scores, axis=1, kind="stable")
    ranked, lines = np.take_along_axis(candidates, order, 1), np.take_along_axis(scores, order, 1)
    tied = (lines >= scores.max(axis=1, keepdims=True) * (1 - _TIE)) & (ranked >= 0)
    tied &= (chosen >= 0)[:, None]
    teachers = grams.teachers[np.maximum(ranked, 0)].astype(np.int64)
    fresh = tied.copy()
    for place in range(1, CANDIDATES):
        known = tied[:, :place] & (teachers[:, :place] == teachers[:, place : place + 1])
        fresh[:, place] &= ~known.any(axis=1)
    # Where all candidates tie there may be more of them, with the very same words.
    many = {
        row: _with_twins(grams, ranked[row].tolist()) for row in np.flatnonzero(tied.all(axis=1)).tolist()
    }
    counts = fresh.sum(axis=1)
    for row, members in many.items():
        counts[row] = len(members)
        fresh[row] = False
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    found = np.empty(int(bounds[-1]), np.int64)
    rows, places = np.nonzero(fresh)
    within = (np.cumsum(fresh, axis=1) - 1)[rows, places]
    found[bounds[rows] + within] = teachers[rows, places]
    for row, members in many.items():
        found[bounds[row] : bounds[row + 1]] = members
    return found, bounds


def _with_twins(grams: NgramIndex, tied: list[int]) -> list[int]:
    """Return the teachers of some reference texts and of all that have their very words, each once."""
    twins = [twin for known in tied for twin in _twins(grams, known).tolist()]
    return list(dict.fromkeys(int(grams.teachers[text]) for text in (*tied, *twins)))


def _twins(grams: NgramIndex, text: int) -> I64:
    """Return the reference texts that have the very words of one, itself among them."""
    begin, end = grams.bounds[text : text + 2].tolist()
    twins = np.flatnonzero(grams.bounds[1:] - grams.bounds[:-1] == end - begin)
    for place, word in enumerate(grams.words[begin:end]):
        if twins.size < 2:
            break
        twins = twins[grams.words[grams.bounds[twins] + place] == word]
    return twins


def _families(index: ReferenceIndex, members: I64, bounds: I64) -> pa.StringArray:
    names, numbers = np.unique(np.array(index.families or [""]), return_inverse=True)
    filled = np.flatnonzero(np.diff(bounds))
    shared: NDArray[np.int64] = np.full(len(bounds) - 1, -1, np.int64)
    if len(filled):
        of_member = numbers[members]
        least, most = (ufunc.reduceat(of_member, bounds[filled]) for ufunc in (np.minimum, np.maximum))
        shared[filled] = np.where(least == most, least, -1)
    return pa.array(names.tolist(), pa.string()).take(pa.array(shared, mask=shared < 0))


def _references(index: ReferenceIndex, chosen: I32) -> pa.StringArray:
    met, places = np.unique(chosen, return_inverse=True)
    known = met[met >= 0].astype(np.int64)
    ids = pa.array(index_file.unpack_strings(*index.ids, known), pa.string())
    places = places - (len(met) - len(known))
    return ids.take(pa.array(places, mask=places < 0))
