"""Calibrate every lane of an index, on built-in negatives or on the user's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from auditor.fingerprint.minhash.lane import MinhashLane
from auditor.fingerprint.minhash.lane_builder import LaneBuilder, fitting_bands
from auditor.fingerprint.minhash.near_calibration import NearCalibration
from auditor.fingerprint.minhash.negatives import calibrate_lane, calibrate_lane_with
from auditor.fingerprint.minhash.shingles import low_bytes
from auditor.fingerprint.minhash.signature import MinHashSpec, signatures_of_words
from auditor.fingerprint.search.detect import calibrate_built_in, calibrate_with
from auditor.fingerprint.search.lanes import Lane
from auditor.fingerprint.search.near import LEAST_WORDS
from auditor.fingerprint.search.reference_index import ReferenceIndex
from auditor.fingerprint.search.shapes import calibrate_shapes, calibrate_shapes_with
from auditor.fingerprint.tokens.chunks import chunks
from auditor.fingerprint.tokens.words import I64, scan

_BLOCK = 1 << 14


def calibrated(index: ReferenceIndex, texts: pa.Array | pa.ChunkedArray | None = None) -> ReferenceIndex:
    """Return an index with thresholds for all its lanes.

    Args:
        texts: known not to be copies; without them the index's own serve, each without its teacher's family.
    """
    if Lane.NGRAMS in index.lanes:
        made = calibrate_built_in(index) if texts is None else calibrate_with(index, texts)
        index = index.with_calibration(made)
    if index.near is not None:
        known = _built_in(index, index.near) if texts is None else _on(index.near, texts)
        index = index.with_near(replace(index.near, calibration=known))
    if index.code is not None:
        lane = index.code
        shapes = calibrate_shapes(index, lane) if texts is None else calibrate_shapes_with(index, lane, texts)
        index = index.with_code(replace(lane, calibration=shapes))
    return index


def with_minhash(index: ReferenceIndex, spec: MinHashSpec | None = None) -> ReferenceIndex:
    """Return an index of n-grams with a MinHash lane of the same texts, uncalibrated."""
    spec = spec or MinHashSpec()
    builder = LaneBuilder(spec, *fitting_bands(spec.permutations))
    bounds = index.ngrams.bounds
    for start in range(0, len(index), _BLOCK):
        some = bounds[start : start + _BLOCK + 1]
        builder.add(signatures_of_words(some, index.ngrams.words, spec).astype(np.uint8))
    return index.with_near(builder.build())


def _built_in(index: ReferenceIndex, lane: MinhashLane) -> NearCalibration:
    names = sorted(set(index.families))
    family: I64 = np.array([names.index(name) for name in index.families], np.int64)
    return calibrate_lane(lane, family[index.text_teachers])


def _on(lane: MinhashLane, texts: pa.Array | pa.ChunkedArray) -> NearCalibration:
    signed = [low_bytes(part, scan(part), lane.spec) for _, part in chunks(texts)]
    slots = [rows[counts >= LEAST_WORDS] for rows, counts in signed]
    empty = np.zeros((0, lane.spec.permutations), np.uint8)
    return calibrate_lane_with(lane, np.concatenate([empty, *slots]))
