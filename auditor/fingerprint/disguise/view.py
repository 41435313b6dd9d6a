"""A view: a text with a disguise undone, each of its characters with the place it came from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

I64: TypeAlias = NDArray[np.int64]


class Disguise(StrEnum):
    """What hides a text from a comparison of words."""

    ESCAPES = "escapes"
    ENTITIES = "entities"
    TAGS = "tags"
    PERCENT = "percent-encoding"
    BASE64 = "base64"
    BASE32 = "base32"
    HEX = "hex"
    NUMBERS = "character-codes"
    LOOK_ALIKES = "look-alike-letters"
    LEET = "digits-for-letters"
    SPACED = "spaced-letters"
    UNSPACED = "no-spaces"
    SHIFTED = "shifted-letters"
    REVERSED = "reversed"
    REVERSED_WORDS = "reversed-words"


@dataclass(frozen=True, slots=True)
class View:
    """A text read in another way.

    Attributes:
        starts, ends: int64[len(text)]; character k stands for original[starts[k]:ends[k]].
        undone: what was undone, in order.
    """

    text: str
    starts: I64
    ends: I64
    undone: tuple[Disguise, ...] = ()

    @classmethod
    def of(cls, text: str) -> View:
        """Return the text as it is."""
        places = np.arange(len(text), dtype=np.int64)
        return cls(text, places, places + 1)

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the original that text[start:end] stands for; empty where it is empty."""
        if start >= end:
            return 0, 0
        stretch = slice(start, end)
        return int(self.starts[stretch].min()), int(self.ends[stretch].max())

    def with_letters(self, text: str, disguise: Disguise) -> View:
        """Return a view whose characters stand where they stood."""
        return View(text, self.starts, self.ends, (*self.undone, disguise))

    def picked(self, places: I64, disguise: Disguise) -> View:
        """Return a view of some characters, in a new order; -1 is a blank that nothing stands for."""
        points = np.append(np.frombuffer(self.text.encode("utf-32-le", "replace"), np.uint32), np.uint32(32))
        text = points[places].tobytes().decode("utf-32-le", "replace")
        before = np.maximum(places, 0)
        blank = places < 0
        starts = np.where(blank, 0, self.starts[before])
        ends = np.where(blank, 0, self.ends[before])
        if blank.any():
            # A blank stands nowhere: it takes the end of what is before it.
            last = np.maximum.accumulate(np.where(blank, -1, np.arange(places.size)))
            at = ends[np.maximum(last, 0)]
            starts, ends = np.where(blank, at, starts), np.where(blank, at, ends)
        return View(text, starts, ends, (*self.undone, disguise))

    def replaced(
        self,
        matches: Iterable[re.Match[str]],
        decode: Callable[[re.Match[str]], str | None],
        disguise: Disguise,
    ) -> View | None:
        """Return a view with each match of its text decoded; None where nothing was."""
        spans: list[tuple[int, int]] = []
        pieces: list[str] = []
        for match in matches:
            piece = decode(match)
            if piece is not None and match.end() > match.start():
                spans.append(match.span())
                pieces.append(piece)
        if not spans:
            return None
        edges = np.array(spans, np.int64)
        sizes = np.fromiter(map(len, pieces), np.int64, len(pieces))
        first, last = _stands_for(edges[:, 0], edges[:, 1], sizes, len(self.text))
        undone = self.undone if disguise in self.undone else (*self.undone, disguise)
        return View(self._with(spans, pieces), self.starts[first], self.ends[last], undone)

    def _with(self, spans: list[tuple[int, int]], pieces: list[str]) -> str:
        texts, done = [], 0
        for (first, last), piece in zip(spans, pieces, strict=True):
            texts += [self.text[done:first], piece]
            done = last
        return "".join([*texts, self.text[done:]])


def _stands_for(starts: I64, ends: I64, sizes: I64, length: int) -> tuple[I64, I64]:
    """Return the first and the last old place that each new character stands for.

    Args:
        starts, ends: of the stretches that are replaced.
        sizes: of what replaces them; its characters share the stretch evenly.
        length: of the old text.
    """
    gaps = np.append(starts, length) - np.append(0, ends)
    runs = np.append(np.stack((gaps[:-1], sizes), axis=1).ravel(), gaps[-1])
    begins = np.append(np.stack((np.append(0, ends[:-1]), starts), axis=1).ravel(), ends[-1])
    within = np.arange(runs.sum()) - np.repeat(np.cumsum(runs) - runs, runs)
    first = np.repeat(begins, runs) + within
    last = first.copy()
    new = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
    k, low, high = within[new], np.repeat(starts, sizes), np.repeat(ends, sizes)
    step = np.repeat((ends - starts) / np.maximum(sizes, 1), sizes)
    edge = (k * step + low).astype(np.int64)
    next_edge = np.where(k + 1 == np.repeat(sizes, sizes), high, ((k + 1) * step + low).astype(np.int64))
    first[new] = np.minimum(edge, high - 1)
    last[new] = np.maximum(next_edge - 1, edge).clip(low, high - 1)
    return first, last
