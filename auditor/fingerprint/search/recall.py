"""Measure the recall of an index: the share of its own texts that it finds once they are edited.

The edits are made on words, not on texts, since an index keeps no texts. A scaled index keeps fewer n-grams;
this is what that costs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from auditor.errors import FingerprintError
from auditor.fingerprint.search.detect import measure, share_of, words_of
from auditor.fingerprint.search.reference_index import ReferenceIndex
from auditor.fingerprint.search.score import SHORT, decidable, score
from auditor.fingerprint.tokens.words import I64, Words

TEXTS = (120, 200, 1000)
"""One text in so many is edited, but no fewer and no more than these."""
Edit: TypeAlias = Callable[[np.random.Generator, Words], Words]


def _without(words: Words, keep: NDArray[np.bool_]) -> Words:
    left = np.concatenate([np.zeros(1, np.int64), np.cumsum(keep, dtype=np.int64)])
    parts = (words.hashes[keep], words.starts[keep], words.ends[keep], words.uninformative[keep])
    return Words(left[words.bounds], *parts)


def _dropped(share: float) -> Edit:
    """Return the edit that leaves a share of the words out."""
    return lambda draw, words: _without(words, draw.random(words.hashes.size) >= share)


def _replaced(share: float) -> Edit:
    """Return the edit that puts words never seen in the place of a share of the words."""

    def edit(draw: np.random.Generator, words: Words) -> Words:
        chosen = draw.random(words.hashes.size) < share
        strange = draw.integers(0, 2**64, words.hashes.size, dtype=np.uint64)
        hashes = np.where(chosen, strange, words.hashes)
        return Words(words.bounds, hashes, words.starts, words.ends, words.uninformative)

    return edit


def _cut(draw: np.random.Generator, words: Words) -> Words:
    """Leave the second half out."""
    lengths = np.diff(words.bounds)
    places = np.arange(words.hashes.size) - np.repeat(words.bounds[:-1], lengths)
    return _without(words, places * 2 < np.repeat(lengths, lengths))


EDITS: dict[str, Edit] = {
    "unchanged": _dropped(0.0),
    "first half": _cut,
    "one word in ten dropped": _dropped(0.1),
    "one word in three dropped": _dropped(1 / 3),
    "one word in ten replaced": _replaced(0.1),
    "one word in three replaced": _replaced(1 / 3),
}


def recall(index: ReferenceIndex, fpr: float) -> dict[str, float]:
    """Return the share of a sample of the index's own texts that is found, by edit, at a stated rate.

    Only texts of `SHORT` words and more are drawn. The same index gives the same answer.

    Raises:
        FingerprintError: the index has no thresholds.
    """
    if index.calibration is None:
        raise FingerprintError("the index is not calibrated", fix="run `auditor index calibrate`")
    long = np.flatnonzero(np.diff(index.ngrams.bounds) >= SHORT)
    draw = np.random.default_rng(0)
    chosen: I64 = np.sort(draw.permutation(long)[: share_of(len(index), TEXTS)])
    if not chosen.size:
        return {}
    words = words_of(index, chosen)
    no_exclusions = np.full(chosen.size, -1, np.int64)
    found = {}
    for name, edit in EDITS.items():
        _, features = measure(index.ngrams, edit(draw, words), no_exclusions, index.ngrams.teachers)
        scores = score(features, index.calibration.limits(fpr)).max(axis=1)
        found[name] = float(((scores >= 1) & decidable(features)).mean())
    return found
