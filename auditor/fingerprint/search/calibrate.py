"""Thresholds with a stated rate of false positives, from texts known not to be copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.fingerprint.search.contained import containment, evidence
from auditor.fingerprint.search.score import VIEWS, Limits, decidable, union, views
from auditor.fingerprint.stated_rates import StatedRates, read_rates
from auditor.fingerprint.tokens.words import F32

FLOORS = {
    0.05: 0.43,
    0.02: 0.55,
    0.01: 0.64,
    0.005: 0.75,
    0.002: 0.93,
    0.001: 1.0,
    0.0005: 1.1,
    0.0002: 1.3,
    0.0001: 1.5,
}
"""The least threshold at each rate: what it was over 41 models. An index too small, or with too few teachers
to show how alike innocent texts are, is held to this experience."""
CONTAINED_FLOORS = {
    0.05: 0.25,
    0.02: 0.36,
    0.01: 0.46,
    0.005: 0.6,
    0.002: 0.8,
    0.001: 1.0,
    0.0005: 1.25,
    0.0002: 1.6,
    0.0001: 2.0,
}
"""The same of containment, in the units of `contained.evidence`."""
SCALES = {
    1: (1.60, 1.45, 3.50, 3.60),
    2: (1.55, 1.40, 3.50, 3.60),
    4: (1.40, 1.25, 2.60, 3.60),
    8: (1.05, 0.92, 2.60, 3.60),
    16: (0.96, 0.82, 2.60, 3.50),
    41: (0.80, 0.70, 2.60, 3.50),
}
"""What one innocent text in 2,000 reached in each view, by the number of teachers in the index: answers of
other models to the same 508 prompts. Few teachers cannot tell a common phrase from a rare one, so more is
needed."""
IDENTICAL = 0.5
"""Negatives with this share of their 8-grams in one text are copies for the purpose of an audit: left out."""
_UNIT_RATE = 0.0005
_BODY_RATE, _TAILS = 0.01, (1.9, 1.9, 0.0, 0.0)
"""One innocent text in 2,000 reaches so many times what one in 100 does, in the views where that holds for
any number of teachers. It tells a sparse index, of few answers to each prompt, from a small sample."""
_TELLING_SLICES = 100
"""Fewer built-in parts of one length speak for no rate: a passage that two teachers quote would decide it."""
_DOUBT = 1.64
"""So many standard deviations are passed by chance once in twenty times."""


@dataclass(frozen=True, slots=True)
class Rates(StatedRates):
    """Thresholds of one measure at stated false-positive rates."""

    thresholds: dict[float, float]


@dataclass(frozen=True, slots=True)
class BriefRates:
    """Thresholds for texts of fewer than `BRIEF` words, from parts of texts that are not copies.

    Attributes:
        slices: how many parts they were set on.
        views: rate to lowest score that is a copy.
        contained: rate to lowest evidence that makes a contained text a copy, at any length.
    """

    slices: int
    views: Rates
    contained: Rates

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready form."""
        return {
            "slices": self.slices,
            "views": self.views.written(),
            "contained": self.contained.written(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> BriefRates:
        """Read `to_json`'s form.

        Raises:
            ValueError: a threshold is not positive.
        """
        views, contained = (Rates(read_rates(data[name])) for name in ("views", "contained"))
        if not all(one.thresholds and min(one.thresholds.values()) > 0 for one in (views, contained)):
            raise ValueError("a threshold of short texts is not positive")
        return cls(int(data["slices"]), views, contained)


@dataclass(frozen=True, slots=True)
class Calibration(StatedRates):
    """Score thresholds at stated false-positive rates.

    Attributes:
        negatives: how many texts they were set on.
        source: "built-in" (texts of the index against the index without their teacher's family) or "user".
        scales: the unit of each view of the score.
        thresholds: rate to lowest score that is a copy.
        brief: the same of short texts; None in indexes of before, which promise nothing for them.
    """

    negatives: int
    source: str
    scales: tuple[float, ...]
    thresholds: dict[float, float]
    brief: BriefRates | None = None

    def limits(self, rate: float) -> Limits:
        """Return what is a copy at a rate."""
        views = self.threshold(rate)
        if self.brief is None:
            return Limits(self.scales, views, views, None)
        return Limits(
            self.scales, views, self.brief.views.threshold(rate), self.brief.contained.threshold(rate)
        )

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready form."""
        return {
            "negatives": self.negatives,
            "source": self.source,
            "scales": dict(zip(VIEWS, self.scales, strict=True)),
            "thresholds": self.written(),
            "brief": self.brief.to_json() if self.brief else None,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Calibration:
        """Read `to_json`'s form."""
        scales = tuple(float(data["scales"][name]) for name in VIEWS)
        rates = read_rates(data["thresholds"])
        if min(scales) <= 0 or not rates or min(rates.values()) <= 0:
            raise ValueError("a scale or threshold is not positive")
        brief = data.get("brief")
        return cls(
            int(data["negatives"]),
            str(data["source"]),
            scales,
            rates,
            BriefRates.from_json(brief) if brief is not None else None,
        )


def _exceeded(values: F32, rate: float, doubt: float = 0.0) -> float:
    """Return the value that at most a share `rate` of `values` exceeds, a step up where there are too few.

    Args:
        doubt: how many standard deviations more may exceed it, before a sample speaks against experience.
    """
    ordered = np.sort(values.astype(np.float64))[::-1]
    expected = rate * ordered.size
    allowed = int(np.floor(expected + doubt * np.sqrt(expected)))
    if allowed >= ordered.size:
        return 0.0
    return float(ordered[allowed]) * (1.0 if allowed else 1.05)


def least_scales(teachers: int) -> tuple[float, ...]:
    """Return the least unit of each view for an index of so many teachers, between those of `SCALES`."""
    known, at = np.log(list(SCALES)), np.log(max(1, teachers))
    return tuple(float(np.interp(at, known, column)) for column in zip(*SCALES.values(), strict=True))


def identical(features: F32) -> NDArray[np.bool_]:
    """Tell texts that are copies for the purpose of an audit, whoever wrote them: bool[n]."""
    result: NDArray[np.bool_] = containment(features).max(axis=1) >= IDENTICAL
    return result


def calibrate(features: F32, source: str, teachers: int, slices: Sequence[F32] = ()) -> Calibration:
    """Set units and thresholds on the features of negatives.

    Those that are undecidable or text-identical to a reference are left out. Built-in negatives raise what
    experience says only where they speak against it beyond chance.

    Args:
        features: float32[n, candidates, features] of texts that are not copies.
        teachers: how many teachers the index has.
        slices: the same of parts of those texts, by the group of their length.
    """
    doubt = _DOUBT if source == "built-in" else 0.0
    fair = features[decidable(features) & ~identical(features)]
    seen = views(fair).max(axis=1) if len(fair) else np.zeros((0, len(VIEWS)), np.float32)
    least = least_scales(teachers)
    scales = tuple(
        round(max(unit, tail * _exceeded(view, _BODY_RATE), _exceeded(view, _UNIT_RATE, doubt)), 6)
        for unit, tail, view in zip(least, _TAILS, seen.T, strict=True)
    )
    best = union(fair, scales).max(axis=1) if len(fair) else np.zeros(0, np.float32)
    thresholds = {
        rate: round(max(floor, _exceeded(best, rate, doubt) + 1e-6), 6) for rate, floor in FLOORS.items()
    }
    return Calibration(len(fair), source, scales, thresholds, _brief(slices, scales, thresholds, doubt))


def _brief(
    slices: Sequence[F32], scales: tuple[float, ...], thresholds: dict[float, float], doubt: float
) -> BriefRates:
    """Set the thresholds of short texts: each group of slices keeps the rate, by both measures together."""
    seen, held = [], []
    for part in slices:
        if doubt and len(part) < _TELLING_SLICES:
            continue
        told = decidable(part)
        seen.append((union(part, scales).max(axis=1) * told).astype(np.float32))
        held.append((evidence(part).max(axis=1) * told).astype(np.float32))
    views_, contained = {}, {}
    for rate, floor in CONTAINED_FLOORS.items():
        one = max([thresholds[rate], *(_exceeded(values, rate, doubt) for values in seen)])
        two = max([floor, *(_exceeded(values, rate, doubt) for values in held)])
        both = (np.maximum(left / one, right / two) for left, right in zip(seen, held, strict=True))
        factor = max([1.0, *(_exceeded(values, rate, doubt) for values in both)])
        views_[rate], contained[rate] = round(one * factor + 1e-6, 6), round(two * factor + 1e-6, 6)
    return BriefRates(sum(map(len, slices)), Rates(views_), Rates(contained))
