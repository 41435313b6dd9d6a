"""The rule that turns measurements into a score: a union of four views of "more than chance would share".

No view is learned. Each is a measure of shared, rare text over a power of the query's length (chance matches
grow slower than the text), in units of what the most alike innocent texts reach:

- *alignment*: words in the same order, whatever was dropped or replaced between them;
- *mass*: rare 3-grams in any order (sentences shuffled, two texts merged);
- *passage*: the best stretch of rare 8-grams;
- *stranger*: that stretch again, counted by how foreign everything around it is. Two answers to one question
  share words all over; a paragraph quoted in an unrelated text shares nothing else.

Beside them stands *containment*: nearly all 8-grams of the query in one reference text, with evidence enough
(see `contained`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.fingerprint.search import overlap_features as m
from auditor.fingerprint.search.contained import (
    CONTAINED,
    containment,
    entire,
    evidence,
    puzzles,
    template,
    whole,
)
from auditor.fingerprint.tokens.words import F32

VIEWS = ("alignment", "mass", "passage", "stranger")
SHORT = 40
"""Texts of fewer words are decided by containment alone."""
BRIEF = 120
"""Texts of fewer words have thresholds of their own: parts of answers are more alike than whole ones."""
LEAST = 8
"""Texts of fewer words are not decided at all."""
_ALIKE = ((60, BRIEF), (1.5, 1.0))
"""How much more alike parts of so many words are than whole answers, of those between."""
_PART = 1.5
"""A text is compared with a whole answer unless the reference has so many times its words."""
_FOREIGN = 0.15
_SURROUNDINGS = 30
_SHARED_RUN, _SHARED_MASS, _SHARED_OUTSIDE = 11, 0.2, 0.05
"""Thirteen words in a row that stand in one reference, and of the words around them one in twenty at most."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is a copy at one rate of false positives.

    Attributes:
        scales: the unit of each view.
        views, brief: the threshold of the views, for whole texts and for those of fewer than `BRIEF` words.
        contained: the threshold of containment; None where nobody calibrated it, and then it decides nothing.
    """

    scales: tuple[float, ...]
    views: float
    brief: float
    contained: float | None


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
    part = features[:, :, m.REFERENCE] > _PART * features[:, :, m.WORDS]
    alike = np.where(part, np.interp(features[:, :, m.WORDS], *_ALIKE), 1)
    result: F32 = np.stack([np.where(decided, one / alike, 0) for one in parts], axis=-1).astype(np.float32)
    return result


def union(features: F32, scales: tuple[float, ...]) -> F32:
    """Return the largest view of every candidate in units of `scales`: float32[n, candidates]."""
    result: F32 = (views(features) / np.array(scales, np.float32)).max(axis=-1)
    return result


def score(features: F32, limits: Limits) -> F32:
    """Return float32[n, candidates]; 1.0 and more is a copy at the rate that `limits` stand for."""
    brief = features[:, :, m.WORDS] < BRIEF
    thresholds = np.where(brief, np.float32(limits.brief), np.float32(limits.views))
    found: F32 = (union(features, limits.scales) / thresholds).astype(np.float32)
    if limits.contained is None:
        return found
    held: F32 = np.where(puzzles(features), np.float32(1), evidence(features) / np.float32(limits.contained))
    result: F32 = np.maximum(found, held)
    return result


def unsettled(features: F32) -> NDArray[np.bool_]:
    """Tell queries that share a passage with one reference, whether it is enough for a copy or not: bool[n].

    Such a passage is the query or nearly all of it, however common, or thirteen words in a row that nothing
    around explains.
    """
    run = (features[:, :, m.RUN] >= _SHARED_RUN) & (features[:, :, m.MASS] >= _SHARED_MASS)
    alone = (features[:, :, m.OUTSIDE] < _SURROUNDINGS) | (features[:, :, m.FOREIGN] <= _SHARED_OUTSIDE)
    held = (containment(features) >= CONTAINED) | entire(features) | template(features)
    shared: NDArray[np.bool_] = (run & alone) | held
    result: NDArray[np.bool_] = shared.max(axis=1)
    return result


def decidable(features: F32) -> NDArray[np.bool_]:
    """Tell queries with enough words and evidence to be decided: bool[n]."""
    enough: NDArray[np.bool_] = (features[:, 0, m.WORDS] >= LEAST) & (
        (features[:, 0, m.KINDS] > 0) | whole(features).any(axis=1)
    )
    return enough
