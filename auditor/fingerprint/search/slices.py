"""Parts of texts that a calibration looks at: first words, and as many from anywhere."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from auditor.fingerprint.tokens.words import I64, Words

LENGTHS = ((15, 20), (25, 30), (40, 60, 80))
"""Words of the parts; those of one group are looked at together."""


def slices(words: Words) -> Iterator[tuple[int, Words, I64]]:
    """Yield parts of some texts, first words and others by turns, by length; the same texts give the same.

    Yields:
        the group of the length times two, one more where they are not first words; the parts; the text of
        each.
    """
    draw = np.random.default_rng(0)
    sizes = np.diff(words.bounds)
    for group, lengths in enumerate(LENGTHS):
        for length in lengths:
            rows = np.flatnonzero(sizes > length)
            if rows.size:
                begins = words.bounds[:-1][rows]
                yield 2 * group, cut(words, begins, length), rows
                yield (
                    2 * group + 1,
                    cut(words, begins + draw.integers(1, sizes[rows] - length + 1), length),
                    rows,
                )


def cut(words: Words, begins: I64, length: int) -> Words:
    """Return stretches of so many words that begin at given words."""
    places = (begins[:, None] + np.arange(length)).ravel()
    bounds = np.arange(begins.size + 1, dtype=np.int64) * length
    columns = (words.hashes, words.starts, words.ends, words.uninformative)
    return Words(bounds, *(column[places] for column in columns))
