"""`require_permit`: from a permit's file and the data to a grant, or no training."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from auditor.attest.keyless import Identity
from auditor.attest.row_list import RowList
from auditor.digest import DatasetDigest
from auditor.domain.permit import BoundFile, Permit
from auditor.domain.waiver import waiver_line
from auditor.gate.data_check import check_files, check_given_rows, is_rows
from auditor.gate.data_files import check_unread
from auditor.gate.digest_set import DigestSet
from auditor.gate.environment import PathLike, dataset_named, request_of
from auditor.gate.permit_check import checked_permit
from auditor.gate.ranks import agree
from auditor.gate.request import Request
from auditor.gate.row_set import Progress
from auditor.ids import Digest
from auditor.printable import plain

_LOG = logging.getLogger("auditor.gate")


@dataclass(frozen=True, slots=True)
class Grant:
    """A permit that holds, with the digests of its rows."""

    permit: Permit
    digests: AbstractSet[bytes]
    absent: tuple[BoundFile, ...] = ()
    """What the permit binds beside the rows and is not there now."""
    unread: tuple[str, ...] = ()
    """Data-like files beside the rows that were not read, and were accepted."""

    def permits(self, digest: bytes) -> bool:
        """Tell whether a row digest is in the permitted set."""
        return digest in self.digests


def require_permit(
    permit: PathLike | None = None,
    dataset: PathLike | Sequence[PathLike] | Iterable[Mapping[str, Any]] | None = None,
    *,
    keys: Sequence[PathLike] | None = None,
    threshold: int | None = None,
    plan: PathLike | None = None,
    policy: str | None = None,
    revoked: PathLike | None = None,
    identity: Identity | None = None,
    bound: Mapping[str, Digest] | None = None,
    allow_report_only: bool | None = None,
    allow_unread: bool | None = None,
    approver_keys: Sequence[PathLike] | None = None,
    knowledge: PathLike | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
) -> Grant:
    """Return a grant, or raise; what is not given comes from the variables that `auditor gate` sets.

    In a process group of `torch.distributed` rank 0 hashes the data, the others wait for its answer, and
    all raise when one does. Where the permit rests on waivers, a warning says so (logger `auditor.gate`), and
    `grant.permit.waivers` holds them.

    Args:
        permit: the file that `auditor attest` wrote.
        dataset: files and folders, or the rows themselves (a list of dicts, a `datasets.Dataset`).
        keys: public keys that are trusted.
        threshold: how many distinct keys must have signed.
        plan: plan file that the permit must be for.
        policy: pack (name or file) that the permit must be for.
        revoked: revocation list.
        identity: who must have signed without a key file, in place of `keys`.
        bound: digests of tokenizer, chat template, collator about to be used.
        allow_report_only: take a permit that was held against nothing but the report's own words.
        allow_unread: start beside data-like files in the data that were not read.
        approver_keys: public keys whose signatures under the permit's waivers count; `policy` may list more.
        knowledge: catalog of the permit: `shipped`, an overlay's folder, or `sha256:…` of a bundle.
        clock: gives the time that expiry is measured against.

    Raises:
        RefusedError: the evidence says no.
        EvidenceError: the permit is missing, unreadable, or by nobody trusted.
        UsageError: nothing names a permit, a key or the data.
    """
    request = request_of(
        permit, keys=keys, threshold=threshold, plan=plan, policy=policy, revoked=revoked, identity=identity,
        allow_report_only=allow_report_only, allow_unread=allow_unread, approver_keys=approver_keys,
        knowledge=knowledge,
    )  # fmt: skip
    data = dataset_named() if dataset is None else dataset
    held = agree(
        lambda: grant(request, data, clock(), bound or {}),
        lambda: listed_grant(request, clock(), bound or {}),
    )
    _warn_of(held.permit)
    return held


def _warn_of(permit: Permit) -> None:
    """Log what a permit rests on beside the rules: another catalog, waivers."""
    if permit.catalog.get("overlays"):
        _LOG.warning("the permit %s was judged by the catalog %s", permit.digest, plain(permit.catalog_words))
    if line := waiver_line(permit.waivers):
        _LOG.warning("the permit %s holds with waivers (%s)", permit.digest, line)


def grant(
    request: Request,
    data: Any,
    moment: datetime,
    bound: Mapping[str, Digest],
    progress: Progress = lambda rows, total: None,
) -> Grant:
    """Check the permit, then all rows; see `require_permit`."""
    permit, listed = checked_permit(request, moment, bound)
    if is_rows(data):
        gathered = check_given_rows(permit, data, listed)
        return Grant(permit, _digests(gathered, listed))
    places = [os.fspath(place) for place in ([data] if isinstance(data, str | os.PathLike) else data)]
    check_unread(places, permit, request.allow_unread)
    gathered, absent = check_files(permit, places, listed, progress)
    # Once more: what came while the rows were hashed was not there before.
    unread = check_unread(places, permit, request.allow_unread)
    names = tuple(str(one.path) for one in unread)
    return Grant(permit, _digests(gathered, listed), absent, names)


def _digests(gathered: DatasetDigest, listed: RowList | None) -> DigestSet:
    """Return the digests of rows that are those of the permit, as the ones in its list are."""
    return DigestSet(gathered.rows() if listed is None else listed.run)


def listed_grant(request: Request, moment: datetime, bound: Mapping[str, Digest]) -> Grant | None:
    """Check the permit alone and take its rows from the signed list; None where there is no list."""
    permit, listed = checked_permit(request, moment, bound)
    return None if listed is None else Grant(permit, DigestSet(listed.run))
