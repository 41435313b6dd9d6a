"""Search the teacher text of a batch in every index and bring the answers back to rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.domain.match import MatchVerdict
from auditor.provenance.interface import Detected

MATCH_FIELDS = [
    pa.field("match", pa.string()),
    pa.field("match_teacher", pa.string()),
    pa.field("match_score", pa.float32()),
    pa.field("matched_chars", pa.int32()),
    pa.field(
        "spans",
        pa.list_(
            pa.struct(
                [(n, pa.int32()) for n in ("query_start", "query_end", "reference_start", "reference_end")]
            )
        ),
    ),
    pa.field("reference_id", pa.string()),
    pa.field("match_slot", pa.string()),
]
_INSUFFICIENT, _NO_MATCH, _COPIED = 0, 1, 2
_CODES = {
    MatchVerdict.INSUFFICIENT: _INSUFFICIENT,
    MatchVerdict.NO_MATCH: _NO_MATCH,
    MatchVerdict.COPIED: _COPIED,
}
_NAMES = pa.array([str(v) for v in _CODES])


class SearchIndex(Protocol):
    """What a search needs of an index; `auditor.fingerprint.search.detect.NgramSearch` is one."""

    def detect(self, texts: pa.Array | pa.ChunkedArray, fpr: float) -> pa.Table:
        """Return one row of verdict and evidence per text."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copied part repeats: the label and reference matched, and where in the reference."""

    index: str
    teacher: str
    labels: tuple[str, ...]
    reference: str
    stretches: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class RowMatches:
    """The search's answer on the rows of one batch.

    Attributes:
        codes: int8[rows], -1 where no index was searched, else the best verdict of the row's parts.
        detected: the copied parts by row.
        best: the strongest copied part by row, as columns of a match table plus `slot`.
        copies: what every copied part repeats, by row.
    """

    codes: NDArray[np.int8]
    detected: dict[int, list[Detected]] = field(default_factory=dict)
    best: dict[int, dict[str, Any]] = field(default_factory=dict)
    copies: dict[int, list[Copy]] = field(default_factory=dict)

    def count(self, verdict: MatchVerdict) -> int:
        """Return how many rows came to `verdict`."""
        return int((self.codes == _CODES[verdict]).sum())

    @property
    def searched(self) -> int:
        """Return how many rows were searched."""
        return int((self.codes >= 0).sum())

    def columns(self) -> list[pa.Array]:
        """Return the match columns of `MATCH_FIELDS`, one value per row."""
        rows = len(self.codes)
        verdicts = _NAMES.take(pa.array(self.codes, mask=self.codes < 0, type=pa.int8()))
        keys = ("teacher", "score", "matched_chars", "spans", "reference_id", "slot")
        blank: list[Any] = [None] * rows
        columns = [verdicts]
        for key, kind in zip(keys, (f.type for f in MATCH_FIELDS[1:]), strict=True):
            values = blank.copy()
            for row, found in self.best.items():
                values[row] = found[key]
            columns.append(pa.array(values, kind))
        return columns


def search(
    indexes: Sequence[tuple[str, SearchIndex]], parts: pa.Table | pa.RecordBatch, rows: int, fpr: float
) -> RowMatches:
    """Search the parts of a batch.

    Args:
        indexes: name and index, in the order of the command line.
        parts: columns row_index (int32), slot (string), text (string); teacher text only.
        rows: how many rows the batch has; a row without teacher text is insufficient.
        fpr: the expected share of innocent texts called copied.
    """
    if not indexes:
        return RowMatches(np.full(rows, -1, np.int8))
    answer = RowMatches(np.zeros(rows, np.int8))
    at = parts.column("row_index").to_numpy(zero_copy_only=False)
    for name, index in indexes:
        table = index.detect(parts.column("text"), fpr)
        codes = _codes(table)
        np.maximum.at(answer.codes, at, codes)
        hits = np.flatnonzero(codes == _COPIED)
        if len(hits):
            _collect(answer, name, at, parts.column("slot"), table, hits)
    return answer


def _codes(table: pa.Table) -> NDArray[np.int8]:
    verdicts = table.column("verdict").combine_chunks().dictionary_encode()
    codes = np.array([_CODES[MatchVerdict(v)] for v in verdicts.dictionary.to_pylist()] or [0], np.int8)
    taken: NDArray[np.int8] = codes[verdicts.indices.to_numpy(zero_copy_only=False)]
    return taken


def _collect(
    answer: RowMatches,
    name: str,
    at: NDArray[np.int32],
    slots: pa.ChunkedArray | pa.Array,
    table: pa.Table,
    hits: NDArray[np.intp],
) -> None:
    places = pa.array(hits)
    found = table.take(places).to_pylist()
    for row, slot, match in zip(at[hits].tolist(), slots.take(places).to_pylist(), found, strict=True):
        labels = tuple(match["teachers"] or (match["teacher"],))
        answer.detected.setdefault(row, []).append(Detected(slot or "", match["teacher"], labels, name))
        stretches = tuple((span["reference_start"], span["reference_end"]) for span in match["spans"] or ())
        copied = Copy(name, match["teacher"], labels, match["reference_id"] or "", stretches)
        answer.copies.setdefault(row, []).append(copied)
        if row not in answer.best or match["score"] > answer.best[row]["score"]:
            answer.best[row] = match | {"slot": slot}
