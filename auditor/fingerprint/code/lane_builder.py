"""Collect the code of reference texts and of prompts, then build the code lane of an index."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.fingerprint.code.commonplace import commonplace
from auditor.fingerprint.code.lane import CodeLane
from auditor.fingerprint.code.tokens import Tokens, join_tokens, scan
from auditor.fingerprint.code.views import runs_of
from auditor.fingerprint.tokens.words import I64, U32, U64

LONGEST_LIST = 512
"""Texts listed of one run; more of them count as teachers, but are not found by it."""


@dataclass(slots=True)
class CodeBuilder:
    """Collect tokens of the texts that have code, in the order of the index."""

    _tokens: list[Tokens] = field(default_factory=list)
    _texts: list[I64] = field(default_factory=list)
    _prompts: list[U64] = field(default_factory=list)
    _count: int = 0

    def add(self, texts: pa.Array) -> None:
        """Add the next texts of the index."""
        tokens = scan(texts)
        rows = np.flatnonzero(np.diff(tokens.bounds))
        if rows.size:
            self._tokens.append(tokens if rows.size == len(texts) else tokens.take(rows))
            self._texts.append(rows + self._count)
        self._count += len(texts)

    def include(self, lane: CodeLane | None, texts: int) -> None:
        """Add the lane of an index of so many texts."""
        if lane is not None:
            self._tokens.append(lane.tokens)
            self._texts.append(lane.texts.astype(np.int64) + self._count)
            self._prompts.append(lane.prompts)
        self._count += texts

    def keep(self, chosen: NDArray[np.bool_]) -> None:
        """Leave all texts out but the chosen ones."""
        texts = np.concatenate([np.zeros(0, np.int64), *self._texts])
        left = chosen[texts]
        self._tokens = [join_tokens(self._tokens).take(np.flatnonzero(left))]
        self._texts = [(np.cumsum(chosen) - 1)[texts[left]]]
        self._count = int(chosen.sum())

    def add_prompts(self, texts: pa.Array) -> None:
        """Add prompts: their runs will weigh nothing."""
        tokens = scan(texts)
        self._prompts.extend(np.unique(runs.keys) for runs in runs_of(tokens))

    def build(self, teachers: U32) -> CodeLane | None:
        """Build the lane, uncalibrated; None where no text has code.

        Args:
            teachers: uint32[D], the teacher of each text of the index.
        """
        texts = np.concatenate([np.zeros(0, np.int64), *self._texts])
        if not texts.size:
            return None
        tokens = join_tokens(self._tokens)
        prompts = np.unique(np.concatenate([np.zeros(0, np.uint64), *self._prompts]))
        weightless = np.union1d(prompts, commonplace())
        keys, owners = _distinct_runs(tokens)
        found = _Table.of(keys, owners, teachers[texts], weightless[weightless > 0])
        return CodeLane(
            tokens,
            texts.astype(np.uint32),
            found.directory,
            found.prints,
            found.rarity,
            found.begins,
            found.postings,
            prompts[prompts > 0],
        )


def _distinct_runs(tokens: Tokens) -> tuple[U64, U32]:
    """Return the runs of all views with the place of their text, sorted, each once a text."""
    views = runs_of(tokens)
    keys = np.concatenate([runs.keys for runs in views])
    places = np.arange(len(tokens), dtype=np.uint32)
    owners = np.concatenate([np.repeat(places, np.diff(runs.bounds)) for runs in views])
    keys, owners = keys[keys > 0], owners[keys > 0]
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order]
    fresh = np.ones(keys.size, np.bool_)
    fresh[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
    return keys[fresh], owners[fresh]


@dataclass(frozen=True, slots=True)
class _Table:
    directory: U32
    prints: U32
    rarity: NDArray[np.uint16]
    begins: U32
    postings: U32

    @classmethod
    def of(cls, keys: U64, owners: U32, teachers: U32, prompts: U64) -> _Table:
        """Group runs by their hash; those of prompts are listed without texts and weigh nothing."""
        held = ~np.isin(keys, prompts)
        real = np.concatenate([np.ones(int(held.sum()), np.bool_), np.zeros(prompts.size, np.bool_)])
        keys, owners = np.concatenate([keys[held], prompts]), np.concatenate([owners[held], prompts * 0])
        order = np.argsort(keys, kind="stable")
        real, keys, owners = real[order], keys[order], owners[order].astype(np.uint32)
        unique, first, counts = np.unique(keys, return_index=True, return_counts=True)
        number = np.repeat(np.arange(unique.size), counts)
        listed = real & (np.arange(keys.size) - first[number] < LONGEST_LIST)
        most = int(teachers.max(initial=0)) + 1
        pairs = np.unique(number[real] * most + teachers[owners[real]])
        rarity = np.minimum(np.bincount(pairs // most, minlength=unique.size), 65535)
        sizes = np.bincount(number[listed], minlength=unique.size)
        bits = max(1, int(unique.size).bit_length() - 1)
        tops = (unique >> np.uint64(64 - bits)).astype(np.int64)
        return cls(
            np.searchsorted(tops, np.arange((1 << bits) + 1)).astype(np.uint32),
            (unique & np.uint64(0xFFFFFFFF)).astype(np.uint32),
            rarity.astype(np.uint16),
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.uint32),
            owners[listed],
        )
