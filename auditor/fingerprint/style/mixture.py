"""Estimate the share of a whole set that each family wrote, with a bootstrap interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.fingerprint.style.attribution import HUMAN, StyleModel
from auditor.fingerprint.style.linear import F64

_RESAMPLES = 400
_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """The share of one label in a set, between 0 and 1, with its bootstrap interval."""

    label: str
    share: float
    low: float
    high: float


def mixture(model: StyleModel, probabilities: F64, seed: int = 0) -> list[Share]:
    """Estimate the shares of all labels in a set of texts.

    The mean class probabilities of the set are explained as a mixture of the means that held-out texts of
    each label have (a linear inversion of the classifier's confusions). Labels whose share is within the
    noise are set to zero and the rest is fitted again: sets have few sources, and siblings would else leak
    into each other.

    Args:
        model: the model that gave the probabilities.
        probabilities: float64[n, K] from `StyleModel.probabilities`.
        seed: of the bootstrap.

    Returns:
        one share per label in the model's order; then, where the model knows human text, `any model`.
    """
    draws = np.random.default_rng(seed).integers(0, len(probabilities), (_RESAMPLES, len(probabilities)))
    means = np.stack([probabilities[draw].mean(axis=0) for draw in draws])
    active = _active(model.profiles, probabilities.mean(axis=0), means)
    whole = _fit(model.profiles, probabilities.mean(axis=0), active)
    spread = np.stack([_fit(model.profiles, mean, active) for mean in means])
    human = model.classes.index(HUMAN) if HUMAN in model.classes else -1
    unseen = {k: _unseen(model.profiles, means, active, k) for k in np.flatnonzero(~active).tolist()}
    shares = [
        _share(label, whole[k], unseen[k][:, k] if k in unseen else spread[:, k])
        for k, label in enumerate(model.classes)
    ]
    if human >= 0:
        others = [1 - fitted[:, human] for k, fitted in unseen.items() if k != human]
        shares.append(_widest(_share("any model", 1 - whole[human], 1 - spread[:, human]), others))
    return shares


def _unseen(profiles: F64, means: F64, active: NDArray[np.bool_], k: int) -> F64:
    """Return the shares, by resample, had label k not been set to zero: how much of it may go unseen."""
    wider = active.copy()
    wider[k] = True
    return np.stack([_fit(profiles, mean, wider) for mean in means[::4]])


def _widest(share: Share, others: list[F64]) -> Share:
    """Raise the upper end to what the resamples of any other fit reach."""
    highs = [float(np.quantile(values, (1 + _LEVEL) / 2)) for values in others]
    return Share(share.label, share.share, share.low, max([share.high, *highs]))


def _share(label: str, value: float, spread: F64) -> Share:
    low, high = np.quantile(spread, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Share(label, float(value), float(min(low, value)), float(max(high, value)))


def _active(profiles: F64, mean: F64, means: F64) -> NDArray[np.bool_]:
    """Tell the labels whose share is not within the noise; drops the least one at a time."""
    active = np.ones(len(profiles), np.bool_)
    while active.sum() > 1:
        spread = np.stack([_fit(profiles, sample, active) for sample in means[::10]])
        value = _fit(profiles, mean, active)
        doubtful = active & (value < np.maximum(2 * spread.std(axis=0), 0.01))
        if not doubtful.any():
            break
        active[np.flatnonzero(doubtful)[value[doubtful].argmin()]] = False
    return active


def _fit(profiles: F64, mean: F64, active: NDArray[np.bool_]) -> F64:
    """Return the non-negative shares, summing to one, of the active labels that explain a mean best."""
    from scipy.optimize import nnls

    weight = 10.0
    system = np.vstack([profiles[active].T, np.full(int(active.sum()), weight)])
    found, _ = nnls(system, np.append(mean, weight))
    result = np.zeros(len(profiles))
    result[active] = found / max(found.sum(), 1e-12)
    return result
