"""Check a permit without looking at data: its signatures, its terms, and what it must be for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from auditor.attest.keys import load_public
from auditor.attest.record import declared, plan_digest
from auditor.attest.revocation import read_revoked
from auditor.attest.row_list import RowList, read_rows, rows_path
from auditor.attest.verify import Expectation, check_permit, open_permit
from auditor.domain.permit import Permit
from auditor.domain.rule import Pack
from auditor.errors import RefusedError
from auditor.gate.approvers import check_approvers
from auditor.gate.request import SHIPPED, Request
from auditor.ids import Digest


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
        catalog_bundle=_catalog_bundle(request.knowledge),
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


def plan_file_digest(path: Path) -> Digest:
    """Return the digest of a plan by its content: comments, order and layout do not count.

    Raises:
        PlanError: it cannot be read.
    """
    from auditor.policy.plan.plans import load_plan

    return plan_digest(declared(load_plan(path)))


def _catalog_digest(named: str | None) -> Digest | None:
    """Return the digest of the named catalog; None where a bundle's own digest tells enough."""
    from auditor.knowledge.choice import read_choice
    from auditor.knowledge.load import load_knowledge

    choice = read_choice(named)
    if named is None or (choice.bundle and not choice.overlay):
        return None
    return load_knowledge(None if named == SHIPPED else Path(named)).digest


def _catalog_bundle(named: str | None) -> Digest | None:
    from auditor.knowledge.choice import read_choice

    return read_choice(named).bundle


def _check_terms(permit: Permit, pack: Pack) -> None:
    lacks = pack.permit.shortfall(permit.issued_at, permit.expires_at)
    if lacks is not None:
        raise RefusedError(lacks, fix="attest again with a shorter --expires")
