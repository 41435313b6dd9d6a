"""Built-in negatives of a lane: each of its texts against the texts of other families."""

from __future__ import annotations

import numpy as np

from auditor.fingerprint.minhash.lane import MinhashLane
from auditor.fingerprint.minhash.near_calibration import NearCalibration, calibrate_near
from auditor.fingerprint.tokens.words import F32, I64, U8

_TEXTS = 20_000
_BATCH = 4096
_LEAST = 0.2
"""Pairs less alike than this are not looked at."""


def calibrate_lane(lane: MinhashLane, groups: I64) -> NearCalibration:
    """Calibrate on a lane's own signatures, each searched without its group.

    With a single group there is no such text: then each is searched without itself alone.

    Args:
        groups: int64[D], the group of each text.
    """
    least, most = _groups_of_entries(lane, groups)
    if len(least) and int(least.min()) == int(most.max()):
        least = most = np.arange(len(least))
    chosen = np.flatnonzero(least == most)
    if len(chosen) > _TEXTS:
        chosen = np.sort(np.random.default_rng(0).choice(chosen, _TEXTS, replace=False))
    best = np.zeros(len(chosen), np.float32)
    for start in range(0, len(chosen), _BATCH):
        some = chosen[start : start + _BATCH]
        found = lane.query(np.ascontiguousarray(lane.slots[some]), _LEAST)
        group = least[some][found.queries]
        others = (least[found.entries] != group) | (most[found.entries] != group)
        np.maximum.at(best[start:], found.queries[others], found.similarities[others])
    return calibrate_near(best, "built-in")


def calibrate_lane_with(lane: MinhashLane, slots: U8) -> NearCalibration:
    """Calibrate on the signatures of texts known not to be copies."""
    best: F32 = np.zeros(len(slots), np.float32)
    for start in range(0, len(slots), _BATCH):
        found = lane.query(slots[start : start + _BATCH], _LEAST)
        np.maximum.at(best[start:], found.queries, found.similarities)
    return calibrate_near(best, "user")


def _groups_of_entries(lane: MinhashLane, groups: I64) -> tuple[I64, I64]:
    """Return the least and the largest group among the texts of each entry."""
    if not lane.members.size:
        return groups, groups
    lane.check()
    of_members, begins = groups[lane.members], lane.bounds[:-1].astype(np.int64)
    return np.minimum.reduceat(of_members, begins), np.maximum.reduceat(of_members, begins)
