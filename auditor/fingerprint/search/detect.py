"""Search texts in an index: verdict, teacher, score and the shared spans, one row per text."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.domain.match import InsufficientReason, MatchVerdict
from auditor.errors import FingerprintError
from auditor.fingerprint.search.calibrate import Calibration, calibrate, identical
from auditor.fingerprint.search.candidates import CANDIDATES
from auditor.fingerprint.search.index_builder import select_words
from auditor.fingerprint.search.labels import label
from auditor.fingerprint.search.lanes import Lane
from auditor.fingerprint.search.near import near_columns, search_near
from auditor.fingerprint.search.ngrams import NgramIndex, join_words
from auditor.fingerprint.search.overlap_features import FEATURES, KINDS, WORDS, measure_all
from auditor.fingerprint.search.public_passages import Beside, Publics, judged_again
from auditor.fingerprint.search.reference_index import DEFAULT_RATE, ReferenceIndex
from auditor.fingerprint.search.score import LEAST, decidable, score, unsettled
from auditor.fingerprint.search.shapes import with_shapes
from auditor.fingerprint.search.slices import LENGTHS, slices
from auditor.fingerprint.search.spans import list_spans
from auditor.fingerprint.search.undisguised import search_again
from auditor.fingerprint.tokens.chunks import BATCH_BYTES, chunks
from auditor.fingerprint.tokens.words import F32, I32, I64, U32, Words, scan

SPAN = pa.struct(
    [(name, pa.int32()) for name in ("query_start", "query_end", "reference_start", "reference_end")]
)
SCHEMA = pa.schema(
    [
        ("verdict", pa.string()),
        ("teacher", pa.string()),
        ("teachers", pa.list_(pa.string())),
        ("family", pa.string()),
        ("score", pa.float32()),
        ("matched_chars", pa.int32()),
        ("spans", pa.list_(SPAN)),
        ("reference_id", pa.string()),
        ("undone", pa.list_(pa.string())),
        ("lane", pa.string()),
        ("reason", pa.string()),
        ("public", pa.list_(pa.string())),
    ]
)
"""Columns of a match table; spans in characters of the original texts; `undone` is what hid the text, `lane`
what found it, `reason` why nothing could be told, `public` who holds the passages that were left aside
(providers, and `public:` indexes)."""
_VERDICTS = pa.array(
    [str(one) for one in (MatchVerdict.COPIED, MatchVerdict.NO_MATCH, MatchVerdict.INSUFFICIENT)]
)
_EMPTY_LIST = pa.array([[]], pa.list_(pa.string()))
_UNTELLING = (InsufficientReason.FEW_WORDS, InsufficientReason.NOTHING_RARE)
_TELLING = 0.5
"""Share of a text's 3-grams that must be rare before a signature is asked: prompts are near their echoes."""
_REASONS = pa.array([str(one) for one in InsufficientReason])
_OF_REMAINS = 5
"""What remains of a copy without its public passages is asked at so many times the rate."""
_CALIBRATION_TEXTS, _SLICED_TEXTS = (6, 2_000, 20_000), (36, 500, 5_000)
"""One text in so many is searched whole, and in parts, but no fewer and no more than these: a calibration and
the estimate of recall cost about twice the build."""
_SHARES, _LEAST_BATCH = 6, 2**18
"""Batches per thread, so that none waits long for the last; none is smaller than so many bytes."""


def measure(index: NgramIndex, words: Words, excluded_groups: I64, groups: U32) -> tuple[I32, F32]:
    """Return the candidates of every text and their features; text i is searched without one group."""
    count = words.bounds.size - 1
    candidates = np.full((count, CANDIDATES), -1, np.int32)
    features = np.zeros((count, CANDIDATES, FEATURES), np.float32)
    parts = index.parts(groups)
    measure_all(words.bounds, words.ids, words.uninformative, excluded_groups, parts, candidates, features)
    return candidates, features


@dataclass(frozen=True, slots=True)
class NgramSearch:
    """The n-gram search of one index, as an audit asks it."""

    index: ReferenceIndex
    threads: int | None = None
    """Of one search, by default one a processor."""
    publics: Publics = field(default_factory=Publics)

    def detect(self, texts: pa.Array | pa.ChunkedArray, fpr: float) -> pa.Table:
        """Search every text; see `detect`."""
        return detect(self.index, texts, fpr, self.threads, self.publics)


def detect(
    index: ReferenceIndex,
    texts: pa.Array | pa.ChunkedArray,
    fpr: float = DEFAULT_RATE,
    threads: int | None = None,
    publics: Publics | None = None,
) -> pa.Table:
    """Search every text, in input order; one that may be disguised is searched as it reads undone, too.

    Args:
        texts: strings; null counts as empty.
        fpr: the expected share of innocent texts called copied.
        threads: how many batches are searched at a time, by default one a processor; the answer does not
            depend on it.
        publics: what is nobody's own beside the shipped public texts, and who provides which model; by
            default families stand for providers.

    Returns:
        a table of `SCHEMA`, one row per text.

    Raises:
        FingerprintError: the index has no thresholds.
    """
    if not index.calibrated:
        raise FingerprintError(
            "the index is not calibrated",
            where=str(index.path) if index.path else None,
            fix="run `auditor index calibrate`",
        )
    threads = threads or min(8, os.cpu_count() or 1)
    beside = (publics or Publics()).beside(index)

    def search(part: pa.Array) -> pa.RecordBatch:
        return _detect_part(beside, part, fpr)

    def search_as_it_is(some: pa.Array | pa.ChunkedArray) -> pa.Table:
        limit = min(BATCH_BYTES, max(_LEAST_BATCH, some.nbytes // (_SHARES * threads)))
        parts = [part for _, part in chunks(some, limit)]
        if threads < 2 or len(parts) < 2:
            return pa.Table.from_batches([search(part) for part in parts], SCHEMA)
        with ThreadPoolExecutor(threads) as pool:
            return pa.Table.from_batches(list(pool.map(search, parts)), SCHEMA)

    return search_again(search_as_it_is(texts), texts, index.ngrams.words, search_as_it_is)


def _detect_part(beside: Beside, texts: pa.Array, fpr: float) -> pa.RecordBatch:
    index, words = beside.index, scan(texts)

    def search(some: pa.Array, their_words: Words) -> pa.RecordBatch:
        rate = min(fpr * _OF_REMAINS, 0.5)
        return with_shapes(index, some, _by_lanes(index, some, their_words, rate), rate)

    found = with_shapes(index, texts, _by_lanes(index, texts, words, fpr), fpr)
    return judged_again(found, texts, words, beside, fpr, search)


def _by_lanes(index: ReferenceIndex, texts: pa.Array, words: Words, fpr: float) -> pa.RecordBatch:
    if index.calibration is None:
        return _by_signature(index, texts, words, fpr)
    found, telling = _by_grams(index, index.calibration, words, fpr)
    if index.near is None:
        return found
    told = pc.is_in(found["reason"], pa.array([str(one) for one in _UNTELLING]))
    open_ = ~np.asarray(pc.or_(told, pc.equal(found["verdict"], str(MatchVerdict.COPIED))).to_numpy(False))
    open_ &= telling
    if not open_.any():
        return found
    rows = np.flatnonzero(open_)
    more = _by_signature(index, texts.take(pa.array(rows)), select_words(words, open_), fpr)
    copied = np.asarray(pc.equal(more["verdict"], str(MatchVerdict.COPIED)).to_numpy(zero_copy_only=False))
    if not copied.any():
        return found
    places = np.arange(len(found))
    places[rows[copied]] = len(found) + np.flatnonzero(copied)
    both = pa.Table.from_batches([found, more]).take(pa.array(places)).combine_chunks()
    return both.to_batches()[0]


def _by_signature(index: ReferenceIndex, texts: pa.Array, words: Words, fpr: float) -> pa.RecordBatch:
    """Search in the MinHash lane."""
    near = search_near(index, texts, words, fpr)
    copied = near.chosen >= 0
    spans, bounds = _spans(index.ngrams, words, near.chosen.astype(np.int32))
    verdicts = np.where(copied, 0, np.where(near.enough, 1, 2))
    columns = near_columns(index, near) | {
        "verdict": _VERDICTS.take(pa.array(verdicts)),
        "score": pa.array(near.scores),
        "matched_chars": pa.array(_matched(spans, bounds), pa.int32()),
        "spans": _span_lists(spans, bounds),
        "undone": _empty_lists(len(texts)),
        "lane": _lane(Lane.MINHASH, copied),
        "reason": _reasons(np.where(near.shared, 2, 0), verdicts == 2),
        "public": _empty_lists(len(texts)),
    }
    return pa.RecordBatch.from_arrays([columns[name] for name in SCHEMA.names], schema=SCHEMA)


def _empty_lists(count: int) -> pa.Array:
    return _EMPTY_LIST.take(pa.array(np.zeros(count, np.int64)))


def _lane(lane: Lane, copied: NDArray[np.bool_]) -> pa.Array:
    return pa.array([str(lane)], pa.string()).take(pa.array(np.zeros(len(copied), np.int8), mask=~copied))


def _reasons(numbers: I64, insufficient: NDArray[np.bool_]) -> pa.Array:
    return _REASONS.take(pa.array(numbers, mask=~insufficient))


def _by_grams(
    index: ReferenceIndex, calibration: Calibration, words: Words, fpr: float
) -> tuple[pa.RecordBatch, NDArray[np.bool_]]:
    """Search by shared words; tell also of which texts enough is rare for another lane to judge."""
    count = words.bounds.size - 1
    candidates, features = measure(index.ngrams, words, np.full(count, -1, np.int64), index.ngrams.teachers)
    found = score(features, calibration.limits(fpr))
    scores = np.where(candidates >= 0, found, 0)
    best = scores.argmax(axis=1)
    rows = np.arange(count)
    top = scores[rows, best]
    enough = decidable(features)
    copied = enough & (top >= 1)
    chosen = np.where(copied, candidates[rows, best], -1).astype(np.int32)
    spans, bounds = _spans(index.ngrams, words, chosen)
    labels = label(index, candidates, scores, chosen)
    shared = enough & ~copied & unsettled(features)
    verdicts = np.where(copied, 0, np.where(enough & ~shared, 1, 2))
    reasons = np.where(shared, 2, np.where(features[:, 0, WORDS] < LEAST, 0, 1))
    telling = features[:, 0, KINDS] >= _TELLING * features[:, 0, WORDS]
    batch = pa.RecordBatch.from_arrays(
        [
            _VERDICTS.take(pa.array(verdicts)),
            labels.first,
            labels.teachers,
            labels.families,
            pa.array(np.where(enough, top, 0).astype(np.float32)),
            pa.array(_matched(spans, bounds), pa.int32()),
            _span_lists(spans, bounds),
            labels.references,
            _empty_lists(count),
            _lane(Lane.NGRAMS, copied),
            _reasons(reasons, verdicts == 2),
            _empty_lists(count),
        ],
        schema=SCHEMA,
    )
    return batch, telling


def _spans(index: NgramIndex, words: Words, chosen: I32) -> tuple[I64, I64]:
    bounds = np.zeros(words.bounds.size, np.int64)
    if not len(index):
        return np.zeros((0, 4), np.int64), bounds
    out = np.empty((max(1, words.hashes.size), 4), np.int64)
    references = (index.bounds, index.words, index.starts, index.sizes)
    total = list_spans(words.bounds, words.ids, words.starts, words.ends, chosen, references, out, bounds)
    # The spans of a text come last first.
    lengths = np.diff(bounds)
    order = np.repeat(bounds[:-1] + bounds[1:] - 1, lengths) - np.arange(total)
    return out[:total][order], bounds


def _matched(spans: I64, bounds: I64) -> I64:
    """Return how many characters of each text its spans cover."""
    totals = np.concatenate([np.zeros(1, np.int64), np.cumsum(spans[:, 1] - spans[:, 0])])
    result: I64 = totals[bounds[1:]] - totals[bounds[:-1]]
    return result


def _span_lists(spans: I64, bounds: I64) -> pa.ListArray:
    columns = [pa.array(spans[:, k].astype(np.int32)) for k in range(4)]
    structs = pa.StructArray.from_arrays(columns, fields=list(SPAN))
    return pa.ListArray.from_arrays(pa.array(bounds.astype(np.int32)), structs)


def calibrate_built_in(index: ReferenceIndex) -> Calibration:
    """Calibrate on the index's own texts, each searched without its teacher's family.

    With a single family there is no such text: then each is searched without itself alone.
    """
    grams = index.ngrams
    names = sorted(set(index.families))
    family = np.array([names.index(name) for name in index.families], np.uint32)[grams.teachers]
    groups = family if len(names) > 1 else np.arange(len(grams), dtype=np.uint32)
    chosen = sampled(np.arange(len(grams)), share_of(len(grams), _CALIBRATION_TEXTS))
    excluded = groups[chosen].astype(np.int64)
    return _calibrated(index, words_of(index, chosen), excluded, groups, "built-in")


def calibrate_with(index: ReferenceIndex, texts: pa.Array | pa.ChunkedArray) -> Calibration:
    """Calibrate on texts known not to be copies of the index."""
    words = join_words([scan(part) for _, part in chunks(texts)])
    nothing = np.full(words.bounds.size - 1, -1, np.int64)
    return _calibrated(index, words, nothing, index.ngrams.teachers, "user")


def _calibrated(
    index: ReferenceIndex, words: Words, excluded_groups: I64, groups: U32, source: str
) -> Calibration:
    """Calibrate on some texts and on parts of them; text i is searched without one group."""
    _, features = measure(index.ngrams, words, excluded_groups, groups)
    most = share_of(len(index) if source == "built-in" else len(features), _SLICED_TEXTS)
    chosen = sampled(np.flatnonzero(~identical(features)), most)
    kept = np.isin(np.arange(len(features)), chosen)
    excluded_groups = excluded_groups[kept]
    parts: list[list[F32]] = [[] for _ in range(2 * len(LENGTHS))]
    for number, part, rows in slices(select_words(words, kept)):
        parts[number].append(measure(index.ngrams, part, excluded_groups[rows], groups)[1])
    of_parts = [np.concatenate(part) for part in parts if part]
    return calibrate(features, source, len(index.teachers), of_parts)


def share_of(texts: int, bounds: tuple[int, int, int]) -> int:
    """Return one in so many of some texts, but no fewer and no more than the bounds say."""
    one_in, least, most = bounds
    return min(most, max(least, texts // one_in))


def sampled(numbers: I64, most: int) -> I64:
    """Return some numbers at most, in order; the same numbers give the same."""
    if numbers.size <= most:
        return numbers
    chosen: I64 = np.sort(np.random.default_rng(0).choice(numbers, most, replace=False))
    return chosen


def words_of(index: ReferenceIndex, chosen: I64) -> Words:
    """Return the words of some of an index's own texts."""
    grams = index.ngrams
    lengths = np.diff(grams.bounds)[chosen]
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    places = np.repeat(grams.bounds[:-1][chosen] - bounds[:-1], lengths) + np.arange(bounds[-1])
    hashes = grams.words[places].astype(np.uint64) << np.uint64(32)
    ends = grams.starts[places] + grams.sizes[places]
    return Words(bounds, hashes, grams.starts[places], ends, index.uninformative[places])
