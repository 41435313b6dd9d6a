"""Find the words of a text without spaces by the words of an index; join letters that stand apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.fingerprint.disguise.view import Disguise, View
from auditor.fingerprint.tokens import reference
from auditor.jit.compile import COMPILED

_SAMPLE = 2_000_000
_KEPT = 100_000
_APART = re.compile(r"(?<!\S)\S(?:\s{1,3}\S(?!\S)){9,}|(?<!\w)\w(?:([.\-_*|·])\w(?!\w))(?:\1\w(?!\w))*")
_PIECE = re.compile(r"(\s+|(?<=\w)[.\-_*|·](?=\w))|(\S)")
_RUN = re.compile(r"[A-Za-z0-9]{2,}")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of an index by how rare each is.

    Attributes:
        ids: uint32[v], rising.
        bits: float32[v], minus the binary logarithm of each word's share.
    """

    ids: NDArray[np.uint32]
    bits: NDArray[np.float32]

    @classmethod
    def of(cls, words: NDArray[np.uint32]) -> Vocabulary:
        """Count a sample of an index's words."""
        step = max(1, words.size // _SAMPLE)
        ids, counts = np.unique(np.asarray(words[::step]), return_counts=True)
        if ids.size > _KEPT:
            chosen = np.sort(np.argpartition(counts, -_KEPT)[-_KEPT:])
            ids, counts = ids[chosen], counts[chosen]
        bits = (-np.log2(counts / max(1, counts.sum()))).astype(np.float32)
        ids = ids.astype(np.uint32)
        bits.setflags(write=False)
        ids.setflags(write=False)
        return cls(ids, bits)


def parted(view: View, vocabulary: Vocabulary) -> View:
    """Put blanks between the words of runs of letters."""
    known: dict[str, NDArray[np.int64]] = {}
    ends: list[NDArray[np.int64]] = []
    for match in _RUN.finditer(view.text):
        run = match[0].lower()
        if run not in known:
            known[run] = _word_ends(run.encode("ascii"), vocabulary)
        ends.append(known[run] + match.start())
    places = np.arange(len(view.text), dtype=np.int64)
    return view.picked(np.insert(places, np.concatenate(ends) if ends else [], -1), Disguise.UNSPACED)


def _word_ends(letters: bytes, vocabulary: Vocabulary) -> NDArray[np.int64]:
    return np.array([*_starts(letters, vocabulary), len(letters)], np.int64)[1:]


def _starts(letters: bytes, vocabulary: Vocabulary) -> list[int]:
    from auditor.fingerprint.disguise.word_borders import borders

    size = len(letters)
    starts = np.zeros(size + 1, np.uint8)
    costs, steps = np.zeros(size + 1, np.float32), np.zeros(size + 1, np.int32)
    borders(size, _ids(letters), vocabulary.ids, vocabulary.bits, costs, steps, starts)
    return [int(one) for one in np.flatnonzero(starts)]


def _ids(letters: bytes) -> NDArray[np.uint32]:
    """Return the id of every word that the letters may hold, by its end and its length."""
    from auditor.fingerprint.disguise.word_borders import LONGEST

    size = len(letters)
    ids = np.zeros((size + 1, LONGEST + 1), np.uint32)
    if COMPILED:
        from auditor.fingerprint.disguise.word_ids import PADDING, hash_words

        data = np.zeros(size + PADDING, np.uint8)
        data[:size] = np.frombuffer(letters, np.uint8)
        data.setflags(write=False)
        hash_words(data, size, ids)
        return ids
    for end in range(1, size + 1):
        for length in range(1, min(LONGEST, end) + 1):
            ids[end, length] = reference.word_hash(letters[end - length : end]) >> 32
    return ids


def joined(view: View) -> View:
    """Join characters that stand apart, one by one; wider gaps stay blanks."""
    places: list[NDArray[np.int64]] = []
    done = 0
    for match in _APART.finditer(view.text):
        first, last = match.span()
        places.append(np.arange(done, first, dtype=np.int64))
        wide = any(len(gap) > 1 for gap in re.findall(r"\s+", match[0]))
        kept = [
            first + piece.start()
            for piece in _PIECE.finditer(match[0])
            if piece[2] is not None or (wide and len(piece[1]) > 1)
        ]
        places.append(np.array(kept, np.int64))
        done = last
    if not done:
        return view
    places.append(np.arange(done, len(view.text), dtype=np.int64))
    return view.picked(np.concatenate(places), Disguise.SPACED)
