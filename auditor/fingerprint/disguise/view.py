"""A view: a text with a disguise undone, each of its characters with the place it came from."""

from __future__ import annotations

import re
from collections.abc import Callable
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
        self, pattern: re.Pattern[str], decode: Callable[[re.Match[str]], str | None], disguise: Disguise
    ) -> View | None:
        """Return a view with each match decoded; None where nothing was."""
        texts: list[str] = []
        starts: list[I64] = []
        ends: list[I64] = []
        done, changed = 0, False
        for match in pattern.finditer(self.text):
            piece = decode(match)
            if piece is None or match.end() == match.start():
                continue
            changed = True
            first, last = match.span()
            texts += [self.text[done:first], piece]
            edges = np.linspace(first, last, len(piece) + 1).astype(np.int64)
            starts += [self.starts[done:first], self.starts[np.minimum(edges[:-1], last - 1)]]
            ends += [
                self.ends[done:first],
                self.ends[np.maximum(edges[1:] - 1, edges[:-1]).clip(first, last - 1)],
            ]
            done = last
        if not changed:
            return None
        texts.append(self.text[done:])
        starts.append(self.starts[done:])
        ends.append(self.ends[done:])
        undone = self.undone if disguise in self.undone else (*self.undone, disguise)
        return View("".join(texts), np.concatenate(starts), np.concatenate(ends), undone)
