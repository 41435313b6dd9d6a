"""Thresholds at stated false-positive rates: which one is used for a rate, and which rate that promises."""

from __future__ import annotations


class StatedRates:
    """What every calibration has: rate to the lowest value that is a copy."""

    __slots__ = ()
    thresholds: dict[float, float]

    def promised(self, rate: float) -> float:
        """Return the rate to promise where `rate` is asked for: no less than the least calibrated one."""
        return max(rate, min(self.thresholds))

    def threshold(self, rate: float) -> float:
        """Return the threshold of the nearest calibrated rate that is not above `rate`, or of the least."""
        fitting = [known for known in self.thresholds if known <= rate * (1 + 1e-9)]
        return self.thresholds[max(fitting) if fitting else min(self.thresholds)]

    def written(self) -> dict[str, float]:
        """Return the thresholds as JSON has them, by rates in text."""
        return {f"{rate:g}": value for rate, value in self.thresholds.items()}


def read_rates(written: dict[str, float]) -> dict[float, float]:
    """Read what `written` gives."""
    return {float(rate): float(value) for rate, value in written.items()}
