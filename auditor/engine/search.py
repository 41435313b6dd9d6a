"""Search the teacher text of a batch in every index and bring the answers back to rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.domain.match import InsufficientReason, MatchVerdict
from auditor.engine.part_texts import PartTexts
from auditor.provenance.interface import Detected
from auditor.provenance.origins import Detections
from auditor.provenance.sequences import number_sequences

_SPANS = pa.list_(
    pa.struct(
        [(name, pa.int32()) for name in ("query_start", "query_end", "reference_start", "reference_end")]
    )
)
MATCH_FIELDS = [
    pa.field("match", pa.string()),
    pa.field("match_teacher", pa.string()),
    pa.field("match_score", pa.float32()),
    pa.field("matched_chars", pa.int32()),
    pa.field("spans", _SPANS),
    pa.field("reference_id", pa.string()),
    pa.field("match_slot", pa.string()),
    pa.field("public", pa.list_(pa.string())),
]
HIT_SCHEMA = pa.schema(
    [
        ("row", pa.int32()),
        ("index", pa.string()),
        ("slot", pa.string()),
        ("teacher", pa.string()),
        ("teachers", pa.list_(pa.string())),
        ("score", pa.float32()),
        ("matched_chars", pa.int32()),
        ("spans", _SPANS),
        ("reference_id", pa.string()),
        ("lane", pa.string()),
    ]
)
"""A copied part: its row in the batch, the index that knows it, and what that index says of it."""
ASIDE_SCHEMA = pa.schema(
    [("row", pa.int32()), ("slot", pa.string()), ("public", pa.list_(pa.string())), ("chars", pa.int32())]
)
"""A part with passages that are nobody's own: its row, who holds them, and in a `public-text` how much."""
_BY_FIELD = ("teacher", "score", "matched_chars", "spans", "reference_id", "slot")
"""The columns of hits that `MATCH_FIELDS` shows, in its order, after the verdict."""
_INSUFFICIENT, _NO_MATCH, _PUBLIC, _SHARED, _UNREADABLE, _COPIED = 0, 1, 2, 3, 4, 5
"""Of several parts of a row the highest stands: one that could not be read before one without a match, and so
one that shares a passage with a reference, which is insufficient too."""
_CODES = {
    MatchVerdict.INSUFFICIENT: _INSUFFICIENT,
    MatchVerdict.NO_MATCH: _NO_MATCH,
    MatchVerdict.PUBLIC: _PUBLIC,
    MatchVerdict.UNREADABLE: _UNREADABLE,
    MatchVerdict.COPIED: _COPIED,
}
_BY_CODE = {code: verdict for verdict, code in _CODES.items()} | {_SHARED: MatchVerdict.INSUFFICIENT}
_NAMES = pa.array([str(_BY_CODE[code]) for code in range(len(_BY_CODE))])


class SearchIndex(Protocol):
    """What a search needs of an index; `auditor.fingerprint.search.detect.NgramSearch` is one."""

    def detect(self, texts: pa.Array | pa.ChunkedArray, fpr: float) -> pa.Table:
        """Return one row of verdict and evidence per text."""


@dataclass(slots=True)
class RowMatches:
    """The search's answer on the rows of one batch.

    Attributes:
        codes: int8[rows], -1 where no index was searched, else the best verdict of the row's parts.
        hits: every copied part, after `HIT_SCHEMA`, in the order of the indexes.
        decided: of each part, whether it was searched and long enough to tell; empty without an index.
        aside: every part with passages that are nobody's own, after `ASIDE_SCHEMA`.
    """

    codes: NDArray[np.int8]
    hits: pa.Table = field(default_factory=HIT_SCHEMA.empty_table)
    decided: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    aside: pa.Table = field(default_factory=ASIDE_SCHEMA.empty_table)

    def count(self, verdict: MatchVerdict) -> int:
        """Return how many rows came to `verdict`."""
        return len(self.rows_of(verdict))

    def rows_of(self, verdict: MatchVerdict) -> NDArray[np.int64]:
        """Return the rows that came to `verdict`."""
        shared = (self.codes == _SHARED) & (verdict is MatchVerdict.INSUFFICIENT)
        return np.flatnonzero((self.codes == _CODES[verdict]) | shared)

    @property
    def searched(self) -> int:
        """Return how many rows were searched."""
        return int((self.codes >= 0).sum())

    @property
    def detections(self) -> Detections:
        """Return the copied parts by row; what is the same in several parts is one object."""
        columns = [_codes_of(self.hits.column(name)) for name in ("slot", "teacher", "index")]
        labels = self.hits.column("teachers").combine_chunks()
        lengths = labels.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
        bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
        lists = number_sequences(bounds, _codes_of(labels.flatten()))
        table = np.stack([*columns, lists], axis=1)
        keys = number_sequences(np.arange(len(table) + 1) * table.shape[1], table.reshape(-1))
        first = np.unique(keys, return_index=True)[1]
        kinds = self.hits.take(pa.array(first)).select(["slot", "teacher", "teachers", "index"]).to_pylist()
        found = [
            Detected(
                one["slot"] or "", one["teacher"], tuple(one["teachers"] or (one["teacher"],)), one["index"]
            )
            for one in kinds
        ]
        return Detections(self.hits.column("row").to_numpy(), keys, found)

    def best(self) -> NDArray[np.int64]:
        """Return the place of each row's strongest hit, of equal ones the first; -1 where there is none."""
        places = np.full(len(self.codes), -1, np.int64)
        rows = self.hits.column("row").to_numpy()
        # Later entries overwrite earlier ones: the weakest first, of equal scores the last first.
        order = np.lexsort((-np.arange(len(rows)), self.hits.column("score").to_numpy()))
        places[rows[order]] = order
        return places

    def columns(self, best: NDArray[np.int64] | None = None) -> list[pa.Array]:
        """Return the match columns of `MATCH_FIELDS`, one value per row.

        Args:
            best: of `best`, where it is known already.
        """
        if not len(self.hits):
            rows = len(self.codes)
            nothing = (pa.nulls(rows, field.type) for field in MATCH_FIELDS[1:-1])
            return [self._verdicts(), *nothing, self._held_by()]
        best = self.best() if best is None else best
        at = pa.array(best, mask=best < 0)
        taken = (self.hits.column(name).combine_chunks().take(at) for name in _BY_FIELD)
        return [self._verdicts(), *taken, self._held_by()]

    def holders(self) -> dict[int, list[str]]:
        """Return who holds the passages of each row that are nobody's own, each once."""
        found: dict[int, dict[str, None]] = {}
        columns = (self.aside.column(name).to_pylist() for name in ("row", "public"))
        for row, names in zip(*columns, strict=True):
            found.setdefault(row, {}).update(dict.fromkeys(names))
        return {row: list(names) for row, names in found.items()}

    def _held_by(self) -> pa.Array:
        rows, kind = len(self.codes), MATCH_FIELDS[-1].type
        if not len(self.aside):
            return pa.nulls(rows, kind)
        held = self.holders()
        return pa.array([held.get(row) for row in range(rows)], kind)

    def _verdicts(self) -> pa.StringArray:
        return _NAMES.take(pa.array(self.codes, mask=self.codes < 0, type=pa.int8()))


def search(indexes: Sequence[tuple[str, SearchIndex]], texts: PartTexts, rows: int, fpr: float) -> RowMatches:
    """Search the texts of a batch.

    Args:
        indexes: name and index, in the order of the command line.
        texts: teacher text only.
        rows: how many rows the batch has; a row without teacher text is insufficient.
        fpr: the expected share of innocent texts called copied.
    """
    if not indexes:
        return RowMatches(np.full(rows, -1, np.int8))
    codes, hits, aside = np.zeros(rows, np.int8), [], []
    parts, at = texts.table(), texts.rows
    decided = np.zeros(len(at), np.bool_)
    for name, index in indexes:
        table = index.detect(parts.column("text"), fpr)
        found = _codes(table)
        decided |= (found == _NO_MATCH) | (found == _PUBLIC) | (found == _COPIED)
        np.maximum.at(codes, at, found)
        copied = np.flatnonzero(found == _COPIED)
        if len(copied):
            hits.append(_hits(name, at[copied], parts.column("slot"), table, pa.array(copied)))
        lengths = pc.fill_null(pc.list_value_length(table.column("public")), 0)
        if len(held := np.flatnonzero(lengths.to_numpy())):
            aside.append(_aside(at[held], parts.column("slot"), table, pa.array(held)))
    known = pa.concat_tables(hits) if hits else HIT_SCHEMA.empty_table()
    apart = pa.concat_tables(aside) if aside else ASIDE_SCHEMA.empty_table()
    return RowMatches(codes, known, decided, apart)


def _codes(table: pa.Table) -> NDArray[np.int8]:
    verdicts = table.column("verdict").combine_chunks().dictionary_encode()
    codes = np.array([_CODES[MatchVerdict(v)] for v in verdicts.dictionary.to_pylist()] or [0], np.int8)
    taken: NDArray[np.int8] = codes[verdicts.indices.to_numpy(zero_copy_only=False)]
    if "reason" in table.column_names:
        shared = pc.equal(table.column("reason"), str(InsufficientReason.SHARED_PASSAGE)).fill_null(False)
        taken[np.asarray(shared.to_numpy(), bool)] = _SHARED
    return taken


def _codes_of(column: pa.ChunkedArray | pa.Array) -> NDArray[np.int64]:
    """Return a number of 0 or more for each value, equal for equal ones; a null has one of its own."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    codes = whole.dictionary_encode(null_encoding="encode").indices
    return np.asarray(codes.to_numpy(zero_copy_only=False), np.int64)


def _aside(rows: NDArray[np.int32], slots: pa.ChunkedArray, table: pa.Table, places: pa.Array) -> pa.Table:
    """Return the parts at these places with who holds their public passages."""
    found = table.take(places)
    own = pc.equal(found.column("verdict"), str(MatchVerdict.PUBLIC))
    columns = [
        pa.array(rows, pa.int32()),
        slots.take(places).cast(pa.string()),
        found.column("public"),
        pc.if_else(own, found.column("matched_chars"), pa.scalar(None, pa.int32())),
    ]
    return pa.Table.from_arrays(columns, schema=ASIDE_SCHEMA)


def _hits(
    name: str,
    rows: NDArray[np.int32],
    slots: pa.ChunkedArray | pa.Array,
    table: pa.Table,
    places: pa.Array,
) -> pa.Table:
    """Return the copied parts at these places of an index's answer."""
    found = table.take(places)
    own = {
        "row": pa.array(rows, pa.int32()),
        "index": pa.repeat(name, len(rows)),
        "slot": slots.take(places).cast(pa.string()),
    }
    columns = [own[field.name] if field.name in own else found.column(field.name) for field in HIT_SCHEMA]
    return pa.Table.from_arrays(columns, schema=HIT_SCHEMA)
