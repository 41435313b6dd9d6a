"""MinHash signatures, bit-identical to datasketch 2 (`affine32`) over this package's shingle hashes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from auditor.errors import FingerprintError, UsageError
from auditor.fingerprint.tokens import folding
from auditor.fingerprint.tokens.chunks import chunks
from auditor.fingerprint.tokens.reference import shingle_hash, short_text_hash
from auditor.fingerprint.tokens.words import I64, U32, scan, scratch_for, stops_of, utf8
from auditor.jit.compile import COMPILED

if TYPE_CHECKING:
    import datasketch

_BLOCK = 32
_MOST_WORDS, _MOST_PERMUTATIONS = 32, 4096


class ShingleHash(StrEnum):
    """How the words of a shingle become a number."""

    WORDS = "words"
    """This package's: words as the n-gram search sees them, folded and without punctuation."""
    SHA1_32 = "sha1_hash32"
    """datasketch's, over lower-cased words that white space parts, joined by a blank."""
    SHA1_64 = "sha1_hash64"


class Scheme(StrEnum):
    """How datasketch permutes hashes."""

    AFFINE32 = "affine32"
    AFFINE64 = "affine64"
    LEGACY = "legacy"
    """Before datasketch 2."""


@dataclass(frozen=True, slots=True)
class MinHashSpec:
    """The specification of a signature: two of the same one can be compared.

    Attributes:
        shingle: words per shingle.
        permutations: slots of a signature; of this package's own hash a multiple of 32.
        seed: of the permutations, datasketch's.
        hash: of a shingle; all but `WORDS` are those of signatures made elsewhere.
    """

    shingle: int = 5
    permutations: int = 128
    seed: int = 1
    hash: ShingleHash = ShingleHash.WORDS
    scheme: Scheme = Scheme.AFFINE32

    def __post_init__(self) -> None:
        """Refuse what cannot be signed."""
        own = self.hash is ShingleHash.WORDS
        fits = not own or (self.permutations % _BLOCK == 0 and self.scheme is Scheme.AFFINE32)
        if self.hash is ShingleHash.SHA1_64 and self.scheme is Scheme.AFFINE32:
            raise UsageError("sha1_hash64 is wider than the hashes of affine32", fix="take sha1_hash32")
        most = _BLOCK <= self.permutations <= _MOST_PERMUTATIONS
        if not fits or not most or not 1 <= self.shingle <= _MOST_WORDS or not 0 <= self.seed < 2**32:
            raise UsageError(
                f"no MinHash of {self.permutations} permutations ({self.scheme}, seed {self.seed}) over "
                f"{self.shingle} words with hash {self.hash}",
                fix=f"take 32 to {_MOST_PERMUTATIONS} permutations (of hash `words` a multiple of 32, "
                "affine32), 1 to 32 words and a seed below 2^32",
            )

    @property
    def id(self) -> str:
        """Return the specification id stored with every signature."""
        words = "fold1-unicode14-mum64" if self.hash is ShingleHash.WORDS else f"lower-split-{self.hash}"
        return f"{words}-s{self.shingle}-{self.scheme}-k{self.permutations}-seed{self.seed}"


@cache
def permutations(count: int, seed: int) -> tuple[U32, U32]:
    """Return datasketch's factors and offsets: two uint32[count]."""
    source = np.random.RandomState(seed)
    factors = source.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, source.randint(0, 1 << 32, count, dtype=np.uint32)


def signatures(
    texts: pa.Array | pa.ChunkedArray, spec: MinHashSpec | None = None, out: U32 | None = None
) -> U32:
    """Return uint32[n, K], one signature per text; a text without words has all ones.

    Args:
        out: filled and returned when given: memory of the same shape to be used again.
    """
    spec = spec or MinHashSpec()
    if out is None:
        out = np.empty((len(texts), spec.permutations), np.uint32)
    a, b = permutations(spec.permutations, spec.seed)
    for row, part in chunks(texts):
        rows = out[row : row + len(part)]
        if not COMPILED:
            words = scan(part)
            rows[:] = _sign_in_numpy(words.bounds, words.ids, spec)
            continue
        from auditor.fingerprint.minhash.kernel import sign_texts

        buffer, table = utf8(part), folding.load()
        stops = stops_of(buffer)
        longest = int((stops - buffer.offsets[:-1]).max(initial=0))
        ids = np.empty(2 * longest + 64, np.uint64)
        fold = (table.pages, table.entries, table.pool)
        sign_texts(
            buffer.data, buffer.offsets, stops, fold, scratch_for(longest), ids,
            np.empty(ids.size, np.uint32), spec.shingle, a, b, rows,
        )  # fmt: skip
    return out


def signatures_of_words(bounds: I64, ids: U32, spec: MinHashSpec | None = None) -> U32:
    """Return the signatures of texts given by their word ids, as an index keeps them."""
    spec = spec or MinHashSpec()
    if not COMPILED:
        return _sign_in_numpy(bounds, ids, spec)
    from auditor.fingerprint.minhash.kernel import sign_words

    longest = int(np.diff(bounds).max(initial=0))
    scratch = np.empty(longest + 2, np.uint64), np.empty(longest + 2, np.uint32)
    out = np.empty((bounds.size - 1, spec.permutations), np.uint32)
    sign_words(bounds, ids, *scratch, spec.shingle, *permutations(spec.permutations, spec.seed), out)
    return out


def _sign_in_numpy(bounds: I64, ids: U32, spec: MinHashSpec) -> U32:
    """Sign by the written specification: what runs where nothing is compiled."""
    a, b = permutations(spec.permutations, spec.seed)
    out = np.full((bounds.size - 1, spec.permutations), 0xFFFFFFFF, np.uint32)
    for text in range(bounds.size - 1):
        words = ids[bounds[text] : bounds[text + 1]].tolist()
        if not words:
            continue
        size = spec.shingle
        whole = [shingle_hash(words[i : i + size]) for i in range(len(words) - size + 1)]
        value = np.array(whole or [short_text_hash(words)], np.uint32)
        value = (value ^ (value >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        value = (value ^ (value >> np.uint32(13))) * np.uint32(0xC2B2AE35)
        value ^= value >> np.uint32(16)
        out[text] = (value[:, None] * a + b).min(axis=0)
    return out


def to_datasketch(row: U32, spec: MinHashSpec | None = None) -> datasketch.MinHash:
    """Wrap a signature as a `datasketch.MinHash` that can be merged, compared and put in its LSH."""
    import datasketch

    spec = spec or MinHashSpec()
    return datasketch.MinHash(
        num_perm=spec.permutations, seed=spec.seed, hashvalues=np.array(row), scheme=spec.scheme.value
    )


def from_datasketch(sketch: Any, spec: MinHashSpec | None = None) -> U32:
    """Return the signature inside a `datasketch.MinHash` or `LeanMinHash`.

    Its values compare with this package's signatures only if it was fed the same shingle hashes.

    Raises:
        FingerprintError: another scheme, seed or number of permutations.
    """
    spec = spec or MinHashSpec()
    found = (getattr(sketch, "scheme", None), sketch.seed, len(sketch.hashvalues))
    if found != (spec.scheme, spec.seed, spec.permutations):
        raise FingerprintError(
            f"the sketch has scheme {found[0]}, seed {found[1]} and {found[2]} permutations, not {spec.id}",
            fix=f"sign with scheme={spec.scheme.value!r}, seed={spec.seed}, num_perm={spec.permutations}",
        )
    result: U32 = np.asarray(sketch.hashvalues, np.uint32)
    return result
