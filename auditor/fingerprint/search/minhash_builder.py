"""Build an index of the MinHash lane alone, for more reference texts than memory holds."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from auditor.errors import FingerprintError, NoRowsError
from auditor.fingerprint.minhash.lane import MinhashLane, contradicts_itself
from auditor.fingerprint.minhash.lane_builder import LaneBuilder, Spool, fitting_bands
from auditor.fingerprint.minhash.shingles import low_bytes
from auditor.fingerprint.minhash.signature import MinHashSpec
from auditor.fingerprint.search import ngrams
from auditor.fingerprint.search.families import family_of
from auditor.fingerprint.search.reference_index import ReferenceIndex
from auditor.fingerprint.tokens.chunks import chunks
from auditor.fingerprint.tokens.words import U8, scan

_BLOCK = 1 << 16


@dataclass(slots=True)
class MinhashBuilder:
    """Collect signatures of reference texts, then build; no text and no signature stays in memory.

    Attributes:
        spec: of the signatures.
        folder: where unnamed files lie meanwhile; the system's place for temporary files by default.
    """

    spec: MinHashSpec = field(default_factory=MinHashSpec)
    folder: Path | None = None
    teachers: list[str] = field(default_factory=list)
    families: dict[str, str] = field(default_factory=dict)
    _lane: LaneBuilder = field(init=False)
    _numbers: array[int] = field(default_factory=lambda: array("I"))
    _lengths: array[int] = field(default_factory=lambda: array("I"))
    _ids: Spool = field(init=False)
    _known: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the files."""
        self._lane = LaneBuilder(self.spec, *fitting_bands(self.spec.permutations), self.folder)
        self._ids = Spool(np.uint8, 0, self.folder)

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self._numbers)

    def add(
        self,
        texts: pa.Array | pa.ChunkedArray,
        teachers: Sequence[str | None],
        ids: Sequence[str],
        families: Sequence[str | None] | None = None,
    ) -> int:
        """Add reference texts with their teacher and id; those without teacher or words are left out.

        Returns:
            how many were added.
        """
        added = 0
        for row, part in chunks(texts):
            slots, counts = low_bytes(part, scan(part), self.spec)
            stop = row + len(part)
            some = families[row:stop] if families is not None else None
            added += self.add_signed(slots, counts > 0, teachers[row:stop], ids[row:stop], some)
        return added

    def add_signed(
        self,
        slots: U8,
        keep: NDArray[np.bool_],
        teachers: Sequence[str | None],
        ids: Sequence[str],
        families: Sequence[str | None] | None = None,
    ) -> int:
        """Add signatures that are at hand, as `add` does texts."""
        keep = keep & np.array([bool(name) for name in teachers], np.bool_)
        rows = np.flatnonzero(keep).tolist()
        for at in rows:
            self._numbers.append(self._number(str(teachers[at]), families[at] if families else None))
        names = [str(ids[at]).encode() for at in rows]
        self._lengths.extend(map(len, names))
        self._ids.append(np.frombuffer(b"".join(names), np.uint8))
        self._lane.add(np.ascontiguousarray(slots[keep]))
        return len(rows)

    def include(self, index: ReferenceIndex, without: Collection[str] = (), ids: Collection[str] = ()) -> int:
        """Add what the lane of an index holds, without some teachers and some ids.

        Returns:
            how many were left out.

        Raises:
            FingerprintError: the index follows another specification, or contradicts itself.
        """
        lane = _lane_of(index, self.spec)
        families = dict(zip(index.teachers, index.families, strict=True))
        before, entries = len(self), lane.entries()
        if len(entries) and int(entries.max()) >= len(lane.slots):
            raise contradicts_itself()
        for start, names in _named(index):
            stop = start + len(names)
            numbers = index.text_teachers[start:stop].tolist()
            keep = np.array([name not in ids for name in names], np.bool_)
            labels = [index.teachers[number] for number in numbers]
            keep &= np.array([label not in without for label in labels], np.bool_)
            kin = [families[label] for label in labels]
            self.add_signed(lane.slots[entries[start:stop]], keep, labels, names, kin)
        return len(index) - (len(self) - before)

    def add_prompts(self, texts: pa.Array | pa.ChunkedArray) -> None:
        """Do nothing: a signature has no words that could be left out."""

    def _number(self, name: str, family: str | None) -> int:
        number = self._known.setdefault(name, len(self.teachers))
        if number == len(self.teachers):
            self.teachers.append(name)
        if family and name not in self.families:
            self.families[name] = str(family)
        return number

    def build(self) -> ReferenceIndex:
        """Build the index, uncalibrated.

        Raises:
            NoRowsError: no reference text was added.
        """
        if not len(self):
            raise NoRowsError(
                "there is no reference text with a teacher",
                fix="name the columns with --text-column and --teacher-column",
            )
        offsets = np.zeros(len(self) + 1, np.int64)
        np.cumsum(np.frombuffer(self._lengths, np.uint32), dtype=np.int64, out=offsets[1:])
        return ReferenceIndex(
            ngrams.empty(),
            np.zeros(0, np.uint8),
            tuple(self.teachers),
            tuple(self.families.get(name) or family_of(name) for name in self.teachers),
            ngrams.join_words([]),
            (self._ids.array(), offsets),
            near=self._lane.build(),
            near_teachers=np.frombuffer(self._numbers, np.uint32),
        )


def _lane_of(index: ReferenceIndex, spec: MinHashSpec) -> MinhashLane:
    if index.near is None or index.near.spec != spec:
        found = index.near.spec.id if index.near else "no signatures"
        raise FingerprintError(
            f"the index holds {found}, not {spec.id}",
            where=str(index.path) if index.path else None,
            fix="build both with the same --lanes",
        )
    return index.near


def _named(index: ReferenceIndex) -> Iterator[tuple[int, list[str]]]:
    """Yield the ids of an index's texts, some at a time, with the number of the first."""
    for start in range(0, len(index), _BLOCK):
        yield start, index.reference_ids(start, min(start + _BLOCK, len(index)))
