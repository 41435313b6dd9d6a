"""Undo what a text may be disguised by: encodings first, then letters, then the order and the spaces."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from auditor.fingerprint.disguise import triage
from auditor.fingerprint.disguise.encodings import decoded
from auditor.fingerprint.disguise.letters import (
    turned,
    unshifted,
    without_leet,
    without_look_alikes,
    words_turned,
)
from auditor.fingerprint.disguise.unreadable import is_unreadable
from auditor.fingerprint.disguise.unspaced import Vocabulary, joined, parted
from auditor.fingerprint.disguise.view import View

LONGEST = 2**20
"""Characters of the longest text that is undone whole; of a longer one, so many from its start."""


def views_of(text: str, vocabulary: Vocabulary) -> tuple[list[View], bool]:
    """Return the readings of a text with ever more undone, and whether code is left that nothing undoes.

    There are none where it hides nothing. The letters of code that is left stand for nothing.
    """
    first = View.of(text[:LONGEST])
    found = [first]

    def add(view: View) -> None:
        if view.undone != found[-1].undone:
            found.append(view)

    add(decoded(found[-1]))
    if is_unreadable(found[-1].text):
        return found[1:], True
    counts = _counts(found[-1])
    if triage.has_odd_letters(counts)[0]:
        add(without_look_alikes(found[-1]))
    if triage.is_spaced(counts)[0]:
        add(joined(found[-1]))
        counts = _counts(found[-1])
    if triage.has_digits_for_letters(counts)[0]:
        add(without_leet(found[-1]))
        counts = _counts(found[-1])
    if triage.is_shifted(counts)[0]:
        add(unshifted(found[-1]))
        counts = _counts(found[-1])
    if triage.is_reversed(counts)[0]:
        base = found[-1]
        add(words_turned(base))
        found.append(turned(base))
    if triage.is_unspaced(counts)[0]:
        add(parted(found[-1], vocabulary))
    return found[1:], False


def _counts(view: View) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return triage.measured(pa.array([view.text], pa.large_string())).T.astype(np.int64)
