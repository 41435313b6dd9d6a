"""Judge copied texts again without the passages that are nobody's own.

A passage is nobody's own where a public text holds it, or where the texts of three providers in the index do.
What remains of a text decides: it is copied by that, or it is `public-text`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.domain.match import InsufficientReason, MatchVerdict
from auditor.domain.sample import WORK
from auditor.fingerprint.minhash.shingles import low_bytes
from auditor.fingerprint.search.index_builder import select_words
from auditor.fingerprint.search.ngrams import limit_of
from auditor.fingerprint.search.providers import ProviderOf, Providers, nobody_knows, providers
from auditor.fingerprint.search.public_marks import PROVIDERS, mark_shared
from auditor.fingerprint.search.public_texts import PublicTexts, shipped
from auditor.fingerprint.search.reference_index import ReferenceIndex
from auditor.fingerprint.tokens.words import I64, U8, U32, U64, Words

_STEP = np.uint64(0x9E3779B97F4A7C15)
Search = Callable[[pa.Array, Words], pa.RecordBatch]
"""Searches texts, given with their words."""


@dataclass(frozen=True, slots=True)
class Publics:
    """What is asked beside an index: the public texts, and who provides which model.

    Attributes:
        texts: those that are nobody's own; by default the shipped ones.
    """

    texts: tuple[PublicTexts, ...] = field(default_factory=lambda: (shipped(),))
    provider_of: ProviderOf = nobody_knows

    def beside(self, index: ReferenceIndex) -> Beside:
        """Return what is asked beside one index."""
        return Beside(index, self, providers(index.teachers, index.families, self.provider_of))


@dataclass(frozen=True, slots=True)
class Beside:
    """An index with its providers and the public texts."""

    index: ReferenceIndex
    publics: Publics
    known: Providers

    def passages(
        self, texts: pa.Array, rows: I64, words: Words, fpr: float
    ) -> tuple[U8, dict[int, list[str]]]:
        """Mark the words of some texts that are nobody's own, and name who holds them, by text."""
        marks, ids = np.zeros(words.hashes.size, np.uint8), words.ids
        found: U64 = np.zeros(len(rows), np.uint64)
        self._mark_shared(rows, words.bounds, ids, marks, found)
        self._mark_near(texts, rows, words, fpr, marks, found)
        holders = {int(rows[at]): self.known.named(int(found[at])) for at in np.flatnonzero(found)}
        for public in self.publics.texts:
            for row in rows[public.mark(rows, words.bounds, ids, marks) > 0].tolist():
                holders.setdefault(row, []).append(f"public:{public.name}")
        return marks, holders

    def _mark_shared(self, rows: I64, bounds: I64, ids: U32, marks: U8, found: U64) -> None:
        grams = self.index.ngrams
        if len(self.known.names) < PROVIDERS or not len(grams):
            return
        top, scratch = limit_of(grams.scale), np.empty(ids.size, np.uint64)
        table, bits = grams.long.parts(), self.known.bits
        mark_shared(rows, bounds, ids, table, grams.teachers, bits, top, scratch, marks, found)

    def _mark_near(self, texts: pa.Array, rows: I64, words: Words, fpr: float, marks: U8, found: U64) -> None:
        """Mark whole texts that texts of enough providers are near to: a signature knows no passages."""
        lane = self.index.near
        if lane is None or lane.calibration is None or len(self.index.ngrams):
            return
        if len(self.known.names) < PROVIDERS:
            return
        threshold = lane.calibration.threshold(fpr)
        chosen = np.zeros(len(texts), np.bool_)
        chosen[rows] = True
        slots, _ = low_bytes(texts.take(pa.array(rows)), select_words(words, chosen), lane.spec)
        pairs = lane.query(slots, threshold)
        for at in np.unique(pairs.queries).tolist():
            entries = pairs.entries[(pairs.queries == at) & (pairs.similarities >= threshold)].tolist()
            numbers = [self.index.text_teachers[lane.texts_of(entry)] for entry in entries]
            met = np.unique(np.concatenate(numbers)).tolist() if numbers else []
            bits = self.known.of_teachers(met)
            if bits.bit_count() >= PROVIDERS:
                found[at] |= np.uint64(bits)
                marks[words.bounds[rows[at]] : words.bounds[rows[at] + 1]] = 1


def judged_again(
    found: pa.RecordBatch, texts: pa.Array, words: Words, beside: Beside, fpr: float, search: Search
) -> pa.RecordBatch:
    """Return the matches of texts, those that are copied or share a passage judged by what remains of them.

    Args:
        found: a match for each text.
        fpr: the rate that was searched at.
    """
    copied = pc.equal(found["verdict"], str(MatchVerdict.COPIED))
    shared = pc.fill_null(pc.equal(found["reason"], str(InsufficientReason.SHARED_PASSAGE)), False)
    asked = np.asarray(pc.or_(copied, shared).to_numpy(zero_copy_only=False))
    if not asked.any():
        return found
    rows = np.flatnonzero(asked & ~_of_works(found["teachers"]))
    marks, holders = beside.passages(texts, rows, words, fpr)
    if not holders:
        return found
    touched = np.array(sorted(holders), np.int64)
    chosen = np.zeros(len(found), np.bool_)
    chosen[touched] = True
    marks, mine = marks[np.repeat(chosen, np.diff(words.bounds))], select_words(words, chosen)
    more = search(_cut(texts.take(pa.array(touched)), mine, marks), _without(mine, marks)).to_pylist()
    lines = [
        _line(match, holders[row], spans)
        for match, row, spans in zip(more, touched.tolist(), _stretches(mine, marks), strict=True)
    ]
    places = np.arange(len(found))
    places[touched] = len(found) + np.arange(len(lines))
    both = pa.Table.from_batches([found, pa.RecordBatch.from_pylist(lines, schema=found.schema)])
    return both.take(pa.array(places)).combine_chunks().to_batches()[0]


def _of_works(teachers: pa.ListArray) -> NDArray[np.bool_]:
    """Tell which texts a registered work is among the best matches of: who registered it said whose it is."""
    labels = teachers.flatten()
    known = labels.dictionary_encode()
    works = [label[: len(WORK)].casefold() == WORK for label in known.dictionary.to_pylist()]
    found = np.zeros(len(teachers), np.bool_)
    if any(works):
        flags = np.array(works)[known.indices.to_numpy(zero_copy_only=False)]
        found[np.repeat(np.arange(len(teachers)), teachers.value_lengths().to_numpy())[flags]] = True
    return found


def _begins(marks: U8, words: Words) -> NDArray[np.bool_]:
    """Tell the words that begin a marked stretch."""
    before = np.concatenate([np.zeros(1, np.uint8), marks[:-1]])
    before[words.bounds[:-1][words.bounds[:-1] < marks.size]] = 0
    begins: NDArray[np.bool_] = (marks > 0) & (before == 0)
    return begins


def _without(words: Words, marks: U8) -> Words:
    """Return words with a word that nobody ever wrote in the place of each marked stretch."""
    begins = _begins(marks, words)
    hashes = np.where(begins, _STEP * np.arange(1, marks.size + 1, dtype=np.uint64), words.hashes)
    informative = np.where(begins, 0, words.uninformative).astype(np.uint8)
    keep = (marks == 0) | begins
    left = np.concatenate([np.zeros(1, np.int64), np.cumsum(keep, dtype=np.int64)])
    return Words(left[words.bounds], hashes[keep], words.starts[keep], words.ends[keep], informative[keep])


def _stretches(words: Words, marks: U8) -> Iterator[list[tuple[int, int]]]:
    """Yield the marked stretches of each text, in its characters."""
    begins = np.flatnonzero(_begins(marks, words))
    after = np.concatenate([marks[1:], np.zeros(1, np.uint8)])
    after[words.bounds[1:][words.bounds[1:] > 0] - 1] = 0
    ends = np.flatnonzero((marks > 0) & (after == 0))
    places = np.searchsorted(begins, words.bounds)
    starts, stops = words.starts[begins].tolist(), words.ends[ends].tolist()
    for begin, end in zip(places[:-1].tolist(), places[1:].tolist(), strict=True):
        yield list(zip(starts[begin:end], stops[begin:end], strict=True))


def _cut(texts: pa.Array, words: Words, marks: U8) -> pa.Array:
    """Return texts without their marked stretches, for signatures that are made of characters."""
    left = []
    for text, stretches in zip(texts.to_pylist(), _stretches(words, marks), strict=True):
        at, pieces = 0, []
        for begin, end in stretches:
            pieces.append(text[at:begin])
            at = end
        left.append("\n".join([*pieces, text[at:]]))
    return pa.array(left, texts.type)


def _line(match: dict[str, Any], holders: list[str], stretches: list[tuple[int, int]]) -> dict[str, Any]:
    if match["verdict"] == str(MatchVerdict.COPIED) or match["reason"] == InsufficientReason.SHARED_PASSAGE:
        # What remains is a copy, or too short to tell one: the public passages clear neither.
        return match | {"public": holders}
    nowhere = {"reference_start": None, "reference_end": None}
    spans = [{"query_start": begin, "query_end": end} | nowhere for begin, end in stretches]
    covered = sum(end - begin for begin, end in stretches)
    verdict = str(MatchVerdict.PUBLIC)
    told = {"verdict": verdict, "reason": None, "public": holders, "spans": spans, "matched_chars": covered}
    return match | told
