"""The rule that turns measurements into a score: a union of four views of "more than chance would share".

No view is learned. Each is a measure of shared, rare text over a power of the query's length (chance matches
grow slower than the text), in units of what the most alike innocent texts reach:

- *alignment*: words in the same order, whatever was dropped or replaced between them;
- *mass*: rare 3-grams in any order (sentences shuffled, two texts merged);
- *passage*: the best stretch of rare 8-grams;
- *stranger*: that stretch again, counted by how foreign everything around it is. Two answers to one question
  share words all over; a paragraph quoted in an unrelated text shares nothing else.

Beside them stands *containment*: nearly all 8-grams of the query in one reference text.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from auditor.fingerprint.search import overlap_features as m

F32: TypeAlias = NDArray[np.float32]
VIEWS = ("alignment", "mass", "passage", "stranger")
SHORT = 40
"""Texts of fewer words are decided by containment alone."""
LEAST = 8
"""Texts of fewer words are not decided at all."""
CONTAINED = 0.75
"""Share of a query's informative 8-grams in one reference text that makes it a copy."""
CONTAINED_MASS = 0.2
"""Weight of rare 3-grams that containment needs, lest stock phrases count."""
WHOLE_WORDS, WHOLE_DISTINCT = 20, 6
"""Numbers and single letters alone are a copy only as a whole, and only where there are so many words, and so
many different ones, each of them twice on average: a puzzle or a pattern, but no counting and no table."""
_FOREIGN = 0.15
_SURROUNDINGS = 30


def views(features: F32) -> F32:
    """Return the four views of every candidate: float32[n, candidates, 4], not yet in units."""
    words = np.maximum(features[:, :, m.WORDS], 20)
    passage = features[:, :, m.PASSAGE]
    foreign = np.clip(1 - features[:, :, m.FOREIGN] / _FOREIGN, 0, 1)
    foreign = np.where(features[:, :, m.OUTSIDE] < _SURROUNDINGS, 0, foreign)
    parts = [
        features[:, :, m.ALIGNED] / words**0.75,
        features[:, :, m.MASS] / words**0.75,
        passage / words**0.5,
        passage * foreign / words**0.25,
    ]
    decided = features[:, :, m.WORDS] >= SHORT
    result: F32 = np.stack([np.where(decided, part, 0) for part in parts], axis=-1).astype(np.float32)
    return result


def union(features: F32, scales: tuple[float, ...]) -> F32:
    """Return the largest view of every candidate in units of `scales`: float32[n, candidates]."""
    result: F32 = (views(features) / np.array(scales, np.float32)).max(axis=-1)
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


def containment(features: F32) -> F32:
    """Return the share of the query's informative 8-grams in every candidate: float32[n, candidates]."""
    share = features[:, :, m.EIGHTS] / np.maximum(features[:, :, m.EIGHTS_OF], 1)
    result: F32 = np.where(features[:, :, m.MASS] >= CONTAINED_MASS, share, 0).astype(np.float32)
    return np.where(whole(features), np.float32(1), result)


def score(features: F32, scales: tuple[float, ...], threshold: float) -> F32:
    """Return float32[n, candidates]; 1.0 and more is a copy at the rate that `threshold` stands for."""
    result: F32 = np.maximum(
        union(features, scales) / np.float32(threshold), containment(features) / CONTAINED
    )
    return result


def decidable(features: F32) -> NDArray[np.bool_]:
    """Tell queries with enough words and evidence to be decided: bool[n]."""
    enough: NDArray[np.bool_] = (features[:, 0, m.WORDS] >= LEAST) & (
        (features[:, 0, m.KINDS] > 0) | whole(features).any(axis=1)
    )
    return enough
