"""Attribute texts by style: name the family that a text sounds like.

A second signal, about sets of texts; it never decides a row alone. A linear model over hashed style
features, trained on texts of known families (and, best, on human ones), its confidences calibrated on
held-out prompts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.errors import FingerprintError, UsageError
from auditor.fingerprint import index_file
from auditor.fingerprint.style.features import BLOCKS, FEATURES, HASH_BITS, Matrix, blocks, common_words
from auditor.fingerprint.style.linear import F64, blend, fit, weighted
from auditor.fingerprint.style.sample import StyleSample

FORMAT = f"auditor.style/1 {FEATURES}"
HUMAN = "human"
"""The label of text that no model wrote."""
_BATCH = 2000
_FOLDS = 3
_PRECISION, _PRECISION_BLIND = 0.93, 0.98
"""A row is named only at a confidence where so many held-out rows were named rightly; one that has seen no
human text must be surer."""
_LEAST_WORDS = 20


@dataclass(frozen=True, slots=True)
class Attribution:
    """The family that one text sounds like.

    Attributes:
        label: a family, or None where the model abstains; it always does for human and for short text.
        likeliest: the most likely label, whether or not the model abstains.
        confidence: the calibrated probability that `likeliest` is right.
    """

    label: str | None
    likeliest: str
    confidence: float


@dataclass(frozen=True, slots=True)
class StyleModel:
    """A trained model.

    Attributes:
        classes: K labels; `HUMAN` may be one.
        common: the words that the masked features keep.
        columns: int32[F], hashed columns in use, over all blocks; idf: float32[F], their weights.
        weights: float32[K, F]; bias: float32[K].
        temperature: scales decision values to log-odds.
        profiles: float64[K, K], mean class probabilities of held-out texts of each class.
        confidence: least probability at which a row is named.
        held_out: accuracy on held-out prompts.
    """

    classes: tuple[str, ...]
    common: frozenset[str]
    columns: NDArray[np.int32]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    temperature: float
    profiles: F64
    confidence: float
    held_out: float

    def probabilities(self, texts: Sequence[str]) -> F64:
        """Return float64[n, K], the calibrated probability of each class."""
        parts = []
        for start in range(0, len(texts), _BATCH):
            matrix = weighted(blocks(texts[start : start + _BATCH], self.common), self.columns, self.idf)
            parts.append(softmax(self.temperature * (matrix @ self.weights.T + self.bias)))
        return np.concatenate(parts) if parts else np.zeros((0, len(self.classes)))

    def attribute(self, texts: Sequence[str], found: F64 | None = None) -> list[Attribution]:
        """Say of each text what it sounds like; `found`, if it is known, is what `probabilities` gave."""
        found = self.probabilities(texts) if found is None else found
        named = []
        for text, row in zip(texts, found, strict=True):
            best = int(row.argmax())
            label, confidence = self.classes[best], float(row[best])
            sure = confidence >= self.confidence and len(text.split()) >= _LEAST_WORDS and label != HUMAN
            named.append(Attribution(label if sure else None, label, confidence))
        return named

    def save(self, path: Path) -> None:
        """Write the model as one file, atomically; arrays and JSON, nothing executable."""
        header = {
            "format": FORMAT,
            "classes": list(self.classes),
            "common": sorted(self.common),
            "temperature": self.temperature,
            "confidence": self.confidence,
            "held_out": self.held_out,
        }
        arrays: dict[str, NDArray[Any]] = {
            "columns": self.columns,
            "idf": self.idf,
            "weights": self.weights,
            "bias": self.bias,
            "profiles": self.profiles,
        }
        index_file.write(path, header, arrays)

    @classmethod
    def open(cls, path: Path) -> StyleModel:
        """Read a model from disk.

        Raises:
            FingerprintError: missing, broken or of another format.
        """
        header, arrays = index_file.read(path)
        try:
            if header["format"] != FORMAT:
                raise ValueError(header["format"])
            model = cls(
                classes=tuple(map(str, header["classes"])),
                common=frozenset(map(str, header["common"])),
                columns=arrays["columns"],
                idf=arrays["idf"],
                weights=arrays["weights"],
                bias=arrays["bias"],
                temperature=float(header["temperature"]),
                profiles=arrays["profiles"],
                confidence=float(header["confidence"]),
                held_out=float(header["held_out"]),
            )
            size, kinds = model.columns.size, len(model.classes)
            sound = model.weights.shape == (kinds, size) and model.idf.shape == (size,)
            sound = sound and model.bias.shape == (kinds,) and model.profiles.shape == (kinds, kinds)
            rising = np.diff(model.columns, prepend=-1, append=len(BLOCKS) << HASH_BITS) > 0
            numbers = (model.idf, model.weights, model.bias, model.profiles, model.temperature)
            if not sound or not rising.all() or not all(np.isfinite(part).all() for part in numbers):
                raise ValueError("shapes")
        except (KeyError, TypeError, ValueError) as error:
            raise FingerprintError(
                "this is not a style model", where=str(path), fix="train it again"
            ) from error
        return model


def softmax(values: F64) -> F64:
    """Return the softmax of each row."""
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    result: F64 = powers / powers.sum(axis=1, keepdims=True)
    return result


def train(texts: Sequence[str], labels: Sequence[str], groups: Sequence[Any] | None = None) -> StyleModel:
    """Train on texts of known labels.

    Args:
        labels: a family (or teacher) per text, or `HUMAN`.
        groups: what held-out texts must not share, such as the prompt; None: every text for itself.

    Raises:
        UsageError: fewer than two labels, or too few texts of one.
    """
    common = common_words(texts)
    if groups is None:
        groups = range(len(texts))
    return train_on(lambda: blocks(texts, common), common, labels, groups)


def train_on(
    features: Callable[[], list[Matrix]], common: frozenset[str], labels: Sequence[str], groups: Sequence[Any]
) -> StyleModel:
    """Train on counts of style features, one row per label; see `train`.

    Args:
        features: makes the matrices of `features.blocks`; asked for once the labels are known to do.
    """
    classes, numbers = np.unique(np.asarray(labels, dtype=str), return_inverse=True)
    if len(classes) < 2 or np.bincount(numbers).min() < 2 * _FOLDS:
        raise UsageError(
            "a style model needs two labels or more, and six texts or more of each",
            fix="add texts, or leave rare labels out",
        )
    folds = _fold_of(groups)
    _check_folds(folds, numbers, classes)
    parts = features()
    values = _held_out(parts, numbers, folds)
    blended = np.zeros((len(labels), len(classes)))
    for fold in range(_FOLDS):
        mix, shift = blend(values[folds != fold], numbers[folds != fold])
        blended[folds == fold] = values[folds == fold] @ mix.T + shift
    temperature = _temperature(blended, numbers)
    held_out = softmax(temperature * blended)
    right = held_out.argmax(axis=1) == numbers
    profiles = np.stack([held_out[numbers == k].mean(axis=0) for k in range(len(classes))])
    names = tuple(map(str, classes))
    fitted, (mix, shift) = fit(parts, numbers, np.arange(len(labels))), blend(values, numbers)
    weights, bias = fitted.mixed(mix)
    return StyleModel(
        classes=names,
        common=common,
        columns=fitted.columns,
        idf=fitted.idf,
        weights=weights,
        bias=(bias + shift).astype(np.float32),
        temperature=temperature,
        profiles=profiles,
        confidence=_confidence(held_out, numbers, names),
        held_out=float(right.mean()),
    )


def _check_folds(folds: NDArray[np.int64], numbers: NDArray[np.int64], classes: NDArray[np.str_]) -> None:
    """Refuse labels that some fold would have to be told without.

    Raises:
        UsageError: outside some fold there is no text of a label.
    """
    for fold in range(_FOLDS):
        if missing := set(range(len(classes))).difference(numbers[folds != fold].tolist()):
            raise UsageError(
                f"all texts of {classes[min(missing)]!r} are of the same few groups",
                fix="add texts to other prompts, or name another --group-column",
            )


def _held_out(parts: list[Matrix], numbers: NDArray[np.int64], folds: NDArray[np.int64]) -> F64:
    """Return the decision values of all models, each text's by models that did not see its fold."""
    values = np.zeros((len(numbers), (len(BLOCKS) + 1) * len(np.unique(numbers))))
    for fold in range(_FOLDS):
        rest = np.flatnonzero(folds == fold)
        values[rest] = fit(parts, numbers, np.flatnonzero(folds != fold)).values(
            [part[rest] for part in parts]
        )
    return values


def train_on_sample(
    sample: StyleSample, rows: Sequence[int], labels: Sequence[str], human: Sequence[str]
) -> StyleModel:
    """Train on rows of the features an index keeps, and on texts that people wrote; see `train`."""

    def features() -> list[Matrix]:
        import scipy.sparse as sp

        parts = [part[rows] for part in sample.matrices()]
        if not human:
            return parts
        written = blocks(human, sample.common)
        return [sp.vstack(pair).tocsr() for pair in zip(parts, written, strict=True)]

    groups = [*sample.groups[rows].tolist(), *(f"human#{row}" for row in range(len(human)))]
    return train_on(features, sample.common, [*labels, *[HUMAN] * len(human)], groups)


def _fold_of(groups: Sequence[Any]) -> NDArray[np.int64]:
    _, numbers = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
    order = np.random.default_rng(0).permutation(int(numbers.max(initial=0)) + 1)
    result: NDArray[np.int64] = order[numbers] % _FOLDS
    return result


def _temperature(values: F64, labels: NDArray[np.int64]) -> float:
    """Return the scale at which held-out log-likelihood is best."""
    rows = np.arange(len(labels))
    scales = np.geomspace(0.3, 30, 80)
    losses = [-np.log(softmax(scale * values)[rows, labels] + 1e-12).mean() for scale in scales]
    return float(scales[int(np.argmin(losses))])


def _confidence(found: F64, labels: NDArray[np.int64], classes: tuple[str, ...]) -> float:
    """Return the least probability from which on held-out texts were named rightly often enough."""
    named = np.array([name != HUMAN for name in classes])[found.argmax(axis=1)]
    top, right = found.max(axis=1)[named], (found.argmax(axis=1) == labels)[named]
    order = np.argsort(-top)
    precision = np.cumsum(right[order]) / np.arange(1, order.size + 1)
    good = np.flatnonzero(precision >= (_PRECISION if HUMAN in classes else _PRECISION_BLIND))
    return float(top[order][good[-1]]) if good.size else 1.0
