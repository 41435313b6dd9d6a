"""Least similarities with a stated rate of false positives, from texts known not to be copies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.fingerprint.stated_rates import StatedRates, read_rates

FLOORS = {
    0.05: 0.25,
    0.02: 0.28,
    0.01: 0.30,
    0.005: 0.33,
    0.002: 0.38,
    0.001: 0.42,
    0.0005: 0.46,
    0.0002: 0.50,
    0.0001: 0.55,
}
"""The least similarity at each rate. Of 13,900 texts of others, over 41 models, one in 2,000 reached 0.21 and
one in 10,000 0.46; larger indexes hold nearer texts, so more is asked."""
IDENTICAL = {"built-in": 0.5, "user": 0.95}
"""Negatives as similar as this to one text are copies for the purpose of an audit: left out. Built-in ones
are answers of other models, of which one in a hundred is another's but for some words."""


@dataclass(frozen=True, slots=True)
class NearCalibration(StatedRates):
    """Least similarities at stated false-positive rates.

    Attributes:
        negatives: how many texts they were set on.
        source: "built-in" (texts of the index against the index without their teacher's family) or "user".
        thresholds: rate to lowest estimated Jaccard similarity that is a copy.
    """

    negatives: int
    source: str
    thresholds: dict[float, float]

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready form."""
        return {"negatives": self.negatives, "source": self.source, "thresholds": self.written()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> NearCalibration:
        """Read `to_json`'s form.

        Raises:
            ValueError: a similarity is none.
        """
        rates = read_rates(data["thresholds"])
        if not rates or not all(0 < value <= 1 for value in rates.values()):
            raise ValueError("a threshold is no similarity")
        return cls(int(data["negatives"]), str(data["source"]), rates)


def calibrate_near(similarities: NDArray[np.float32], source: str) -> NearCalibration:
    """Set thresholds on the best similarity of each negative, 0 where nothing was near."""
    most = IDENTICAL[source]
    fair = np.sort(similarities[similarities < most].astype(np.float64))[::-1]
    found = {}
    for rate, floor in FLOORS.items():
        allowed = int(np.floor(rate * fair.size))
        reached = float(fair[allowed]) if allowed < fair.size else 0.0
        found[rate] = round(max(floor, reached + 1e-4), 6)
    return NearCalibration(len(fair), source, found)
