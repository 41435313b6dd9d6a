"""Do these rows make up exactly the permitted set? If not: which do not belong, and which are missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.attest.row_list import RowList
from auditor.digest import DatasetDigest
from auditor.domain.permit import Permit
from auditor.errors import RefusedError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditor.samples.rows import DigestRun

RowDigests = Iterable["DigestRun"]
Progress = Callable[[int, int], None]
NAMED = 5
"""So many rows are named in a refusal; the rest are counted."""
_FIX = "audit and attest this data, or use the data that was audited"


def check_rows(
    permit: Permit,
    read: Callable[[], RowDigests],
    listed: RowList | None,
    progress: Progress = lambda rows, total: None,
) -> DatasetDigest:
    """Hash all rows and compare with the permit; order and shards do not count, duplicates do.

    Args:
        permit: verified.
        read: opens the rows; called a second time only to name what differs.
        listed: the permitted rows, where the list is at hand.
        progress: told how many rows were hashed, and of how many.

    Raises:
        RefusedError: another set of rows; the message names the rows where `listed` is given.
    """
    gathered = DatasetDigest()
    for run in read():
        gathered.extend_run(run.digests)
        progress(len(gathered), permit.samples)
    if gathered.digest() == permit.dataset_digest:
        return gathered
    counts = f"the permit covers {permit.samples:,} rows, there are {len(gathered):,}"
    if listed is None:
        raise RefusedError(f"these are not the permitted rows: {counts}", fix=_FIX)
    foreign, missing = compare(read(), listed)
    parts = [text for text in (_named("not permitted", foreign), _named("missing", missing)) if text]
    where = next(iter((*foreign.first, *missing.first)), None)
    raise RefusedError(
        f"these are not the permitted rows: {'; '.join(parts)}; {counts}", where=where, fix=_FIX
    )


@dataclass(slots=True)
class Names:
    """Ids of rows: how many, and the first few of them."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        """Count one more."""
        self.count += 1
        if len(self.first) < NAMED:
            self.first.append(name)


def compare(rows: RowDigests, listed: RowList) -> tuple[Names, Names]:
    """Return the rows that are too many and those that are missing, as multisets."""
    import numpy as np

    known = np.frombuffer(listed.run, "S32")
    met = np.zeros(len(known), np.uint32)
    """Where equal digests begin: how many of them came."""
    foreign, missing = Names(), Names()
    for run in rows:
        digests = np.frombuffer(run.digests, "S32")
        first = np.searchsorted(known, digests, "left")
        listed_times = np.searchsorted(known, digests, "right") - first
        first[listed_times == 0] = len(known)
        for place in np.flatnonzero(_turns(met, first) >= listed_times).tolist():
            foreign.add(run.id_of(place))
    # Of equal digests the first ones came; those that are left over are missing.
    starts = np.searchsorted(known, known, "left")
    lacking = np.arange(len(known)) - starts >= met[starts]
    for name, lacks in zip(listed.ids, lacking.tolist(), strict=True):
        if lacks:
            missing.add(name)
    return foreign, missing


def _turns(met: NDArray[np.uint32], places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return of each place how often it came before, and count it."""
    import numpy as np

    order = np.argsort(places, kind="stable")
    ordered = places[order]
    turns = np.empty(len(places), np.int64)
    turns[order] = np.arange(len(places)) - np.searchsorted(ordered, ordered, "left")
    known = places < len(met)
    turns[known] += met[places[known]]
    np.add.at(met, places[known], 1)
    return turns


def _named(what: str, names: Names) -> str:
    if not names.count:
        return ""
    more = f" and {names.count - NAMED:,} more" if names.count > NAMED else ""
    return f"{names.count:,} {what} ({', '.join(names.first)}{more})"


def short(digest: bytes) -> str:
    """Return the first 12 hex digits of a row digest, enough to find it in a row list."""
    return digest.hex()[:12]
