"""The code lane of an index: tokens of reference texts with code, and an inverted table of their runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.fingerprint.code.code_calibration import LEAST_WORDING, POWERS, UNITS, CodeCalibration
from auditor.fingerprint.code.table import CANDIDATES, list_shared, weigh
from auditor.fingerprint.code.tokens import Tokens
from auditor.fingerprint.code.views import SPEC, VIEWS, Runs, runs_in, runs_of
from auditor.fingerprint.index_file import ladder, typed
from auditor.fingerprint.tokens.words import F32, I32, I64, U32, U64

U16 = NDArray[np.uint16]
_PREFIX = "code_"
_TYPES = {
    "texts": "uint32",
    "directory": "uint32",
    "prints": "uint32",
    "rarity": "uint16",
    "begins": "uint32",
    "postings": "uint32",
    "prompts": "uint64",
}
_TOKENS = {
    "bounds": "int64",
    "symbols": "uint16",
    "values": "uint16",
    "starts": "uint32",
    "sizes": "uint16",
    "marks": "uint8",
}
_WORDING = len(VIEWS) - 1


@dataclass(frozen=True, slots=True)
class Shared:
    """What n texts of code share with the lane.

    Attributes:
        scores: float32[n, views, CANDIDATES], in units of one innocent block in a thousand.
        candidates: int32[n, views, CANDIDATES], places in the lane, -1 where there is none.
        reach: float32[n], the score of a text that had all its shape.
        wording: float32[n], the share of the text's wording in one reference text.
        telling: float32[n], the share of the tokens, without comments, that begin a run that says something.
    """

    scores: F32
    candidates: I32
    reach: F32
    wording: F32
    telling: F32


@dataclass(frozen=True, slots=True)
class CodeLane:
    """Reference texts with code; all arrays can be mapped from disk.

    Attributes:
        tokens: of c texts; texts: uint32[c], their numbers in the index, rising.
        directory: uint32[2**bits + 1], prints: uint32[G]; look-up from the hash of a run to its number.
        rarity: uint16[G], teachers that have a run, 0 where it weighs nothing.
        begins: uint32[G + 1], postings: uint32[P], places in the lane of the texts that have a run.
        prompts: uint64[p], the runs of the prompts.
        calibration: thresholds; None until calibrated, and then the lane finds nothing.
    """

    tokens: Tokens
    texts: U32
    directory: U32
    prints: U32
    rarity: U16
    begins: U32
    postings: U32
    prompts: U64
    calibration: CodeCalibration | None = None

    def __len__(self) -> int:
        """Return the number of texts that have code."""
        return int(self.texts.size)

    @property
    def bits(self) -> int:
        """Return how many top bits of a hash choose its bucket."""
        return int(self.directory.size - 1).bit_length() - 1

    @property
    def nbytes(self) -> int:
        """Return the bytes of all arrays."""
        return sum(array.nbytes for array in self.arrays().values())

    def measure(
        self, tokens: Tokens, teachers: U32, excluded: I64 | None = None, groups: U32 | None = None
    ) -> Shared:
        """Return what texts share with the lane.

        Args:
            teachers: uint32[c], teacher of each text of the lane.
            excluded, groups: int64[n] and uint32[c]; text i is searched without the texts of a group.
        """
        count = len(tokens)
        excluded = np.full(count, -1, np.int64) if excluded is None else excluded
        owners = (teachers if groups is None else groups, teachers)
        table = self.bits, self.directory, self.prints, self.rarity, self.begins, self.postings
        scores = np.zeros((count, len(VIEWS), CANDIDATES), np.float32)
        candidates = np.full((count, len(VIEWS), CANDIDATES), -1, np.int32)
        reach, wording, telling = (np.zeros(count, np.float32) for _ in range(3))
        for view, runs in enumerate(runs_of(tokens)):
            found, best = np.empty((count, CANDIDATES), np.int32), np.empty((count, CANDIDATES), np.float32)
            totals = np.empty(count, np.float32)
            weigh(
                runs.bounds, runs.keys, excluded, table, owners,
                int(teachers.max(initial=0)) + 1, found, best, totals,
            )  # fmt: skip
            share: F32 = (best / np.maximum(totals, np.float32(1e-6))[:, None]).astype(np.float32)
            if view == _WORDING:
                wording, telling = share[:, 0], _telling(runs)
                totals[np.diff(runs.bounds) < LEAST_WORDING] = 0
            most = totals / np.float32(UNITS[view])
            scores[:, view], candidates[:, view] = most[:, None] * share ** (POWERS[view] + 1), found
            reach = reach if view == _WORDING else np.maximum(reach, most)
        return Shared(scores, candidates, reach, wording, telling)

    def spans(self, tokens: Tokens, row: int, place: int, view: int) -> list[tuple[int, int, int, int]]:
        """Return the stretches that a text shares with one of the lane, in characters of both texts."""
        asked, held = tokens.take(np.array([row])), self.tokens.take(np.array([place]))
        mine, theirs = runs_in(asked, view), runs_in(held, view)
        out = np.empty((max(1, mine.keys.size), 3), np.int64)
        found = []
        for first, second, count in out[: list_shared(mine.keys, theirs.keys, out)].tolist():
            found.append((*_characters(asked, mine, first, count), *_characters(held, theirs, second, count)))
        return found

    def twins(self, place: int) -> list[int]:
        """Return the texts of the lane that have the very tokens of one, itself among them."""
        tokens = self.tokens
        begin, end = tokens.bounds[place : place + 2].tolist()
        same = np.flatnonzero(np.diff(tokens.bounds) == end - begin)
        for line in (tokens.symbols, tokens.values):
            for at in range(end - begin):
                if same.size < 2:
                    break
                same = same[line[tokens.bounds[same] + at] == line[begin + at]]
        found: list[int] = same.tolist()
        return found

    def header(self) -> dict[str, Any]:
        """Return what to write beside the arrays."""
        return {"spec": SPEC, "calibration": self.calibration.to_json() if self.calibration else None}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return every array by its name in the file."""
        own = {_PREFIX + name: getattr(self, name) for name in _TYPES}
        return own | {f"{_PREFIX}token_{name}": getattr(self.tokens, name) for name in _TOKENS}

    @classmethod
    def from_arrays(cls, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> CodeLane:
        """Wrap a file's arrays.

        Raises:
            ValueError, KeyError and their like: the header or an array is not what it should be.
        """
        if header["spec"] != SPEC:
            raise ValueError("another version")
        tokens = Tokens(*(arrays[f"{_PREFIX}token_{name}"] for name in _TOKENS))
        known = header["calibration"]
        calibration = CodeCalibration.from_json(known) if known else None
        own: dict[str, Any] = {name: arrays[_PREFIX + name] for name in _TYPES}
        return cls(tokens, **own, calibration=calibration)

    def sound(self, texts: int) -> bool:
        """Tell whether no array leads outside another: what the kernels trust without looking again."""
        tokens, size = self.tokens, self.tokens.symbols.size
        return (
            all(typed(getattr(self, name), kind) for name, kind in _TYPES.items())
            and all(typed(getattr(tokens, name), kind) for name, kind in _TOKENS.items())
            and ladder(tokens.bounds, size)
            and len(tokens) == len(self)
            and size == tokens.values.size == tokens.starts.size == tokens.sizes.size == tokens.marks.size
            and bool((self.texts[1:] > self.texts[:-1]).all())
            and int(self.texts.max(initial=0)) < max(1, texts)
            and self.bits >= 1
            and self.directory.size == (1 << self.bits) + 1
            and ladder(self.directory, self.prints.size)
            and self.prints.size == self.rarity.size == self.begins.size - 1
            and ladder(self.begins, self.postings.size)
            and int(self.postings.max(initial=0)) < max(1, len(self))
        )


def _telling(runs: Runs) -> F32:
    """Return the share of tokens that begin a run that says something."""
    counts = np.concatenate([np.zeros(1, np.int64), np.cumsum(runs.keys > 0)])
    lengths = np.diff(runs.bounds)
    return (np.diff(counts[runs.bounds]) / np.maximum(lengths, 1)).astype(np.float32)


def _characters(tokens: Tokens, runs: Runs, first: int, count: int) -> tuple[int, int]:
    """Return the first and the last character of consecutive tokens of a view."""
    begin, last = int(runs.places[first]), int(runs.places[min(first + count, runs.places.size) - 1])
    return int(tokens.starts[begin]), int(tokens.starts[last]) + int(tokens.sizes[last])
