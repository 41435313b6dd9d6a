"""Whoever starts a training names the approvers of waivers; what an audit was given proves nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.attest.approval import approve
from auditor.attest.keys import KeyType, PrivateKey, new_key, write_pair
from auditor.attest.revocation import Revoked, RevokedKind
from auditor.domain.permit import Permit, PermitResult
from auditor.domain.rule import Pack
from auditor.domain.waiver import AppliedWaiver, Approver, Waiver, WaiverMode, WaiverReason
from auditor.errors import RefusedError
from auditor.gate.approvers import check_approvers
from auditor.ids import Digest

BEA, CEM = new_key(KeyType.ED25519), new_key(KeyType.ED25519)
RISK = WaiverReason.RISK_ACCEPTED
WAIVER = Waiver("F-1", "r", RISK, "counsel has read it", "ann", "bea", "2027-01-01", "2027-06-30", 5, "house")
NOBODY = Digest(f"sha256:{'0' * 64}")
MOMENT = datetime(2027, 2, 1, tzinfo=UTC)
HOUSE = Pack("house", "1", "t", (), waivers=WaiverMode.SIGNED)


def stated(waiver: Waiver, *keys: PrivateKey) -> AppliedWaiver:
    return AppliedWaiver(
        "W-1",
        waiver.rule,
        f"{waiver.reason}: {waiver.text}",
        waiver.approver,
        waiver.expires,
        3,
        waiver.finding,
        author=waiver.author,
        created=waiver.created,
        policy=waiver.policy,
        signed_by=tuple(key.public().key_id for key in keys),
        approvals=waiver.approvals,
    )


def permit(*waivers: AppliedWaiver, taken: str = "signed") -> Permit:
    return Permit(
        NOBODY,
        PermitResult.PASSED,
        "allow-with-obligations",
        NOBODY,
        3,
        "urn:auditor:policy:house:1",
        NOBODY,
        MOMENT,
        waivers=waivers,
        facts={"waivers": {"taken": taken}},
    )


def public(folder: Path, key: PrivateKey, name: str) -> Path:
    write_pair(key, folder / name, None)
    return folder / f"{name}.pub"


def test_a_key_that_the_auditor_named_is_not_trusted_by_the_gate(tmp_path: Path) -> None:
    held = permit(stated(approve(WAIVER, BEA), BEA))
    bea, cem = public(tmp_path, BEA, "bea"), public(tmp_path, CEM, "cem")
    for given, pack in (((), None), ((), HOUSE), ((cem,), None), ((cem,), HOUSE)):
        with pytest.raises(RefusedError, match=BEA.public().key_id[:12]):
            check_approvers(held, given, pack)
    check_approvers(held, (bea,), None)
    check_approvers(held, (cem, bea), HOUSE)


def test_a_pack_that_lists_its_approvers_is_enough_and_names_how_many() -> None:
    pem = Approver(BEA.public().pem().decode(), "bea")
    other = Approver(CEM.public().pem().decode(), "cem")
    one = permit(stated(approve(WAIVER, BEA), BEA))
    check_approvers(one, (), replace(HOUSE, approvers=(pem,)))
    with pytest.raises(RefusedError):
        check_approvers(one, (), replace(HOUSE, approvers=(other,)))
    two = replace(HOUSE, approvers=(pem, other), threshold=2)
    with pytest.raises(RefusedError, match="2 must sign"):
        check_approvers(one, (), two)
    check_approvers(permit(stated(approve(approve(WAIVER, BEA), CEM, "cem"), BEA, CEM)), (), two)


def test_a_key_id_without_its_signature_counts_for_nothing(tmp_path: Path) -> None:
    bea, signed = public(tmp_path, BEA, "bea"), approve(WAIVER, BEA)
    good = stated(signed, BEA)
    forged = [
        stated(WAIVER, BEA),
        replace(stated(approve(WAIVER, CEM), CEM), signed_by=(BEA.public().key_id,)),
        replace(good, finding="F-2"),
        replace(good, samples=6),
        replace(good, expires="2027-12-31"),
        replace(good, reason="risk-accepted: another"),
        replace(good, approvals=("no JSON",)),
        replace(good, approvals=(json.dumps({"payload": "", "payloadType": "", "signatures": []}),)),
    ]
    for one in forged:
        with pytest.raises(RefusedError):
            check_approvers(permit(one), (bea,), None)
    check_approvers(permit(good), (bea,), None)


def test_names_do_where_the_pack_takes_them_and_no_key_is_given(tmp_path: Path) -> None:
    named = permit(stated(WAIVER), taken="named")
    check_approvers(named, (), None)
    with pytest.raises(RefusedError, match="signed by nobody"):
        check_approvers(named, (public(tmp_path, BEA, "bea"),), None)
    with pytest.raises(RefusedError):
        check_approvers(permit(stated(WAIVER)), (), None)
    check_approvers(permit(replace(stated(WAIVER), stale=True)), (), None)


def test_a_revoked_key_is_trusted_no_more(tmp_path: Path) -> None:
    held, bea = permit(stated(approve(WAIVER, BEA))), public(tmp_path, BEA, "bea")
    check_approvers(held, (bea,), None)
    with pytest.raises(RefusedError):
        check_approvers(held, (bea,), None, [Revoked(RevokedKind.KEY, BEA.public().key_id)])
