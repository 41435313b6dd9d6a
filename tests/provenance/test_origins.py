"""Rows are numbered together as each by itself, in the order in which they are met."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from auditor.domain.claim import Access, Basis, Claim, ClaimKind, ClaimSet
from auditor.domain.known_set import KnownSet
from auditor.domain.origin import OriginLicense
from auditor.provenance.interface import Detected, Named
from auditor.provenance.origins import Detections, OriginTable

CLAIMS = [ClaimSet((Claim(ClaimKind.TEACHER, name, Basis.ROW, "model"),)) for name in ("a", "b", "c")]
FOUND = [Detected(slot, label, (label,), "refs") for slot in ("", "chosen") for label in ("a", "b", "x")]
HITS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, len(FOUND) - 1)), max_size=20)


class Plain:
    def name_teacher(self, name: str, access: Access, host: str | None, date: str | None) -> Named:
        return Named(name, access, host)

    def read_license(self, claim: Claim) -> OriginLicense:
        return OriginLicense(claim.value, claim.value, claim.basis)

    def known_set(self, name: str) -> KnownSet | None:
        return None

    def mirrored_set(self, name: str) -> KnownSet | None:
        return None

    def is_bound(self, name: str) -> bool:
        return name.startswith("gpt")


@given(st.lists(st.lists(st.integers(0, 2), min_size=8, max_size=8), min_size=1, max_size=3), HITS)
def test_rows_together_are_numbered_as_one_by_one(
    batches: list[list[int]], hits: list[tuple[int, int]]
) -> None:
    together, alone = OriginTable(Plain()), OriginTable(Plain())
    rows, kinds = (np.array([hit[part] for hit in hits], np.int64) for part in (0, 1))
    for claimed in batches:
        of_row = np.array(claimed, np.int32)
        numbers = together.number(CLAIMS, of_row, Detections(rows.astype(np.int32), kinds, FOUND))
        wanted = alone._by_claims(CLAIMS, of_row)
        for row in dict.fromkeys(rows.tolist()):
            found = sorted(
                {FOUND[kind] for at, kind in hits if at == row},
                key=lambda one: (one.slot, one.label, one.labels, one.index),
            )
            wanted[row] = alone._intern(CLAIMS[of_row[row]], tuple(found))
        assert numbers.tolist() == wanted.tolist()
    assert together.origins == alone.origins
    assert sum(together.samples) == 8 * len(batches)
