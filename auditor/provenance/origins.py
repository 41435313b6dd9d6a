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
            claim_sets: the source's table of claim sets.
            of_row: int32[rows], each row's place in that table.
            detected: matches by row; rows without any are left out.
        """
        numbers = np.empty(len(of_row), np.int32)
        for claim_set in np.unique(of_row).tolist():
            numbers[of_row == claim_set] = self._intern(claim_sets[claim_set], ())
        for row, found in detected.items():
            key = tuple(sorted(set(found), key=lambda d: (d.slot, d.label, d.labels, d.index)))
            numbers[row] = self._intern(claim_sets[int(of_row[row])], key)
        for number, count in zip(*np.unique(numbers, return_counts=True), strict=True):
            self.samples[number] += int(count)
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
