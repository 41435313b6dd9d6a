"""Read many of datasketch's `LeanMinHash` at once from their bytes; nothing is unpickled."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditor.errors import FingerprintError
from auditor.fingerprint.minhash.signature import Scheme
from auditor.fingerprint.tokens.words import U8

_LEAD = struct.Struct("<qi")
_SCHEMES = {1: Scheme.AFFINE32, 2: Scheme.AFFINE64}
_MOST = 1 << 16
PICKLE = b"\x80"
"""How a pickle begins; what it goes on with may be a program."""


@dataclass(frozen=True, slots=True)
class LeanForm:
    """What all sketches of a file must have in common.

    Attributes:
        start: where the values begin.
        size: bytes of a sketch.
    """

    scheme: Scheme
    seed: int
    permutations: int
    start: int
    size: int


def form_of(data: bytes) -> LeanForm:
    """Tell the form of a serialized sketch.

    Raises:
        ValueError: it is none.
    """
    if len(data) < _LEAD.size + 1:
        raise ValueError("too few bytes")
    seed, count = _LEAD.unpack_from(data)
    scheme = Scheme.LEGACY if count >= 0 else _SCHEMES.get(data[_LEAD.size])
    width = 8 if scheme is Scheme.AFFINE64 else 4
    count = abs(count)
    start = len(data) - count * width
    starts = {12} if scheme is Scheme.LEGACY else {13, 16}
    if scheme is None or start not in starts or not 0 < count <= _MOST:
        raise ValueError("no form of datasketch's")
    return LeanForm(scheme, seed, count, start, len(data))


def low_bytes_of(sketches: Sequence[bytes | None], form: LeanForm) -> U8:
    """Return uint8[n, K], the low bytes of the values of sketches of one form.

    Raises:
        FingerprintError: one is missing or of another form; says which.
    """
    for row, data in enumerate(sketches):
        if data is None or len(data) != form.size or form_of(data) != form:
            found = "there is none" if data is None else "it has another form"
            raise FingerprintError(f"sketch {row} differs from the first: {found}")
    width = 8 if form.scheme is Scheme.AFFINE64 else 4
    rows = np.frombuffer(b"".join(filter(None, sketches)), np.uint8).reshape(len(sketches), form.size)
    result: U8 = np.ascontiguousarray(rows[:, form.start :: width])
    return result
