"""Thresholds with a stated rate of false positives, from texts known to be no copies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATES = (0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Score thresholds at stated false-positive rates.

    Attributes:
        negatives: how many texts they were set on.
        source: "built-in" (texts of the index against the index without their teacher's family) or "user".
        thresholds: rate → lowest score that is a copy.
    """

    negatives: int
    source: str
    thresholds: dict[float, float]

    def threshold(self, rate: float) -> float:
        """Return the threshold of the nearest calibrated rate that is not above `rate`."""
        fitting = [known for known in self.thresholds if known <= rate * (1 + 1e-9)]
        return self.thresholds[max(fitting) if fitting else min(self.thresholds)]

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready form."""
        rates = {f"{rate:g}": round(value, 6) for rate, value in self.thresholds.items()}
        return {"negatives": self.negatives, "source": self.source, "thresholds": rates}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Calibration:
        """Read `to_json`'s form."""
        rates = {float(rate): float(value) for rate, value in data["thresholds"].items()}
        return cls(int(data["negatives"]), str(data["source"]), rates)


def calibrate(scores: NDArray[np.float32], source: str, floor: float) -> Calibration:
    """Set thresholds on the best scores of negatives; none lies below `floor`, what other indexes taught.

    With too few negatives for a rate, the threshold is the highest score seen, a step up.
    """
    ordered = np.sort(scores.astype(np.float64))[::-1]
    thresholds = {}
    for rate in RATES:
        allowed = int(np.floor(rate * ordered.size))
        value = float(ordered[allowed]) if allowed < ordered.size else 0.0
        if allowed == 0:
            value *= 1.05
        thresholds[rate] = max(floor, float(np.nextafter(np.float32(value), np.float32(np.inf))))
    return Calibration(int(ordered.size), source, thresholds)
