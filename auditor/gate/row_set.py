"""Do these rows make up exactly the permitted set? If not: which do not belong, and which are missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from auditor.attest.row_list import RowList
from auditor.digest import DatasetDigest, split_digests
from auditor.domain.permit import Permit
from auditor.errors import RefusedError

if TYPE_CHECKING:
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
    where = next(iter((*foreign, *missing)), None)
    raise RefusedError(
        f"these are not the permitted rows: {'; '.join(parts)}; {counts}", where=where, fix=_FIX
    )


def compare(rows: RowDigests, listed: RowList) -> tuple[list[str], list[str]]:
    """Return the ids of the rows that are too many and of those that are missing, as multisets."""
    left = Counter(listed.digests)
    foreign = []
    for run in rows:
        for place, digest in enumerate(split_digests(run.digests)):
            if left[digest] > 0:
                left[digest] -= 1
            else:
                foreign.append(run.id_of(place))
    missing = []
    for name, digest in zip(listed.ids, listed.digests, strict=True):
        if left[digest] > 0:
            left[digest] -= 1
            missing.append(name)
    return foreign, missing


def _named(what: str, names: list[str]) -> str:
    if not names:
        return ""
    shown = ", ".join(names[:NAMED])
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return f"{len(names):,} {what} ({shown}{more})"


def short(digest: bytes) -> str:
    """Return the first 12 hex digits of a row digest, enough to find it in a row list."""
    return digest.hex()[:12]
