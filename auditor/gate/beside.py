"""Compare what stands beside the rows now with what a permit binds: cards, licenses, side files, labels.

A file that changed and one that came since are refused, since the verdict did not rest on them; one that is
gone is named. Only content counts: a moved card and a set in other shards pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.domain.permit import BoundFile, Permit
from auditor.errors import RefusedError
from auditor.samples.claims.labels import dataset_labels, labels_digest

_FIX = "audit and attest the data as it is now, or put back what was audited"
_WORDS = {
    "card": "the card",
    "license": "the license file",
    "side-file": "the side file",
    "around": "what stands around the rows in",
    "labels": "the label texts in",
}
NAMED = 5


def check_beside(permit: Permit, found: Iterable[BoundFile]) -> tuple[BoundFile, ...]:
    """Return what the permit binds and is not there now.

    Raises:
        RefusedError: something is there that the permit does not bind: it changed, or it is new.
    """
    if permit.version < 2:
        return ()
    found = tuple(found)
    bound = {(one.kind, one.digest) for one in permit.beside}
    there = {(one.kind, one.digest) for one in found}
    foreign = [one for one in found if (one.kind, one.digest) not in bound]
    if foreign:
        raise _refusal(permit, foreign)
    return tuple(one for one in permit.beside if (one.kind, one.digest) not in there)


def check_labels(permit: Permit, rows: object) -> None:
    """Refuse rows of a `datasets.Dataset` whose label texts the permit does not bind.

    Raises:
        RefusedError: it does not.
    """
    labels = dataset_labels(rows)
    if labels:
        bound = {one.digest for one in permit.beside if one.kind == "labels"}
        if permit.version > 1 and labels_digest(labels) not in bound:
            raise _refusal(permit, [BoundFile("the dataset", "labels", labels_digest(labels))])


def _refusal(permit: Permit, foreign: Sequence[BoundFile]) -> RefusedError:
    paths = {(one.kind, one.path) for one in permit.beside}
    first = foreign[0]
    name = first.path.partition("!")[0]
    how = "changed since the audit" if (first.kind, first.path) in paths else "is not bound by the permit"
    more = f", and {len(foreign) - 1:,} more" if len(foreign) > 1 else ""
    verb = how.replace("is not", "are not") if first.kind == "labels" else how
    return RefusedError(f"{_WORDS[first.kind]} {name!r} {verb}{more}", where=name, fix=_FIX)


def said_absent(absent: Sequence[BoundFile]) -> str:
    """Return one line that names what is bound and gone; empty for nothing."""
    names = sorted({one.path for one in absent})
    if not names:
        return ""
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return f"bound by the permit and not there now: {', '.join(names[:NAMED])}{more}"
