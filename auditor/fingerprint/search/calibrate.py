"""Thresholds with a stated rate of false positives, from texts known not to be copies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from auditor.fingerprint.search.score import F32, VIEWS, containment, decidable, union, views
from auditor.fingerprint.stated_rates import StatedRates, read_rates

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
SCALES = {
    4: (1.40, 1.25, 2.60, 3.60),
    8: (1.05, 0.92, 2.60, 3.60),
    16: (0.96, 0.82, 2.50, 3.30),
    41: (0.80, 0.70, 2.50, 3.00),
}
"""What one innocent text in 2,000 reached in each view, by the number of teachers in the index: answers of
other models to the same 508 prompts. Few teachers cannot tell a common phrase from a rare one, so more is
needed."""
IDENTICAL = 0.5
"""Negatives with this share of their 8-grams in one text are copies for the purpose of an audit: left out."""
_UNIT_RATE = 0.0005


@dataclass(frozen=True, slots=True)
class Calibration(StatedRates):
    """Score thresholds at stated false-positive rates.

    Attributes:
        negatives: how many texts they were set on.
        source: "built-in" (texts of the index against the index without their teacher's family) or "user".
        scales: the unit of each view of the score.
        thresholds: rate to lowest score that is a copy.
    """

    negatives: int
    source: str
    scales: tuple[float, ...]
    thresholds: dict[float, float]

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready form."""
        return {
            "negatives": self.negatives,
            "source": self.source,
            "scales": dict(zip(VIEWS, self.scales, strict=True)),
            "thresholds": self.written(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Calibration:
        """Read `to_json`'s form."""
        scales = tuple(float(data["scales"][name]) for name in VIEWS)
        rates = read_rates(data["thresholds"])
        if min(scales) <= 0 or not rates or min(rates.values()) <= 0:
            raise ValueError("a scale or threshold is not positive")
        return cls(int(data["negatives"]), str(data["source"]), scales, rates)


def _exceeded(values: F32, rate: float) -> float:
    """Return the value that at most a share `rate` of `values` exceeds, a step up where there are too few."""
    ordered = np.sort(values.astype(np.float64))[::-1]
    allowed = int(np.floor(rate * ordered.size))
    if allowed >= ordered.size:
        return 0.0
    return float(ordered[allowed]) * (1.0 if allowed else 1.05)


def least_scales(teachers: int) -> tuple[float, ...]:
    """Return the least unit of each view for an index of so many teachers, between those of `SCALES`."""
    known, at = np.log(list(SCALES)), np.log(max(1, teachers))
    return tuple(float(np.interp(at, known, column)) for column in zip(*SCALES.values(), strict=True))


def calibrate(features: F32, source: str, teachers: int) -> Calibration:
    """Set units and thresholds on the features of negatives.

    Args:
        features: float32[n, candidates, features] of texts that are not copies; undecidable ones and those
            that are text-identical to a reference are left out.
        teachers: how many teachers the index has.
    """
    fair = features[decidable(features) & (containment(features).max(axis=1) < IDENTICAL)]
    seen = views(fair).max(axis=1) if len(fair) else np.zeros((0, len(VIEWS)), np.float32)
    least = least_scales(teachers)
    scales = tuple(round(max(unit, _exceeded(seen[:, k], _UNIT_RATE)), 6) for k, unit in enumerate(least))
    best = union(fair, scales).max(axis=1) if len(fair) else np.zeros(0, np.float32)
    thresholds = {rate: round(max(floor, _exceeded(best, rate) + 1e-6), 6) for rate, floor in FLOORS.items()}
    return Calibration(len(fair), source, scales, thresholds)
