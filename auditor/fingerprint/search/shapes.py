"""Search the code of texts in the code lane of an index, and say what the other lanes cannot.

A text that is code throughout is `copied` only if its code bears that out: what everybody writes so is
`insufficient`, however many words it shares with one teacher's.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.domain.match import InsufficientReason, MatchVerdict
from auditor.fingerprint.code.code_calibration import CodeCalibration, calibrate_code
from auditor.fingerprint.code.lane import CodeLane, Shared
from auditor.fingerprint.code.table import CANDIDATES
from auditor.fingerprint.code.tokens import Tokens, kinds_of, scan
from auditor.fingerprint.code.triage import FENCED, NOTHING, WHOLE
from auditor.fingerprint.search.lanes import Lane
from auditor.fingerprint.search.reference_index import ReferenceIndex
from auditor.fingerprint.tokens.chunks import chunks
from auditor.fingerprint.tokens.words import F32, U8, U32

SHORT = 48
"""Tokens; code throughout of fewer is too short to tell, whatever else is in it."""
BORNE_OUT = 0.5
"""Of the threshold: what the words of a text that is code throughout need of its code to count."""
_TELLING = 0.4
"""Share of a text's tokens that must begin a run that says something for the text to be code."""
_TIE = 0.02
_CALIBRATION_TEXTS = 20_000
_COPIED, _OPEN = str(MatchVerdict.COPIED), str(MatchVerdict.INSUFFICIENT)


def with_shapes(index: ReferenceIndex, texts: pa.Array, found: pa.RecordBatch, fpr: float) -> pa.RecordBatch:
    """Return what was found of texts, with what their code says.

    Args:
        found: matches by words, of `detect.SCHEMA`.
    """
    lane = index.code
    if lane is None or lane.calibration is None:
        return found
    kinds = kinds_of(texts)
    verdicts = np.array(found["verdict"].to_pylist(), object)
    whole = (kinds == WHOLE) | _fenced_whole(texts, kinds)
    rows = np.flatnonzero(whole | ((kinds != NOTHING) & (verdicts != _COPIED)))
    if not rows.size:
        return found
    tokens = scan(texts.take(pa.array(rows)), kinds[rows])
    threshold = lane.calibration.threshold(fpr)
    shared = lane.measure(tokens, _teachers(index, lane))
    scores = shared.scores.max(axis=(1, 2)) / np.float32(threshold)
    short = np.diff(tokens.bounds) < SHORT
    code = whole[rows] & ((shared.telling >= _TELLING) | short)
    said = verdicts[rows] == _COPIED
    copied = ~said & (scores >= 1)
    enough = shared.reach >= threshold
    unborne = scores < np.where(short, 1, BORNE_OUT)
    open_ = code & ~copied & np.where(said, unborne, ~enough)
    lines = {
        at: _match(index, lane, tokens, shared, at, float(scores[at]))
        for at in np.flatnonzero(copied).tolist()
    }
    passage = said | (
        np.array(found["reason"].to_pylist(), object)[rows] == InsufficientReason.SHARED_PASSAGE
    )
    lines |= {at: _nothing(bool(passage[at])) for at in np.flatnonzero(open_).tolist()}
    if not lines:
        return found
    more = pa.RecordBatch.from_pylist([lines[at] for at in sorted(lines)], schema=found.schema)
    places = np.arange(len(found))
    places[rows[sorted(lines)]] = len(found) + np.arange(len(lines))
    both = pa.Table.from_batches([found, more]).take(pa.array(places)).combine_chunks()
    return both.to_batches()[0]


def _fenced_whole(texts: pa.Array, kinds: U8) -> NDArray[np.bool_]:
    """Tell texts that are one fenced block and nothing else."""
    whole = np.zeros(len(texts), np.bool_)
    for row in np.flatnonzero(kinds == FENCED).tolist():
        text = texts[row].as_py().strip()
        fence = text[:3]
        whole[row] = fence in ("```", "~~~") and text.endswith(fence) and text.count(f"\n{fence}") == 1
    return whole


def _teachers(index: ReferenceIndex, lane: CodeLane) -> U32:
    return np.ascontiguousarray(index.text_teachers[lane.texts])


def _nothing(passage: bool) -> dict[str, Any]:
    """Return what says nothing; what shares a passage with a reference is not cleared by anything else."""
    reason = InsufficientReason.SHARED_PASSAGE if passage else InsufficientReason.NOTHING_RARE
    lists: dict[str, Any] = {"teachers": [], "spans": [], "undone": [], "public": []}
    return {"verdict": _OPEN, "score": 0.0, "matched_chars": 0, "reason": str(reason), **lists}


def _match(
    index: ReferenceIndex, lane: CodeLane, tokens: Tokens, shared: Shared, row: int, score: float
) -> dict[str, Any]:
    """Return the match of one text that was copied."""
    view = int(shared.scores[row].max(axis=1).argmax())
    line, places = shared.scores[row, view], shared.candidates[row, view]
    tied = places[(line >= line[0] * (1 - _TIE)) & (places >= 0)].tolist()
    if len(tied) == CANDIDATES:
        tied = [*tied, *(twin for place in tied for twin in lane.twins(place))]
    texts = lane.texts[tied]
    numbers = list(dict.fromkeys(index.text_teachers[texts].tolist()))
    families = {index.families[number] for number in numbers}
    spans = lane.spans(tokens, row, tied[0], view)
    names = ("query_start", "query_end", "reference_start", "reference_end")
    return {
        "verdict": _COPIED,
        "teacher": index.teachers[numbers[0]],
        "teachers": [index.teachers[number] for number in numbers],
        "family": min(families) if len(families) == 1 else None,
        "score": score,
        "matched_chars": sum(span[1] - span[0] for span in spans),
        "spans": [dict(zip(names, span, strict=True)) for span in spans],
        "reference_id": index.reference_id(int(texts[0])),
        "undone": [],
        "lane": str(Lane.CODE),
        "public": [],
    }


def calibrate_shapes(index: ReferenceIndex, lane: CodeLane) -> CodeCalibration:
    """Calibrate on the lane's own code, each text searched without its teacher's family.

    With a single family there is no such text: then each is searched without itself alone.
    """
    names = sorted(set(index.families))
    family: U32 = np.array([names.index(name) for name in index.families], np.uint32)
    teachers = _teachers(index, lane)
    groups = family[teachers] if len(names) > 1 else np.arange(len(lane), dtype=np.uint32)
    chosen = np.arange(len(lane))
    if len(lane) > _CALIBRATION_TEXTS:
        chosen = np.sort(np.random.default_rng(0).choice(len(lane), _CALIBRATION_TEXTS, replace=False))
    tokens = lane.tokens.take(chosen)
    shared = lane.measure(tokens, teachers, groups[chosen].astype(np.int64), groups)
    return calibrate_code(shared.scores.max(axis=(1, 2)), shared.wording, "built-in")


def calibrate_shapes_with(
    index: ReferenceIndex, lane: CodeLane, texts: pa.Array | pa.ChunkedArray
) -> CodeCalibration:
    """Calibrate on texts known not to be copies."""
    scores: list[F32] = [np.zeros(0, np.float32)]
    for _, part in chunks(texts):
        tokens = scan(part)
        coded = tokens.take(np.flatnonzero(np.diff(tokens.bounds)))
        scores.append(lane.measure(coded, _teachers(index, lane)).scores.max(axis=(1, 2)))
    best = np.concatenate(scores)
    return calibrate_code(best, np.zeros(best.size, np.float32), "user")
