"""MinHash against datasketch, the oracle."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import datasketch
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import FingerprintError, UsageError
from auditor.fingerprint.minhash import signature
from auditor.fingerprint.minhash.signature import MinHashSpec
from auditor.fingerprint.tokens import chunks, reference
from auditor.fingerprint.tokens import words as text
from tests.effort import tries

TEXTS = [
    "",
    "one",
    "one two three four",
    "one two three four five",
    "The quick brown fox jumps over the lazy dog. " * 20,
    "日本語のテキスト and Ünïcode “quotes” in one text, " * 7,
    "w" * 300 + " <|im_end|> a b c d e f g h",
    "a b c d e f g " * 40,
]
ELSEWHERE = """
import numpy as np, pyarrow as pa, sys
from auditor.fingerprint.minhash import signature
texts = pa.array(sys.stdin.read().split("\\x00"))
sys.stdout.write(signature.signatures(texts, signature.MinHashSpec(permutations=160)).tobytes().hex())
"""


def oracle(sample: str, spec: MinHashSpec) -> datasketch.MinHash:
    sketch = datasketch.MinHash(num_perm=spec.permutations, seed=spec.seed, hashfunc=lambda value: value)
    sketch.update_batch(sorted(reference.shingle_set(sample, spec.shingle)))
    return sketch


@pytest.mark.parametrize(
    "spec",
    [
        MinHashSpec(),
        MinHashSpec(shingle=3, permutations=64, seed=7),
        MinHashSpec(1, 32),
        MinHashSpec(32),
        MinHashSpec(permutations=160),
        MinHashSpec(permutations=256),
    ],
)
def test_signatures_are_those_of_datasketch(spec: MinHashSpec) -> None:
    rows = signature.signatures(pa.array(TEXTS), spec)
    for sample, row in zip(TEXTS, rows, strict=True):
        np.testing.assert_array_equal(oracle(sample, spec).hashvalues, row)


@settings(max_examples=tries(100), deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_signs_like_datasketch(sample: str) -> None:
    spec = MinHashSpec(shingle=2, permutations=32)
    np.testing.assert_array_equal(
        oracle(sample, spec).hashvalues, signature.signatures(pa.array([sample]), spec)[0]
    )


def test_numpy_stand_in_and_word_ids_give_the_same() -> None:
    spec = MinHashSpec(shingle=4)
    words = text.scan(pa.array(TEXTS))
    whole = signature.signatures(pa.array(TEXTS), spec)
    np.testing.assert_array_equal(signature.signatures_of_words(words.bounds, words.ids, spec), whole)
    np.testing.assert_array_equal(signature._sign_in_numpy(words.bounds, words.ids, spec), whole)


@pytest.mark.slow
def test_a_processor_without_vector_instructions_signs_alike(tmp_path: Path) -> None:
    plain = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        input="\x00".join(TEXTS).encode(),
        env={**os.environ, **plain, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
    )
    here = signature.signatures(pa.array(TEXTS), MinHashSpec(permutations=160))
    assert found.stdout.decode() == here.tobytes().hex()


def test_where_a_column_is_cut_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    column = pa.array([f"{k} {TEXTS[k % len(TEXTS)]}" * 5 for k in range(900)])
    whole = signature.signatures(column)
    assert len(list(chunks.chunks(column))) == 2
    monkeypatch.setattr(chunks, "BATCH_BYTES", 50_000)
    assert len(list(chunks.chunks(column))) > 5
    np.testing.assert_array_equal(signature.signatures(column), whole)
    monkeypatch.setattr(chunks, "_WORTH_PARTING", 2**40)
    np.testing.assert_array_equal(signature.signatures(column), whole)


def test_sketches_convert_both_ways() -> None:
    row = signature.signatures(pa.array([TEXTS[4]]))[0]
    sketch = signature.to_datasketch(row)
    assert sketch.jaccard(oracle(TEXTS[4], MinHashSpec())) == 1.0
    np.testing.assert_array_equal(signature.from_datasketch(sketch), row)
    np.testing.assert_array_equal(signature.from_datasketch(datasketch.LeanMinHash(sketch)), row)


@pytest.mark.parametrize("options", [{"seed": 2}, {"num_perm": 64}, {"scheme": "legacy"}])
def test_sketches_of_another_make_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(FingerprintError, match="sketch has"):
        signature.from_datasketch(datasketch.MinHash(**options))


def test_impossible_specifications_are_refused() -> None:
    with pytest.raises(UsageError):
        MinHashSpec(permutations=100)
