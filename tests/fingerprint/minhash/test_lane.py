"""The MinHash lane against datasketch's LSH and against exhaustive comparison."""

from __future__ import annotations

import random
from dataclasses import replace

import datasketch
import numpy as np
import pyarrow as pa
import pytest

from auditor.errors import FingerprintError, UsageError
from auditor.fingerprint.minhash import signature
from auditor.fingerprint.minhash.lane import BUCKET_CAP, MinhashLane
from auditor.fingerprint.minhash.lane_builder import LaneBuilder, build_lane
from auditor.fingerprint.minhash.near_calibration import FLOORS, calibrate_near
from auditor.fingerprint.minhash.negatives import calibrate_lane
from auditor.fingerprint.minhash.signature import MinHashSpec

SPEC = MinHashSpec()
WORDS = [f"{a}{b}{c}" for a in "bdfglm" for b in "aeiou" for c in "mnrst"]


def essay(rng: random.Random, length: int = 150) -> list[str]:
    return [rng.choice(WORDS) for _ in range(length)]


def edited(rng: random.Random, words: list[str], share: float) -> list[str]:
    return [rng.choice(WORDS) if rng.random() < share else word for word in words]


def signed(texts: list[str]) -> np.ndarray:
    return signature.signatures(pa.array(texts))


@pytest.fixture(scope="module")
def corpus() -> tuple[np.ndarray, np.ndarray]:
    rng = random.Random(4)
    stored = [essay(rng) for _ in range(300)]
    asked = [edited(rng, stored[k], 0.02 * (k % 6)) for k in range(0, 300, 3)]
    asked += [essay(rng) for _ in range(40)]
    return signed([" ".join(words) for words in stored]), signed([" ".join(words) for words in asked])


@pytest.fixture(scope="module")
def lane(corpus: tuple[np.ndarray, np.ndarray]) -> MinhashLane:
    return build_lane(corpus[0].astype(np.uint8), SPEC)


def pairs(lane: MinhashLane, signatures: np.ndarray, threshold: float) -> set[tuple[int, int]]:
    found = lane.query(signatures.astype(np.uint8), threshold)
    return {
        (query, text)
        for query, entry in zip(found.queries.tolist(), found.entries.tolist(), strict=True)
        for text in lane.texts_of(entry).tolist()
    }


def test_finds_what_datasketch_finds(lane: MinhashLane, corpus: tuple[np.ndarray, np.ndarray]) -> None:
    stored, asked = corpus
    oracle = datasketch.MinHashLSH(num_perm=128, params=(16, 5))
    sketches = [signature.to_datasketch(row) for row in stored]
    for key, sketch in enumerate(sketches):
        oracle.insert(str(key), sketch)
    expected = {
        (number, int(key))
        for number, row in enumerate(asked)
        for key in oracle.query(signature.to_datasketch(row))
        if signature.to_datasketch(row).jaccard(sketches[int(key)]) >= 0.6
    }
    assert len(expected) > 50
    assert expected <= pairs(lane, asked, 0.5)


def test_similarities_are_close_to_the_full_signatures(
    lane: MinhashLane, corpus: tuple[np.ndarray, np.ndarray]
) -> None:
    stored, asked = corpus
    found = lane.query(asked.astype(np.uint8), 0.3)
    exact = [(asked[q] == stored[e]).mean() for q, e in zip(found.queries, found.entries, strict=True)]
    assert np.abs(found.similarities - exact).max() < 0.03


def test_equal_texts_are_one_entry_with_all_texts() -> None:
    rows = signed(["I cannot help with that, sorry."] * 1000 + ["Another text, quite."]).astype(np.uint8)
    lane = build_lane(rows, SPEC)
    assert (len(lane), len(lane.slots)) == (1001, 2)
    found = lane.query(rows[:1], 0.9)
    assert lane.texts_of(int(found.entries[0])).tolist() == list(range(1000))
    assert lane.entries().tolist() == [0] * 1000 + [1]
    assert found.cut_buckets == 0


def test_cut_buckets_are_counted() -> None:
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 2**8, (BUCKET_CAP + 50, 128), dtype=np.uint8)
    rows[:, :5] = 7
    lane = build_lane(rows, SPEC)
    query = rng.integers(0, 2**8, (1, 128), dtype=np.uint8)
    query[0, :5] = 7
    assert lane.query(query, 0.0).cut_buckets == 1


def test_pieces_make_the_same_lane_as_the_whole(
    lane: MinhashLane, corpus: tuple[np.ndarray, np.ndarray]
) -> None:
    builder = LaneBuilder(SPEC)
    for start in range(0, 300, 70):
        builder.add(corpus[0][start : start + 70].astype(np.uint8))
    for name, array in builder.build().arrays().items():
        np.testing.assert_array_equal(array, lane.arrays()[name])


def test_bands_that_do_not_fit_are_refused() -> None:
    with pytest.raises(UsageError):
        LaneBuilder(SPEC, 20, 8)


@pytest.mark.parametrize("name", ["bounds", "members"])
def test_an_entry_that_leads_outside_is_refused_before_use(name: str) -> None:
    rows = signed(["one text of some words here"] * 3 + ["another one of other words"]).astype(np.uint8)
    lane = build_lane(rows, SPEC)
    stray = getattr(lane, name).copy()
    stray[0 if name == "members" else 1] = 2**31
    broken = replace(lane, **{name: stray})
    with pytest.raises(FingerprintError, match="contradicts"):
        broken.texts_of(0)
    with pytest.raises(FingerprintError, match="contradicts"):
        broken.entries()


def test_any_numbers_in_the_tables_lead_nowhere_outside(
    lane: MinhashLane, corpus: tuple[np.ndarray, np.ndarray]
) -> None:
    dice = np.random.default_rng(3)
    wild = {
        name: dice.integers(0, 2**32, getattr(lane, name).shape, dtype=np.uint32)
        for name in ("directory", "ids")
    }
    found = replace(lane, **wild).query(corpus[1].astype(np.uint8), 0.0)
    assert int(found.entries.max(initial=0)) < len(lane.slots)


def test_an_entry_takes_at_most_235_bytes_beside_its_id() -> None:
    rows = np.random.default_rng(1).integers(0, 2**8, (20000, 128), dtype=np.uint8)
    lane = build_lane(rows, SPEC)
    assert lane.nbytes / len(lane) <= 235


def test_thresholds_hold_their_rate_on_the_negatives_and_never_fall_below_experience() -> None:
    likeness = np.random.default_rng(2).uniform(0, 0.9, 50_000).astype(np.float32)
    made = calibrate_near(likeness, "user")
    for rate, value in made.thresholds.items():
        assert (likeness >= value).mean() <= rate
    assert calibrate_near(np.zeros(10, np.float32), "built-in").thresholds == FLOORS


def test_each_text_is_a_negative_to_other_groups_alone(corpus: tuple[np.ndarray, np.ndarray]) -> None:
    rng = random.Random(9)
    firsts = [essay(rng) for _ in range(200)]
    near = [edited(rng, words, 0.06) for words in firsts]
    lane = build_lane(signed([" ".join(words) for words in firsts + near]).astype(np.uint8), SPEC)
    apart = calibrate_lane(lane, np.array([0] * 200 + [1] * 200))
    together = calibrate_lane(lane, np.arange(400) % 200)
    assert apart.thresholds[0.05] > together.thresholds[0.05] == FLOORS[0.05]
