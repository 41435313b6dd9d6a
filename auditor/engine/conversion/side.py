"""One side of a conversion: its rows as arrays of digests, so that memory holds no text."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.domain.claim import ClaimSet
from auditor.domain.sample import PartRole
from auditor.engine.conversion.pieces import piece_digest, pieces
from auditor.engine.model_names import ModelNames
from auditor.knowledge.catalog import Knowledge
from auditor.samples.batch import SampleBatch
from auditor.samples.shapes.mapping import Mapping
from auditor.samples.source import ReadOptions, open_source

Words = NDArray[np.uint64]
_KEPT = 1 << 16
"""Digests of pieces kept by their text, since templates and system messages repeat."""


@dataclass(slots=True)
class Side:
    """The rows of a data set, in the order in which they are read."""

    claim_sets: Sequence[ClaimSet]
    pieces: Words
    """Digests of the pieces of all rows, those of a row end to end; learned text comes first."""
    starts: NDArray[np.int64]
    """Where the pieces of each row start, and where the last one's end."""
    learned: NDArray[np.int32]
    """How many pieces of each row are learned."""
    words: NDArray[np.int32]
    """How many words are learned, up to a number."""
    claims: NDArray[np.int32]
    """Place of each row's claims in `claim_sets`."""
    files: tuple[str, ...]
    ends: NDArray[np.int64]
    """How many rows there are up to the end of each file's rows."""
    numbers: NDArray[np.int64]
    """Place of each row in its file."""
    unreadable: int
    sources_left_out: int
    """Rows whose source was one too many to be kept apart, so that its loss is not seen."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.claims)

    def of_row(self, row: int) -> Words:
        """Return the digests of all pieces of a row."""
        return self.pieces[self.starts[row] : self.starts[row + 1]]

    def learned_of(self, row: int) -> Words:
        """Return the digests of what is learned of a row; of a row that teaches nothing those of all."""
        found = self.of_row(row)
        return found[: self.learned[row]] if self.learned[row] else found

    def sample_id(self, row: int) -> str:
        """Return `file#row`."""
        return f"{self.files[int(np.searchsorted(self.ends, row, side='right'))]}#{self.numbers[row]}"


@dataclass(slots=True)
class _Rows:
    pieces: array[int] = field(default_factory=lambda: array("Q"))
    starts: array[int] = field(default_factory=lambda: array("q", [0]))
    learned: array[int] = field(default_factory=lambda: array("i"))
    words: array[int] = field(default_factory=lambda: array("i"))
    claims: array[int] = field(default_factory=lambda: array("i"))
    numbers: array[int] = field(default_factory=lambda: array("q"))
    files: dict[str, int] = field(default_factory=dict)
    _known: dict[str, int] = field(default_factory=dict)

    def add(self, batch: SampleBatch) -> None:
        rows = batch.parts.column("row_index").to_numpy()
        learned = pc.equal(batch.parts.column("role").cast(pa.string()), str(PartRole.TEACHER)).to_pylist()
        texts = batch.parts.column("text").to_pylist()
        ends = np.searchsorted(rows, np.arange(len(batch)), side="right").tolist()
        at = 0
        for end in ends:
            taught, other = list[str](), list[str]()
            for place in range(at, end):
                (taught if learned[place] else other).extend(pieces(texts[place]))
            self.pieces.extend(map(self._digest, (*taught, *other)))
            self.starts.append(len(self.pieces))
            self.learned.append(len(taught))
            self.words.append(min(sum(piece.count(" ") + 1 for piece in taught), 1 << 20))
            at = end
        self.claims.extend(batch.claim_sets.tolist())
        self.numbers.extend(batch.rows.tolist())
        self.files[batch.file] = len(self.claims)

    def _digest(self, piece: str) -> int:
        known = self._known.get(piece)
        if known is None:
            known = piece_digest(piece)
            if len(piece) <= 200 and len(self._known) < _KEPT:
                self._known[piece] = known
        return known


def read_side(
    data: Sequence[str],
    knowledge: Knowledge,
    mapping: Mapping | None = None,
    progress: Callable[[int], None] = lambda rows: None,
    *,
    network: bool = False,
) -> Side:
    """Read the rows that the arguments name.

    Args:
        progress: told how many rows were read so far.

    Raises:
        InputError: no data, or no row.
        UsageError: the map names a column that no row has.
    """
    options = ReadOptions(mapping=mapping, models=ModelNames(knowledge), allow_network=network)
    source = open_source(data, options)
    rows = _Rows()
    for batch in source:
        rows.add(batch)
        progress(len(rows.claims))
    return Side(
        source.claim_sets,
        np.frombuffer(rows.pieces, np.uint64) if rows.pieces else np.empty(0, np.uint64),
        np.frombuffer(rows.starts, np.int64),
        np.frombuffer(rows.learned, np.int32),
        np.frombuffer(rows.words, np.int32),
        np.frombuffer(rows.claims, np.int32),
        tuple(rows.files),
        np.array(list(rows.files.values()), np.int64),
        np.frombuffer(rows.numbers, np.int64),
        source.unreadable_rows + len(source.unreadable_files),
        sum(source.sources_left_out.values()),
    )
