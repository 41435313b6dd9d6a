"""The linear models behind a model of style: one for each kind of feature and one for all, then blended.

Content words, masked grammar, openings and layout err on different texts. A blend of linear models is one
linear model again, so it costs nothing when texts are asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from auditor.fingerprint.style.features import BLOCKS, HASH_BITS, Matrix

F64: TypeAlias = NDArray[np.float64]
_SMOOTH = 0.1
_BLEND = 0.5
"""Inverse strength of the regularization of the blend."""


def weighted(parts: list[Matrix], columns: NDArray[np.int32], idf: NDArray[np.float32]) -> Matrix:
    """Weigh counts by 1 + log(count) and idf, each block to unit length, in the columns in use."""
    import scipy.sparse as sp
    from sklearn.preprocessing import normalize

    result, width = [], 1 << HASH_BITS
    for number, part in enumerate(parts):
        mine = (columns >= number * width) & (columns < (number + 1) * width)
        chosen = part.tocsr()[:, columns[mine] - number * width]
        chosen.data = 1 + np.log(chosen.data)
        chosen = chosen.multiply(idf[mine]).tocsr().astype(np.float32)
        result.append(normalize(chosen) if mine.any() else chosen)
    return sp.hstack(result).tocsr()


def _columns(parts: list[Matrix], rows: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the columns that at least two of these texts have, and their idf."""
    columns, idf = [], []
    for number, part in enumerate(parts):
        counts = np.bincount(part[rows].indices, minlength=1 << HASH_BITS)
        kept = np.flatnonzero(counts >= 2)
        columns.append(kept + (number << HASH_BITS))
        idf.append(np.log((1 + len(rows)) / (1 + counts[kept])) + 1)
    return np.concatenate(columns).astype(np.int32), np.concatenate(idf).astype(np.float32)


def _telling(matrix: Matrix, labels: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return how much each column tells labels apart, so that what is common to all weighs less.

    The root of the root mean square, over labels, of the log-count ratio of Wang and Manning, "Baselines and
    Bigrams" (ACL 2012).
    """
    totals = np.asarray(matrix.sum(axis=0)).ravel() + _SMOOTH
    ratios = []
    for label in np.unique(labels):
        inside = np.asarray(matrix[labels == label].sum(axis=0)).ravel() + _SMOOTH
        outside = totals - inside + _SMOOTH
        ratios.append(np.log(inside / inside.sum()) - np.log(outside / outside.sum()))
    result: NDArray[np.float32] = np.sqrt(np.sqrt(np.mean(np.square(ratios), axis=0))).astype(np.float32)
    return result


@dataclass(frozen=True, slots=True)
class View:
    """A linear model over some of the columns in use: weights float32[K, stop - start], bias float64[K]."""

    start: int
    stop: int
    weights: NDArray[np.float32]
    bias: F64


@dataclass(frozen=True, slots=True)
class Views:
    """The models of each block, and last the one of all.

    Attributes:
        columns: int32[F]; idf: float32[F], see `StyleModel`.
    """

    columns: NDArray[np.int32]
    idf: NDArray[np.float32]
    models: tuple[View, ...]

    def values(self, parts: list[Matrix]) -> F64:
        """Return the decision values of every model: float64[n, V * K]."""
        matrix = weighted(parts, self.columns, self.idf).tocsc()
        return np.hstack([matrix[:, m.start : m.stop] @ m.weights.T + m.bias for m in self.models])

    def mixed(self, mix: F64) -> tuple[NDArray[np.float32], F64]:
        """Return the one model that decides as `values(parts) @ mix.T` does: weights and bias."""
        weights, bias = np.zeros((len(mix), self.columns.size), np.float32), np.zeros(len(mix))
        for model, share in zip(self.models, np.hsplit(mix, len(self.models)), strict=True):
            weights[:, model.start : model.stop] += share.astype(np.float32) @ model.weights
            bias += share @ model.bias
        return weights, bias


def fit(parts: list[Matrix], labels: NDArray[np.int64], rows: NDArray[np.int64]) -> Views:
    """Fit a linear model to each block, and one to all of them, on these rows."""
    from sklearn.svm import LinearSVC

    columns, idf = _columns(parts, rows)
    mine = [part[rows] for part in parts]
    idf *= _telling(weighted(mine, columns, idf), labels[rows])
    matrix = weighted(mine, columns, idf).tocsc()
    places = np.searchsorted(columns, np.arange(len(BLOCKS) + 1) << HASH_BITS)
    kinds = len(np.unique(labels[rows]))
    models = []
    for start, stop in [*pairwise(places.tolist()), (0, columns.size)]:
        if start == stop:
            models.append(View(start, stop, np.zeros((kinds, 0), np.float32), np.zeros(kinds)))
            continue
        model = LinearSVC(C=1.0, class_weight="balanced", random_state=0)
        model.fit(matrix[:, start:stop].tocsr(), labels[rows])
        weights = _per_label(model.coef_).astype(np.float32)
        models.append(View(start, stop, weights, _per_label(model.intercept_[:, None])[:, 0]))
    return Views(columns, idf, tuple(models))


def _per_label(lines: NDArray[Any]) -> NDArray[Any]:
    """Return one line per label, where the second of two stands for both."""
    return np.concatenate([-lines, lines]) / 2 if len(lines) == 1 else lines


def blend(values: F64, labels: NDArray[np.int64]) -> tuple[F64, F64]:
    """Return what turns held-out decision values of all models into log-odds: weights and bias."""
    from sklearn.linear_model import LogisticRegression

    center, spread = values.mean(axis=0), values.std(axis=0) + 1e-12
    model = LogisticRegression(C=_BLEND, tol=1e-3, max_iter=1000)
    model.fit((values - center) / spread, labels)
    mix = _per_label(model.coef_) / spread
    return mix, _per_label(model.intercept_[:, None])[:, 0] - mix @ center
