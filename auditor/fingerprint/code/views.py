"""The views in which code is compared, from the tokens of a text to the hashes of its runs.

- *shape*: all tokens, those of comments and strings among them, names blind: new names, another layout.
- *bare shape*: without comments, a string one token, names blind: comments gone, names new.
- *bare wording*: without comments, names by what they are, whatever their case: comments gone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.fingerprint.code.grams import hash_runs
from auditor.fingerprint.code.symbols import IN_COMMENT, IN_STRING, OPENS_STRING, STRING
from auditor.fingerprint.code.tokens import Tokens
from auditor.fingerprint.tokens.words import I64, U64

VIEWS = ("shape", "bare shape", "bare wording")
SPEC = "code1-run12"
"""What indexes must share to be searched alike: the tokenizer, the views, the length of a run."""
_NAMED = 2


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of n texts in one view.

    Attributes:
        bounds: int64[n + 1], the runs of text i are bounds[i]:bounds[i + 1].
        keys: uint64[r], hashes, 0 for a run that says little.
        places: int64[r], the token at which each begins.
    """

    bounds: I64
    keys: U64
    places: I64


def runs_of(tokens: Tokens) -> list[Runs]:
    """Return the runs of texts in every view."""
    return [runs_in(tokens, view) for view in range(len(VIEWS))]


def runs_in(tokens: Tokens, view: int) -> Runs:
    """Return the runs of texts in one view."""
    if view == 0:
        keys = _hash(tokens.bounds, tokens.symbols, tokens.values, view)
        return Runs(tokens.bounds, keys, np.arange(tokens.symbols.size))
    symbols = np.where(tokens.marks == OPENS_STRING, np.uint16(STRING), tokens.symbols)
    kept = np.flatnonzero((tokens.marks != IN_COMMENT) & (tokens.marks != IN_STRING))
    bounds = np.searchsorted(kept, tokens.bounds)
    return Runs(bounds, _hash(bounds, symbols[kept], tokens.values[kept], view), kept)


def _hash(bounds: I64, symbols: NDArray[np.uint16], values: NDArray[np.uint16], view: int) -> U64:
    keys = np.empty(symbols.size, np.uint64)
    hash_runs(bounds, symbols, values, view, view == _NAMED, keys)
    return keys
