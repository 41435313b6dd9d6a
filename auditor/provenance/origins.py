"""Number the origins of a set as its rows go by; a million rows meet some fifty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from auditor.domain.claim import ClaimSet
from auditor.domain.origin import Origin
from auditor.provenance.conclude import conclude
from auditor.provenance.interface import Catalog, Detected
from auditor.provenance.sequences import number_sequences


@dataclass(frozen=True, slots=True)
class Detections:
    """The copied parts of the rows of a batch.

    Attributes:
        rows: the row of each part, in any order.
        kinds: the place in `found` of each part.
        found: what was found, each once.
    """

    rows: NDArray[np.int32]
    kinds: NDArray[np.int64]
    found: Sequence[Detected]

    def of(self, row: int) -> list[Detected]:
        """Return what was found in a row, in the order of its parts."""
        return [self.found[kind] for kind in self.kinds[self.rows == row].tolist()]

    def grouped(self, of_row: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the rows with parts, in the order in which they are met, and a number for each.

        Rows of one number have the same claims (`of_row`) and the same parts.
        """
        order = np.lexsort((self.kinds, self.rows))
        by_row, kinds = self.rows[order], self.kinds[order]
        new = np.concatenate([[True], (np.diff(by_row) != 0) | (np.diff(kinds) != 0)])
        by_row, kinds = by_row[new], kinds[new]
        rows, starts = np.unique(by_row, return_index=True)
        parts = number_sequences(np.append(starts, len(by_row)), kinds)
        both = parts * (int(of_row.max(initial=0)) + 1) + of_row[rows]
        first = np.unique(self.rows, return_index=True)[1]
        as_met = np.argsort(first)
        return rows[as_met], np.unique(both, return_inverse=True)[1][as_met]


def _match_order(found: Detected) -> tuple[str, str, tuple[str, ...], str]:
    return found.slot, found.label, found.labels, found.index


@dataclass(slots=True)
class OriginTable:
    """All origins met so far, each with its number and its row count.

    Attributes:
        origins: by number.
        samples: rows per origin.
    """

    catalog: Catalog
    origins: list[Origin] = field(default_factory=list)
    samples: list[int] = field(default_factory=list)
    _claims: Sequence[ClaimSet] = ()
    _of_claims: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    """The origin of each claim set alone, -1 where no row asked for it yet."""
    _by_key: dict[tuple[ClaimSet, tuple[Detected, ...]], int] = field(default_factory=dict)
    _by_id: dict[str, int] = field(default_factory=dict)

    def number(
        self,
        claim_sets: Sequence[ClaimSet],
        of_row: NDArray[np.int32],
        detected: Detections | None = None,
    ) -> NDArray[np.int32]:
        """Return the origin number of every row of a batch.

        Args:
            claim_sets: the source's table of claim sets; between calls it only grows.
            of_row: int32[rows], each row's place in that table.
            detected: the copied parts of the batch.
        """
        numbers = self._by_claims(claim_sets, of_row)
        if detected is not None and len(detected.rows):
            rows, groups = detected.grouped(of_row)
            # Groups are concluded in the order in which they were met.
            first = np.unique(groups, return_index=True)[1]
            origins = np.zeros(len(first), np.int32)
            for group, place in sorted(enumerate(first.tolist()), key=itemgetter(1)):
                found = sorted(set(detected.of(int(rows[place]))), key=_match_order)
                origins[group] = self._intern(claim_sets[of_row[rows[place]]], tuple(found))
            numbers[rows] = origins[groups]
        counts = np.bincount(numbers, minlength=len(self.origins))
        for number in np.flatnonzero(counts).tolist():
            self.samples[number] += int(counts[number])
        return numbers

    def _by_claims(self, claim_sets: Sequence[ClaimSet], of_row: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the origins of rows without matches, new ones in the order of their claim sets."""
        if claim_sets is not self._claims:
            self._claims, self._of_claims = claim_sets, np.empty(0, np.int32)
        fresh = np.full(len(claim_sets) - len(self._of_claims), -1, np.int32)
        table = self._of_claims = np.concatenate([self._of_claims, fresh])
        for claim_set in np.unique(of_row[table[of_row] < 0]).tolist():
            table[claim_set] = self._intern(claim_sets[claim_set], ())
        numbers: NDArray[np.int32] = table[of_row]
        return numbers

    def _intern(self, claims: ClaimSet, detected: tuple[Detected, ...]) -> int:
        key = (claims, detected)
        number = self._by_key.get(key)
        if number is None:
            origin = conclude(claims, detected, self.catalog)
            number = self._by_id.setdefault(origin.id, len(self.origins))
            if number == len(self.origins):
                self.origins.append(origin)
                self.samples.append(0)
            self._by_key[key] = number
        return number
