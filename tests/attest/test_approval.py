"""Signatures under waivers, and everything that must not count as one."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest

from auditor.attest.approval import (
    PAYLOAD_TYPE,
    TrustedApprover,
    approval_content,
    approval_of,
    approve,
    trusted_approvers,
)
from auditor.attest.envelope import PAYLOAD_TYPE as PERMIT_TYPE
from auditor.attest.envelope import Envelope
from auditor.attest.keys import KeyType, PrivateKey, new_key
from auditor.domain.waiver import Approver, Waiver, WaiverReason
from auditor.errors import PolicyError, UsageError

BEA, CEM, EVE = (new_key(kind) for kind in (KeyType.ED25519, KeyType.ECDSA_P256, KeyType.ED25519))
TRUSTED = (TrustedApprover(BEA.public()), TrustedApprover(CEM.public()))
WAIVER = Waiver(
    "F-1", "r", WaiverReason.COUNSEL_DECIDED, "counsel read the terms", "ann", "bea", "2026-11-01",
    "2027-01-31", 5, "commercial-api", "commercial-api",
)  # fmt: skip
SIGNED = approve(WAIVER, BEA)


def sealed(payload: bytes, key: PrivateKey, kind: str = PAYLOAD_TYPE) -> str:
    return json.dumps(Envelope(payload, kind, ()).sign(key).as_json())


def test_a_trusted_signature_holds_and_says_who() -> None:
    found = approval_of(SIGNED, TRUSTED)
    assert found.holds
    assert (found.keys, found.people) == ((BEA.public().key_id,), ("bea",))
    assert not approval_of(WAIVER, TRUSTED).holds


@pytest.mark.parametrize("name", [field.name for field in fields(Waiver) if field.name != "approvals"])
def test_a_waiver_that_was_edited_after_its_signature_does_not_hold(name: str) -> None:
    value = getattr(SIGNED, name)
    other = WaiverReason.FALSE_POSITIVE if name == "reason" else value + (1 if name == "samples" else "x")
    found = approval_of(replace(SIGNED, **{name: other}), TRUSTED)
    assert not found.holds
    assert "before an edit" in found.faults[0]


def test_the_signature_of_another_waiver_does_not_count() -> None:
    other = approve(replace(WAIVER, finding="F-2"), BEA)
    assert not approval_of(replace(WAIVER, approvals=other.approvals), TRUSTED).holds


def test_a_foreign_key_does_not_count_whatever_hint_it_leaves() -> None:
    assert not approval_of(approve(WAIVER, EVE), TRUSTED).holds
    forged = json.loads(approve(WAIVER, EVE).approvals[0])
    forged["signatures"][0]["keyid"] = BEA.public().key_id
    assert not approval_of(replace(WAIVER, approvals=(json.dumps(forged),)), TRUSTED).holds
    assert not approval_of(SIGNED, ()).holds


def test_the_author_approves_nothing_by_name_or_by_key() -> None:
    with pytest.raises(UsageError, match="author"):
        approve(WAIVER, BEA, "Ann ")
    own = replace(WAIVER, author_key=BEA.public().key_id)
    with pytest.raises(UsageError, match="key of the author"):
        approve(own, BEA)
    by_hand = replace(own, approvals=(sealed(approval_content(own, "bea"), BEA),))
    assert approval_of(by_hand, TRUSTED).faults == ("the author's own key never counts",)
    as_ann = replace(WAIVER, approvals=(sealed(approval_content(WAIVER, "ANN"), BEA),))
    assert approval_of(as_ann, TRUSTED).faults == ("the author's own approval never counts",)


def test_a_key_and_a_person_count_once_each() -> None:
    two_keys = approve(SIGNED, CEM)
    assert not approval_of(two_keys, TRUSTED, 2).holds
    two_names = replace(SIGNED, approvals=(*SIGNED.approvals, sealed(approval_content(WAIVER, "cem"), BEA)))
    assert not approval_of(two_names, TRUSTED, 2).holds
    twice = replace(SIGNED, approvals=SIGNED.approvals * 3)
    assert not approval_of(twice, (*TRUSTED, *TRUSTED), 2).holds
    both = approve(SIGNED, CEM, "cem")
    assert approval_of(both, TRUSTED, 2).holds
    assert approval_of(both, TRUSTED, 2).people == ("bea", "cem")
    assert not approval_of(both, TRUSTED, 3).holds


def test_two_keys_that_the_pack_gives_to_one_person_count_once() -> None:
    named = (TrustedApprover(BEA.public(), "Bea"), TrustedApprover(CEM.public(), "Bea"))
    assert not approval_of(approve(SIGNED, CEM), named, 2).holds
    assert not approval_of(approve(SIGNED, CEM, "cem"), named, 2).holds
    assert approval_of(SIGNED, named).holds


def test_a_second_approval_by_the_same_key_replaces_the_first() -> None:
    assert len(approve(SIGNED, BEA).approvals) == 1
    edited = replace(SIGNED, samples=9)
    assert approval_of(approve(edited, BEA), TRUSTED).faults == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"payload": 1, "payloadType": "x", "signatures": [{"sig": "AA=="}]}',
        sealed(b"not json", BEA),
        sealed(b"[]", BEA),
        sealed(b'{"signed_as": 1}', BEA),
        sealed(approval_content(WAIVER, "bea"), BEA, PERMIT_TYPE),
        sealed(b" " + approval_content(WAIVER, "bea"), BEA),
        sealed(approval_content(WAIVER, "\u200b"), BEA),
    ],
)
def test_what_is_not_an_approval_counts_for_nothing(text: str) -> None:
    found = approval_of(replace(WAIVER, approvals=(text,)), TRUSTED)
    assert not found.holds
    assert found.faults


def test_keys_come_from_the_pack_or_where_it_lists_none_from_the_user(tmp_path: Path) -> None:
    bea, eve = tmp_path / "bea.pub", tmp_path / "eve.pub"
    bea.write_bytes(BEA.public().pem())
    eve.write_bytes(EVE.public().pem())
    assert [one.key.key_id for one in trusted_approvers((), [bea])] == [BEA.public().key_id]
    text, id = Approver(BEA.public().pem().decode(), "Bea"), Approver(BEA.public().key_id, "Bea")
    assert trusted_approvers([text], [])[0].name == "Bea"
    assert trusted_approvers([id], []) == ()
    assert trusted_approvers([id], [bea])[0].key.key_id == BEA.public().key_id
    for listed in (text, id):
        with pytest.raises(UsageError, match="lists its approvers"):
            trusted_approvers([listed], [eve])
    for path in (tmp_path / "none.pub", tmp_path):
        with pytest.raises(UsageError):
            trusted_approvers((), [path])
    with pytest.raises(PolicyError):
        trusted_approvers([Approver("-----BEGIN PUBLIC KEY-----\nx\n")], [])
