"""Number the origins of a set as its rows go by; a million rows meet some fifty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from auditor.domain.claim import ClaimSet
from auditor.domain.origin import Origin
from auditor.provenance.conclude import conclude
from auditor.provenance.interface import Catalog, Detected


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
        detected: dict[int, list[Detected]],
    ) -> NDArray[np.int32]:
        """Return the origin number of every row of a batch.

        Args:
            claim_sets: the source's table of claim sets; between calls it only grows.
            of_row: int32[rows], each row's place in that table.
            detected: matches by row; rows without any are left out. Rows that share the very objects are
                concluded once.
        """
        numbers = self._by_claims(claim_sets, of_row)
        met: dict[tuple[int, ...], int] = {}
        for (row, found), claim_set in zip(detected.items(), of_row[list(detected)].tolist(), strict=True):
            combined = (claim_set, *map(id, found))
            if combined not in met:
                key = tuple(sorted(set(found), key=lambda d: (d.slot, d.label, d.labels, d.index)))
                met[combined] = self._intern(claim_sets[claim_set], key)
            numbers[row] = met[combined]
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
