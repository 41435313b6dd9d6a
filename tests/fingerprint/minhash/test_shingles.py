"""Texts are signed as datasketch signs them, whatever the scheme."""

from __future__ import annotations

import datasketch
import numpy as np
import pyarrow as pa
import pytest
from datasketch.hashfunc import sha1_hash32, sha1_hash64

from auditor.errors import FingerprintError, UsageError
from auditor.fingerprint.minhash.lean import form_of, low_bytes_of
from auditor.fingerprint.minhash.shingles import low_bytes
from auditor.fingerprint.minhash.signature import MinHashSpec, Scheme, ShingleHash, signatures
from auditor.fingerprint.tokens.words import scan

TEXTS = [
    "",
    "One",
    "One TWO three\nfour",
    "The quick  brown fox jumps over the lazy dog. " * 30,
    "Äpfel, ÖL und…",
]
KINDS = [
    (ShingleHash.SHA1_32, Scheme.AFFINE32),
    (ShingleHash.SHA1_32, Scheme.LEGACY),
    (ShingleHash.SHA1_64, Scheme.AFFINE64),
    (ShingleHash.SHA1_32, Scheme.AFFINE64),
]


def sketch(text: str, spec: MinHashSpec) -> datasketch.LeanMinHash:
    hashed = sha1_hash32 if spec.hash is ShingleHash.SHA1_32 else sha1_hash64
    made = datasketch.MinHash(spec.permutations, spec.seed, hashfunc=hashed, scheme=spec.scheme.value)
    words = text.lower().split()
    for at in range(max(1, len(words) - spec.shingle + 1)):
        if words:
            made.update(" ".join(words[at : at + spec.shingle]).encode())
    return datasketch.LeanMinHash(made)


def serialized(lean: datasketch.LeanMinHash, order: str = "@") -> bytes:
    data = bytearray(lean.bytesize(order))
    lean.serialize(data, order)
    return bytes(data)


@pytest.mark.parametrize(("hash_", "scheme"), KINDS)
@pytest.mark.parametrize("order", ["@", "="])
def test_texts_sign_as_datasketch_signs_them(hash_: ShingleHash, scheme: Scheme, order: str) -> None:
    spec = MinHashSpec(3, 40, 7, hash_, scheme)
    column = pa.array([*TEXTS, None])
    rows, counts = low_bytes(column, scan(column), spec)
    leans = [serialized(sketch(text, spec), order) for text in [*TEXTS, ""]]
    form = form_of(leans[0])
    assert (form.scheme, form.seed, form.permutations) == (scheme, 7, 40)
    np.testing.assert_array_equal(low_bytes_of(leans, form), rows)
    assert counts.tolist() == [0, 1, 4, 270, 3, 0]


def test_own_signatures_keep_their_low_bytes() -> None:
    column = pa.array(TEXTS)
    rows, _ = low_bytes(column, scan(column), MinHashSpec())
    np.testing.assert_array_equal(rows, signatures(column).astype(np.uint8))


def test_hashes_wider_than_the_scheme_are_refused() -> None:
    with pytest.raises(UsageError):
        MinHashSpec(hash=ShingleHash.SHA1_64)
    with pytest.raises(UsageError):
        MinHashSpec(scheme=Scheme.LEGACY)


@pytest.mark.parametrize("data", [b"", b"\x80\x04pickle", b"\0" * 12, b"\0" * 300, b"\xff" * 529])
def test_bytes_that_are_no_sketch_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"bytes|form"):
        form_of(data)


def test_sketches_of_two_makes_are_not_mixed() -> None:
    one = serialized(sketch("a b c d", MinHashSpec(3, 64, 1, *KINDS[0])))
    other = serialized(sketch("a b c d", MinHashSpec(3, 64, 2, *KINDS[0])))
    for wrong in (other, one[:-4], None):
        with pytest.raises(FingerprintError, match="sketch 1"):
            low_bytes_of([one, wrong], form_of(one))
