"""Containment: nearly all 8-grams of a query in one reference text, and how much that proves.

How much is needed depends on where the passage stands. Answers to one question open alike, so an opening
proves little; the middle of an answer proves more; and a query that is the whole of a short reference proves
most. It depends on the length, too: many innocent answers share their first 15 words, few their first 60.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from auditor.fingerprint.search import overlap_features as m
from auditor.fingerprint.search.grams import GRAM
from auditor.fingerprint.tokens.words import F32

CONTAINED = 0.75
"""Share of a query's informative 8-grams in one reference text that contains it."""
OPENING = 10
"""A passage that begins within so many words of a reference is its opening."""
WHOLE_WORDS, WHOLE_DISTINCT = 20, 6
"""Numbers and single letters alone are a copy only as a whole, and only where there are so many words, and so
many different ones, each of them twice on average: a puzzle or a pattern, but no counting and no table."""
CONTAINED_MASS = 0.2
"""Weight of rare 3-grams that containment needs, lest stock phrases count."""
_TEMPLATE_RUN = 30
"""So many 3-grams in a row are no chance, however common they are."""
_ALL, _LONGER = 0.9, 0.1
"""A query is the whole of a reference with so many of its 8-grams, and with no more than this share of words
more or less."""
_WORDS = (15, 20, 25, 30, 40, 60, 100)
_OPENING = (15.0, 15.0, 16.5, 16.5, 18.0, 18.0, 18.0)
_INSIDE = (8.0, 9.0, 9.0, 8.0, 7.0, 6.0, 5.0)
_WHOLE = (0.5, 0.5, 0.5, 0.35, 0.35, 0.35, 0.35)
"""What one innocent part in 1,000 reached, by its words: first words, sentences, paragraphs, list lines and
code of 36 models' answers to the same prompts, against 41 others. It is the best passage of rare 8-grams, or
the weight of rare 3-grams where a query is the whole reference."""


def containment(features: F32) -> F32:
    """Return the share of the query's informative 8-grams in every candidate: float32[n, candidates]."""
    share = features[:, :, m.EIGHTS] / np.maximum(features[:, :, m.EIGHTS_OF], 1)
    result: F32 = np.where(features[:, :, m.MASS] >= CONTAINED_MASS, share, 0).astype(np.float32)
    return np.where(whole(features), np.float32(1), result)


def evidence(features: F32) -> F32:
    """Return how much containment proves, in units of what innocent parts reach: float32[n, candidates]."""
    share, words = containment(features), features[:, :, m.WORDS]
    opening = features[:, :, m.PLACE] < OPENING
    unit = np.where(opening, np.interp(words, _WORDS, _OPENING), np.interp(words, _WORDS, _INSIDE))
    part = features[:, :, m.PASSAGE] / unit
    unit = np.interp(words, _WORDS, _WHOLE)
    entire = np.where(_same_length(features) & (share >= _ALL), features[:, :, m.MASS] / unit, 0)
    return np.where(share >= CONTAINED, np.maximum(part, entire), 0).astype(np.float32)


def template(features: F32) -> NDArray[np.bool_]:
    """Tell candidates that hold nearly all of a query, though it says too little: bool[n, candidates].

    So stands a text that one teacher repeats by the thousand, with a word changed each time.
    """
    share = features[:, :, m.EIGHTS] / np.maximum(features[:, :, m.EIGHTS_OF], 1)
    result: NDArray[np.bool_] = (share >= CONTAINED) & (features[:, :, m.RUN] >= _TEMPLATE_RUN)
    return result


def entire(features: F32) -> NDArray[np.bool_]:
    """Tell candidates in which the whole query stands, rare or not: bool[n, candidates]."""
    words, run = features[:, :, m.WORDS], features[:, :, m.RUN]
    result: NDArray[np.bool_] = (run > 0) & (run >= words - GRAM + 1)
    return result


def puzzles(features: F32) -> NDArray[np.bool_]:
    """Tell candidates that are a query of numbers and single letters and no more: bool[n, candidates]."""
    result: NDArray[np.bool_] = whole(features) & _same_length(features)
    return result


def _same_length(features: F32) -> NDArray[np.bool_]:
    reference = features[:, :, m.REFERENCE]
    result: NDArray[np.bool_] = np.abs(features[:, :, m.WORDS] - reference) <= np.maximum(
        1, _LONGER * reference
    )
    return result


def whole(features: F32) -> NDArray[np.bool_]:
    """Tell candidates that hold all of a query of numbers and single letters: bool[n, candidates]."""
    result: NDArray[np.bool_] = (
        (features[:, :, m.WHOLE] > 0)
        & (features[:, :, m.KINDS] == 0)
        & (features[:, :, m.WORDS] >= WHOLE_WORDS)
        & (features[:, :, m.DISTINCT] >= WHOLE_DISTINCT)
        & (features[:, :, m.DISTINCT] * 2 <= features[:, :, m.WORDS])
    )
    return result
