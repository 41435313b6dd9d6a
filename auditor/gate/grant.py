"""`require_permit`: from a permit's file and the data to a grant, or no training."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.attest.keyless import Identity
from auditor.attest.keys import load_public
from auditor.attest.record import declared, plan_digest
from auditor.attest.revocation import read_revoked
from auditor.attest.row_list import RowList, read_rows, rows_path
from auditor.attest.verify import Expectation, check_permit, open_permit
from auditor.digest import DatasetDigest, RowError, row_digest, split_digests
from auditor.domain.permit import BoundFile, Permit, PermitPurpose
from auditor.domain.rule import Pack
from auditor.domain.waiver import waiver_line
from auditor.errors import RefusedError, UsageError
from auditor.gate.approvers import check_approvers
from auditor.gate.beside import check_beside, check_labels
from auditor.gate.columns import column_cause
from auditor.gate.data_files import Snapshot, check_unread
from auditor.gate.decision import check_rows
from auditor.gate.ranks import agree
from auditor.gate.typed_rows import typing_of
from auditor.gate.writers import Watch
from auditor.ids import Digest
from auditor.printable import plain

_LOG = logging.getLogger("auditor.gate")
PathLike = str | os.PathLike[str]
ENV_PERMIT, ENV_KEYS = "AUDITOR_PERMIT", "AUDITOR_PERMIT_KEYS"
ENV_DATASET, ENV_THRESHOLD = "AUDITOR_DATASET", "AUDITOR_PERMIT_THRESHOLD"
ENV_IDENTITY, ENV_REVOKED = "AUDITOR_PERMIT_IDENTITY", "AUDITOR_PERMIT_REVOKED"
ENV_APPROVERS, ENV_POLICY = "AUDITOR_PERMIT_APPROVER_KEYS", "AUDITOR_PERMIT_POLICY"
ENV_REPORT_ONLY = "AUDITOR_PERMIT_ALLOW_REPORT_ONLY"
ENV_ALLOW_UNREAD = "AUDITOR_ALLOW_UNREAD"
ENV_PERMIT_DIGEST, ENV_DATASET_DIGEST = "AUDITOR_PERMIT_DIGEST", "AUDITOR_DATASET_DIGEST"


SHIPPED = "shipped"
"""What names the catalog without an overlay."""


@dataclass(frozen=True, slots=True)
class Request:
    """Whose signature is trusted and what the permit must be for."""

    permit: Path
    keys: tuple[Path, ...]
    threshold: int = 1
    plan: Path | None = None
    policy: str | None = None
    revoked: Path | None = None
    identity: Identity | None = None
    """Who must have signed without a key file, in place of `keys`."""
    digest: str | None = None
    """The permit that it must be."""
    purpose: PermitPurpose = PermitPurpose.TRAINING
    """What the rows are about to be used for."""
    allow_report_only: bool = False
    """Take a permit that was held against nothing but the report's own words."""
    allow_unread: bool = False
    """Start beside data-like files that were not read."""
    approver_keys: tuple[Path, ...] = ()
    """Public keys whose signatures under the permit's waivers count, beside those that `policy` lists."""
    knowledge: str | None = None
    """The catalog that the permit must be by: `shipped`, or the folder of an overlay over it."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A permit that holds, with the digests of its rows."""

    permit: Permit
    digests: frozenset[bytes]
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
        knowledge: catalog that the permit must be by: `shipped`, or the folder of an overlay.
        clock: gives the time that expiry is measured against.

    Raises:
        RefusedError: the evidence says no.
        EvidenceError: the permit is missing, unreadable, or by nobody trusted.
        UsageError: nothing names a permit, a key or the data.
    """
    request = _request(permit, keys, threshold, plan, policy, revoked, identity, allow_report_only)
    allow = os.environ.get(ENV_ALLOW_UNREAD) == "1" if allow_unread is None else allow_unread
    approvers = _listed(ENV_APPROVERS) if approver_keys is None else approver_keys
    catalog = os.fspath(knowledge) if knowledge else None
    request = replace(
        request, allow_unread=allow, knowledge=catalog, approver_keys=tuple(Path(key) for key in approvers)
    )
    data = _listed(ENV_DATASET) if dataset is None else dataset
    if dataset is None and not data:
        raise UsageError(
            "no data is named", fix=f"give dataset=, or run under `auditor gate` ({ENV_DATASET})"
        )
    held = agree(
        lambda: grant(request, data, clock(), bound or {}),
        lambda: listed_grant(request, clock(), bound or {}),
    )
    if held.permit.catalog.get("overlays"):
        said = plain(held.permit.catalog_words)
        _LOG.warning("the permit %s was judged by the catalog %s", held.permit.digest, said)
    if line := waiver_line(held.permit.waivers):
        _LOG.warning("the permit %s holds with waivers (%s)", held.permit.digest, line)
    return held


def grant(request: Request, data: Any, moment: datetime, bound: Mapping[str, Digest]) -> Grant:
    """Check the permit, then all rows; see `require_permit`."""
    permit, listed = checked_permit(request, moment, bound)
    absent: tuple[BoundFile, ...] = ()
    if _is_rows(data):
        check_labels(permit, data)
        gathered = check_rows(permit, lambda: _given_rows(data), listed)
        return Grant(permit, frozenset(split_digests(gathered.rows())))
    places = [os.fspath(place) for place in ([data] if isinstance(data, str | os.PathLike) else data)]
    check_unread(places, permit, request.allow_unread)
    gathered, absent = check_files(permit, places, listed)
    # Once more: what came while the rows were hashed was not there before.
    unread = check_unread(places, permit, request.allow_unread)
    names = tuple(str(one.path) for one in unread)
    return Grant(permit, frozenset(split_digests(gathered.rows())), absent, names)


def listed_grant(request: Request, moment: datetime, bound: Mapping[str, Digest]) -> Grant | None:
    """Check the permit alone and take its rows from the signed list; None where there is no list."""
    permit, listed = checked_permit(request, moment, bound)
    return None if listed is None else Grant(permit, frozenset(listed.digests))


def checked_permit(
    request: Request, moment: datetime, bound: Mapping[str, Digest]
) -> tuple[Permit, RowList | None]:
    """Verify signature and terms, without looking at data."""
    from auditor.policy.pack.load import load_pack

    trusted = [load_public(path) for path in request.keys]
    permit = open_permit(request.permit, trusted, request.threshold, request.identity)
    if request.digest not in (None, permit.digest):
        raise RefusedError(
            f"this is not the permit that the gate verified: {permit.digest}, not {request.digest}",
            where=str(request.permit),
            fix="start the command through `auditor gate` again",
        )
    revoked = read_revoked(request.revoked) if request.revoked else frozenset()
    plan = plan_file_digest(request.plan) if request.plan else None
    pack = load_pack(request.policy) if request.policy else None
    policy = pack.digest if pack else None
    expected = Expectation(
        moment,
        plan,
        policy,
        revoked,
        request.allow_report_only,
        bound=bound,
        purpose=request.purpose,
        catalog_digest=_catalog_digest(request.knowledge),
    )
    check_permit(permit, expected)
    check_approvers(permit, request.approver_keys, pack.pack if pack else None, revoked)
    if pack:
        _check_terms(permit, pack.pack)
    return permit, read_rows(rows_path(request.permit), permit)


def check_bound(permit: Permit, names: Iterable[str]) -> None:
    """Refuse a permit that binds nothing under a name that was to be compared.

    Raises:
        RefusedError: it does not.
    """
    for name in names:
        if name not in permit.bound:
            raise RefusedError(f"the permit binds no {name}", fix=f"attest again with --bind {name}=PATH")


def check_files(
    permit: Permit, places: Sequence[str], listed: RowList | None
) -> tuple[DatasetDigest, tuple[BoundFile, ...]]:
    """Hash the rows of files and folders; refuse other rows, and files that change meanwhile.

    What stands beside the rows is compared too: cards, licenses, side files, label texts, and what the
    object around wrapped rows says. What of it is gone is returned.

    Raises:
        RefusedError: as `check_rows` and `check_beside`, or the files changed.
        InputError: a place is missing, or a row is unreadable.
    """
    from auditor.samples.claims.beside import beside_files, beside_paths, bound_around
    from auditor.samples.inputs.sources import find_files
    from auditor.samples.rows import iter_row_digests

    def watched() -> list[Path]:
        files = find_files(places)
        return [*(file.path for file in files), *beside_paths(files)]

    around: dict[str, BoundFile] = {}

    def note(name: str, about: dict[str, Any]) -> None:
        around.setdefault((bound := bound_around(name, about)).digest, bound)

    with Watch(file.path for file in find_files(places)) as watch:
        before = Snapshot.take(watched())
        try:
            gathered = check_rows(permit, lambda: iter_row_digests(places, on_around=note), listed)
        except RefusedError as refusal:
            cause = _cause(places, refusal.where, listed)
            if cause is None:
                raise
            raise RefusedError(f"{refusal.message}; {cause}", where=refusal.where, fix=refusal.fix) from None
        absent = check_beside(permit, (*beside_files(find_files(places)), *around.values()))
        before.check(watched())
        watch.check()
    return gathered, absent


def _cause(places: Sequence[str], name: str | None, listed: RowList | None) -> str | None:
    from auditor.samples.rows import iter_chunks

    if name is None or listed is None:
        return None
    known = frozenset(listed.digests)
    for file, chunk in iter_chunks(places):
        for number, row in zip(chunk.numbers, chunk.rows, strict=True):
            if f"{file.name}#{number}" == name:
                return column_cause(row, known.__contains__)
    return None


def _is_rows(data: object) -> bool:
    if isinstance(data, str | os.PathLike):
        return False
    if isinstance(data, list | tuple):
        return bool(data) and isinstance(data[0], Mapping)
    return True


def _given_rows(data: Any) -> Iterator[tuple[str, bytes]]:
    if iter(data) is data:
        raise UsageError(
            "rows that can be read once only cannot be checked first", fix="give a list or files"
        )
    typed = typing_of(data)
    for number, row in enumerate(data):
        try:
            yield f"row#{number}", row_digest(typed(row))
        except (RowError, TypeError, AttributeError):
            raise RefusedError("a row has no canonical form", where=f"row#{number}") from None


def _request(
    permit: PathLike | None,
    keys: Sequence[PathLike] | None,
    threshold: int | None,
    plan: PathLike | None,
    policy: str | None,
    revoked: PathLike | None,
    identity: Identity | None,
    report_only: bool | None,
) -> Request:
    environment = os.environ
    place = permit or environment.get(ENV_PERMIT)
    given = keys if keys is not None else _listed(ENV_KEYS)
    listed = revoked or environment.get(ENV_REVOKED)
    if not place:
        raise UsageError(
            "no permit is named", fix=f"give permit=, or run under `auditor gate` ({ENV_PERMIT})"
        )
    who = identity or _identity(environment.get(ENV_IDENTITY, "")) if not given else identity
    if not given and who is None:
        raise UsageError("no key is trusted", fix=f"give keys=, or run under `auditor gate` ({ENV_KEYS})")
    return Request(
        Path(place),
        tuple(Path(key) for key in given),
        threshold if threshold is not None else _threshold(environment.get(ENV_THRESHOLD, "1")),
        Path(plan) if plan else None,
        policy or (None if permit else environment.get(ENV_POLICY)) or None,
        Path(listed) if listed else None,
        who,
        None if permit else environment.get(ENV_PERMIT_DIGEST),
        allow_report_only=environment.get(ENV_REPORT_ONLY) == "1" if report_only is None else report_only,
    )


def _threshold(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"{ENV_THRESHOLD} is no number: {text!r}", fix="give 1 or more") from None


def _listed(name: str) -> list[str]:
    """Return the paths in a variable: separated as in PATH, or a list in JSON."""
    text = os.environ.get(name, "")
    try:
        paths = json.loads(text) if text.startswith('["') else text.split(os.pathsep)
    except ValueError:
        raise UsageError(f"{name} is no list of paths", fix=f"separate them by {os.pathsep!r}") from None
    return [str(path) for path in paths if path]


def _joined(paths: Sequence[str]) -> str:
    return json.dumps(paths) if any(os.pathsep in path for path in paths) else os.pathsep.join(paths)


def _identity(text: str) -> Identity | None:
    issuer, _, name = text.partition("#")
    return Identity(name, issuer) if issuer and name else None


def plan_file_digest(path: Path) -> Digest:
    """Return the digest of a plan by its content: comments, order and layout do not count.

    Raises:
        PlanError: it cannot be read.
    """
    from auditor.policy.plan.plans import load_plan

    return plan_digest(declared(load_plan(path)))


def _catalog_digest(named: str | None) -> Digest | None:
    from auditor.knowledge.load import load_knowledge

    if named is None:
        return None
    return load_knowledge(None if named == SHIPPED else Path(named)).digest


def _check_terms(permit: Permit, pack: Pack) -> None:
    lacks = pack.permit.shortfall(permit.issued_at, permit.expires_at)
    if lacks is not None:
        raise RefusedError(lacks, fix="attest again with a shorter --expires")


def _from_anywhere(policy: str) -> str:
    """Return a pack's name as it is and a pack's file by its whole path: the command may run elsewhere."""
    from auditor.policy.pack.load import pack_names

    return os.path.abspath(policy) if policy and policy not in pack_names() else policy


def child_environment(request: Request, permit: Permit, places: Sequence[str]) -> dict[str, str]:
    """Return this process's environment with what `require_permit` needs in the guarded command."""
    return {
        **os.environ,
        ENV_PERMIT: str(request.permit.resolve()),
        ENV_PERMIT_DIGEST: permit.digest,
        ENV_DATASET: _joined([os.path.abspath(place) for place in places]),
        ENV_DATASET_DIGEST: permit.dataset_digest,
        ENV_KEYS: _joined([str(key.resolve()) for key in request.keys]),
        ENV_APPROVERS: _joined([str(key.resolve()) for key in request.approver_keys]),
        ENV_POLICY: _from_anywhere(request.policy or ""),
        ENV_REVOKED: str(request.revoked.resolve()) if request.revoked else "",
        ENV_THRESHOLD: str(request.threshold),
        ENV_REPORT_ONLY: "1" if request.allow_report_only else "",
        ENV_ALLOW_UNREAD: "1" if request.allow_unread else "",
        ENV_IDENTITY: f"{request.identity.issuer}#{request.identity.name}" if request.identity else "",
    }
