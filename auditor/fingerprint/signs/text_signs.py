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


def signs_of(texts: pa.Array | pa.ChunkedArray, places: NDArray[np.int64] | None = None) -> Signs:
    """Return the signs of every text, or of those at places: uint8, the bits of `patterns`; null is empty.

    The bit `SPOKEN` may also stand where no telling phrase is, and is never missing where one is.

    Args:
        places: in their order.
    """
    if not pays(texts.nbytes):
        return signs_by_patterns(texts if places is None else texts.take(pa.array(places)))
    from auditor.fingerprint.signs.kernel import find_signs
    from auditor.fingerprint.tokens.words import utf8

    places = np.arange(len(texts)) if places is None else places
    found = np.zeros(len(places), np.uint8)
    for first, part in chunks(texts):
        buffer = utf8(part)
        here = slice(*np.searchsorted(places, (first, first + len(part))))
        at = places[here] - first
        find_signs(
            buffer.data, buffer.offsets[at], buffer.offsets[at + 1], *_tables(), BARE_ANSWER, found[here]
        )
    return found


@cache
def _tables() -> tuple[Signs, Signs]:
    return starts(MODEL_STARTS), starts(MAKER_STARTS)


def spoken(signs: Signs) -> NDArray[np.bool_]:
    """Tell in which texts a telling phrase may stand."""
    return (signs & SPOKEN).astype(bool)
