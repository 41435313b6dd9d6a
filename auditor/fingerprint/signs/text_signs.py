"""Find the signs of texts: in one compiled pass where that pays, else by patterns, with the same answer."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.fingerprint.phrases import MAKER_STARTS, MODEL_STARTS
from auditor.fingerprint.signs.patterns import BARE_ANSWER, SPOKEN, signs_by_patterns, starts
from auditor.fingerprint.tokens.chunks import chunks
from auditor.row_kernels.worth import pays

Signs = NDArray[np.uint8]


def signs_of(texts: pa.Array | pa.ChunkedArray) -> Signs:
    """Return the signs of every text: uint8[texts], the bits of `patterns`; null is an empty text.

    The bit `SPOKEN` may also stand where no telling phrase is, and is never missing where one is.
    """
    if not pays(texts.nbytes):
        return signs_by_patterns(texts)
    from auditor.fingerprint.signs.kernel import find_signs
    from auditor.fingerprint.tokens.words import utf8

    found = np.zeros(len(texts), np.uint8)
    for first, part in chunks(texts):
        buffer = utf8(part)
        find_signs(buffer.data, buffer.offsets, *_tables(), BARE_ANSWER, found[first : first + len(part)])
    return found


@cache
def _tables() -> tuple[Signs, Signs]:
    return starts(MODEL_STARTS), starts(MAKER_STARTS)


def spoken(signs: Signs) -> NDArray[np.bool_]:
    """Tell in which texts a telling phrase may stand."""
    return (signs & SPOKEN).astype(bool)
