"""Thresholds of the code lane with a stated rate of false positives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from auditor.fingerprint.stated_rates import StatedRates, read_rates
from auditor.fingerprint.tokens.words import F32

UNITS = (30.5, 29.5, 13.5)
"""Per view, the weight of rare runs that one block of code in a thousand shares with a text of another model:
what 1,138 blocks of models that no index had reached, against answers of 41 to the same prompts."""
POWERS = (2, 2, 4)
"""Per view, how much it counts that a text shares all it has and not a part."""
LEAST_WORDING = 48
"""Tokens, without comments, that a text needs to be known by its wording."""
FLOORS = {
    0.05: 0.2,
    0.02: 0.35,
    0.01: 0.5,
    0.005: 0.75,
    0.002: 0.95,
    0.001: 1.0,
    0.0005: 1.2,
    0.0002: 1.6,
    0.0001: 2.0,
}
"""The least threshold at each rate, in these units."""
IDENTICAL = 0.5
"""Negatives with this share of the wording of one text are copies for the purpose of an audit: left out."""


@dataclass(frozen=True, slots=True)
class CodeCalibration(StatedRates):
    """Thresholds at stated false-positive rates.

    Attributes:
        negatives: how many texts they were set on.
        source: "built-in" (code of the index against the index without its teacher's family) or "user".
        thresholds: rate to lowest score that is a copy.
    """

    negatives: int
    source: str
    thresholds: dict[float, float]

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready form."""
        return {"negatives": self.negatives, "source": self.source, "thresholds": self.written()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> CodeCalibration:
        """Read `to_json`'s form.

        Raises:
            ValueError: a threshold is none.
        """
        rates = read_rates(data["thresholds"])
        if not rates or min(rates.values()) <= 0:
            raise ValueError("a threshold is not positive")
        return cls(int(data["negatives"]), str(data["source"]), rates)


def calibrate_code(scores: F32, wording: F32, source: str) -> CodeCalibration:
    """Set thresholds on the best score of each negative and the share of its wording in one text."""
    fair = np.sort(scores[wording < IDENTICAL].astype(np.float64))[::-1]
    found = {}
    for rate, floor in FLOORS.items():
        allowed = int(np.floor(rate * fair.size))
        reached = float(fair[allowed]) if allowed < fair.size else 0.0
        found[rate] = round(max(floor, reached + 1e-4), 6)
    return CodeCalibration(len(fair), source, found)
