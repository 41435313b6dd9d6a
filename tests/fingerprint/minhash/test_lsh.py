"""The LSH index against datasketch's and against exhaustive comparison."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import datasketch
import numpy as np
import pyarrow as pa
import pytest

from auditor.errors import FingerprintError, UsageError
from auditor.fingerprint.minhash import signature
from auditor.fingerprint.minhash.lsh import BUCKET_CAP, LshIndex
from auditor.fingerprint.minhash.signature import MinHashSpec

SPEC = MinHashSpec()
WORDS = [f"{a}{b}{c}" for a in "bdfglm" for b in "aeiou" for c in "mnrst"]


def essay(rng: random.Random, length: int = 150) -> list[str]:
    return [rng.choice(WORDS) for _ in range(length)]


def edited(rng: random.Random, words: list[str], share: float) -> list[str]:
    return [rng.choice(WORDS) if rng.random() < share else word for word in words]


@pytest.fixture(scope="module")
def corpus() -> tuple[list[str], list[str]]:
    rng = random.Random(4)
    stored = [essay(rng) for _ in range(300)]
    asked = [edited(rng, stored[k], 0.02 * (k % 6)) for k in range(0, 300, 3)] + [
        essay(rng) for _ in range(40)
    ]
    return [" ".join(words) for words in stored], [" ".join(words) for words in asked]


@pytest.fixture(scope="module")
def index(corpus: tuple[list[str], list[str]]) -> LshIndex:
    stored = signature.signatures(pa.array(corpus[0]))
    return LshIndex.build(stored, [str(k) for k in range(len(stored))], SPEC)


def pairs(index: LshIndex, signatures: np.ndarray, threshold: float) -> set[tuple[int, str]]:
    found = index.query(signatures, SPEC, threshold)
    return set(zip(found.queries.tolist(), found.keys, strict=True))


def test_finds_what_datasketch_finds(index: LshIndex, corpus: tuple[list[str], list[str]]) -> None:
    stored, asked = (signature.signatures(pa.array(part)) for part in corpus)
    oracle = datasketch.MinHashLSH(num_perm=128, params=(16, 8))
    for key, row in enumerate(stored):
        oracle.insert(str(key), signature.to_datasketch(row))
    expected = {
        (number, key)
        for number, row in enumerate(asked)
        for key in oracle.query(signature.to_datasketch(row))
        if signature.to_datasketch(row).jaccard(signature.to_datasketch(stored[int(key)])) >= 0.6
    }
    assert len(expected) > 50
    found = pairs(index, asked, 0.5)
    assert expected <= found


def test_similarities_are_close_to_the_full_signatures(
    index: LshIndex, corpus: tuple[list[str], list[str]]
) -> None:
    stored, asked = (signature.signatures(pa.array(part)) for part in corpus)
    found = index.query(asked, SPEC, 0.3)
    exact = [(asked[q] == stored[int(key)]).mean() for q, key in zip(found.queries, found.keys, strict=True)]
    assert np.abs(found.similarities - exact).max() < 0.03


def test_equal_texts_are_one_entry_with_all_keys() -> None:
    rows = signature.signatures(
        pa.array(["I cannot help with that, sorry."] * 1000 + ["Another text, quite."])
    )
    index = LshIndex.build(rows, [f"k{k}" for k in range(1001)], SPEC)
    assert len(index) == 1001
    assert len(index.slots) == 2
    found = index.query(rows[:1], SPEC, 0.9)
    assert set(found.keys) == {f"k{k}" for k in range(1000)}
    assert found.cut_buckets == 0


def test_cut_buckets_are_reported() -> None:
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 2**32, (BUCKET_CAP + 50, 128), dtype=np.uint32)
    rows[:, :8] = 7
    index = LshIndex.build(rows, [str(k) for k in range(len(rows))], SPEC)
    query = rng.integers(0, 2**32, (1, 128), dtype=np.uint32)
    query[0, :8] = 7
    assert index.query(query, SPEC, 0.0).cut_buckets == 1


def test_add_merge_and_remove_keep_every_answer(index: LshIndex, corpus: tuple[list[str], list[str]]) -> None:
    stored, asked = (signature.signatures(pa.array(part)) for part in corpus)
    keys = [str(k) for k in range(len(stored))]
    grown = LshIndex.build(stored[:100], keys[:100], SPEC).add(stored[100:], keys[100:])
    assert pairs(grown, asked, 0.4) == pairs(index, asked, 0.4)
    half = LshIndex.build(stored[:150], keys[:150], SPEC)
    assert pairs(half.merge(LshIndex.build(stored[150:], keys[150:], SPEC)), asked, 0.4) == pairs(
        index, asked, 0.4
    )
    smaller = index.remove(keys[:150])
    assert pairs(smaller, asked, 0.4) == {pair for pair in pairs(index, asked, 0.4) if int(pair[1]) >= 150}
    with pytest.raises(FingerprintError, match="no key"):
        smaller.remove(["3"])


def test_saved_index_answers_the_same(
    index: LshIndex, corpus: tuple[list[str], list[str]], tmp_path: Path
) -> None:
    asked = signature.signatures(pa.array(corpus[1]))
    index.save(tmp_path / "lsh")
    opened = LshIndex.open(tmp_path / "lsh")
    assert opened.query(asked, SPEC).spec == SPEC.id
    assert pairs(opened, asked, 0.4) == pairs(index, asked, 0.4)


def test_other_specifications_are_refused(index: LshIndex, tmp_path: Path) -> None:
    other = MinHashSpec(shingle=3)
    rows = signature.signatures(pa.array(["some text here"]), other)
    with pytest.raises(FingerprintError, match="follow"):
        index.query(rows, other)
    with pytest.raises(FingerprintError, match="follow"):
        index.merge(LshIndex.build(rows, ["a"], other))
    index.save(tmp_path / "lsh")
    data = (tmp_path / "lsh").read_bytes().replace(b"fold1", b"fold2", 1)
    (tmp_path / "lsh").write_bytes(data)
    with pytest.raises(FingerprintError, match="follows"):
        LshIndex.open(tmp_path / "lsh")
    with pytest.raises(UsageError):
        LshIndex.build(rows, ["a"], other, bands=20, rows=8)


@pytest.mark.parametrize("name", ["ids", "bounds"])
def test_an_entry_that_leads_outside_is_refused_before_use(
    index: LshIndex, corpus: tuple[list[str], list[str]], name: str
) -> None:
    stray = getattr(index, name).copy()
    stray.flat[3] = 2**31
    broken = replace(index, **{name: stray})
    with pytest.raises(FingerprintError, match="contradicts"):
        broken.remove([index.key(0)])
    with pytest.raises(FingerprintError, match="contradicts"):
        index.merge(broken)
    if name == "bounds":
        with pytest.raises(FingerprintError, match="contradicts"):
            broken.query(signature.signatures(pa.array(corpus[0])), SPEC)


def test_an_endless_number_in_the_header_is_refused(index: LshIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "lsh")
    data = (tmp_path / "lsh").read_bytes()
    (tmp_path / "lsh").write_bytes(data.replace(b'"permutations": 128', b'"permutations":1e999', 1))
    with pytest.raises(FingerprintError, match="broken"):
        LshIndex.open(tmp_path / "lsh")


def test_size_per_entry_stays_within_bounds() -> None:
    rows = np.random.default_rng(1).integers(0, 2**32, (20000, 128), dtype=np.uint32)
    index = LshIndex.build(rows, [str(k) for k in range(len(rows))], SPEC)
    assert index.nbytes / len(index) <= 290
    assert (index.nbytes - index.slots.nbytes) / len(index) <= 160


def test_keys_may_hold_any_text() -> None:
    rows = signature.signatures(pa.array([f"a text of its own, number {n}, and so on" for n in range(3)]))
    names = ["ключ-1", "", "key 3"]
    found = LshIndex.build(rows, names, SPEC).query(rows, SPEC, 0.95)
    assert [found.keys[list(found.queries).index(n)] for n in range(3)] == names
