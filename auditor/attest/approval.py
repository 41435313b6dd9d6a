"""Approvals of waivers: an approver's DSSE signature over everything that the waiver says.

The payload is the canonical JSON of the waiver without its approvals, and `signed_as`, the name that the
approver signs by. What was edited after a signature, and a signature moved over from another waiver, are told
by that. A key counts once, and so does a person with two keys; the author, by name or by key, never does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from auditor.attest.envelope import Envelope, parse_envelope
from auditor.attest.keys import PrivateKey, PublicKey, load_public, read_public
from auditor.canonical import RowError, canonical, parse_row
from auditor.domain.waiver import (
    AppliedWaiver,
    Approval,
    Approver,
    Waiver,
    WaiverReason,
    printable,
    same_person,
)
from auditor.errors import EvidenceError, PolicyError, UsageError
from auditor.serialize import encode

PAYLOAD_TYPE = "application/vnd.auditor.waiver.v1+json"
"""Apart from that of permits, so that neither is ever taken for the other."""
_KEY_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class TrustedApprover:
    """A key whose signature under a waiver counts; `name` is whose it is, empty for whoever it says."""

    key: PublicKey
    name: str = ""


def approval_content(waiver: Waiver, signed_as: str) -> bytes:
    """Return the canonical bytes that an approver signs."""
    said = {**encode(waiver), "signed_as": signed_as}
    return canonical({key: value for key, value in said.items() if key != "approvals"})


def approve(waiver: Waiver, key: PrivateKey, name: str = "") -> Waiver:
    """Return the waiver with an approval by `key`, in place of older ones by it and of those that do not fit.

    Args:
        name: who signs; the waiver's approver by default.

    Raises:
        UsageError: the author signs, by name or by key.
    """
    who, own = name or waiver.approver, key.public().key_id
    if not same_person(who) or same_person(who) == same_person(waiver.author):
        raise UsageError(
            printable(f"{waiver.author} is the author of the waiver of {waiver.finding}"),
            fix="have somebody else approve it, by a key of their own (--key, --name)",
        )
    if own == waiver.author_key:
        raise UsageError(
            printable(f"this is the key of the author of the waiver of {waiver.finding}"),
            fix="have somebody else approve it, by a key of their own",
        )
    signed = Envelope(approval_content(waiver, who), PAYLOAD_TYPE, ()).sign(key)
    kept = [text for text in waiver.approvals if _still_fits(text, waiver, own)]
    return replace(waiver, approvals=(*kept, json.dumps(signed.as_json(), sort_keys=True)))


def _still_fits(text: str, waiver: Waiver, own: str) -> bool:
    try:
        envelope, _ = _read(text, waiver)
    except EvidenceError:
        return False
    return all(signature.key_id != own for signature in envelope.signatures)


def trusted_approvers(listed: Sequence[Approver], given: Iterable[Path]) -> tuple[TrustedApprover, ...]:
    """Return whose signatures count: those a pack lists, or those the user gives where it lists none.

    Raises:
        UsageError: a given key cannot be read, or is not one of those that the pack lists.
        PolicyError: a listed key cannot be read.
    """
    keys = [_given(path) for path in given]
    if not listed:
        return tuple(TrustedApprover(key) for key in keys)
    by_id = {key.key_id: key for key in keys}
    found, wanted = [], set()
    for one in listed:
        key = by_id.get(one.key) if _KEY_ID.fullmatch(one.key) else _listed(one)
        wanted.add(key.key_id if key else one.key)
        if key is not None:
            found.append(TrustedApprover(key, one.name))
    foreign = sorted(by_id.keys() - wanted)
    if foreign:
        raise UsageError(
            f"the policy lists its approvers, and the key {foreign[0][:12]} is not one of them",
            fix="leave out this --approver-key, or add the key to `approvers` of the pack",
        )
    return tuple(found)


def _given(path: Path) -> PublicKey:
    try:
        return load_public(path)
    except EvidenceError as error:
        raise UsageError(f"--approver-key: {error.message}", where=error.where, fix=error.fix) from error


def _listed(one: Approver) -> PublicKey:
    who = one.name or "an approver of the pack"
    try:
        return read_public(one.key.encode(), who)
    except EvidenceError as error:
        raise PolicyError(f"{error.message}", where=who, fix="give the PEM text of a .pub file") from error


def approvals_of(
    waivers: Iterable[Waiver], trusted: Sequence[TrustedApprover], needed: int = 1
) -> Mapping[Waiver, Approval]:
    """Return what the signatures under each waiver come to."""
    return {waiver: approval_of(waiver, trusted, needed) for waiver in waivers}


def approval_of(waiver: Waiver, trusted: Sequence[TrustedApprover], needed: int = 1) -> Approval:
    """Return which trusted people have signed a waiver as it now reads."""
    found: dict[str, tuple[str, str]] = {}
    faults = [] if trusted else ["no approver's key is trusted"]
    for text in waiver.approvals:
        try:
            key, name = _signer(text, waiver, trusted)
        except EvidenceError as error:
            faults.append(error.message)
            continue
        if any(key == other for other, _ in found.values()) or same_person(name) in found:
            faults.append(f"{name} counts once")
        else:
            found[same_person(name)] = (key, name)
    keys, people = tuple(key for key, _ in found.values()), tuple(name for _, name in found.values())
    return Approval(keys, people, needed, tuple(dict.fromkeys(faults)))


def stated_approval(stated: AppliedWaiver, trusted: Sequence[TrustedApprover], needed: int = 1) -> Approval:
    """Return what the signatures come to that a report or a permit states under a waiver.

    They are verified: a key id that is merely stated counts for nothing, nor does a signature under another
    waiver, or under one for fewer rows or another end.
    """
    found = Approval(needed=needed)
    for text in stated.approvals:
        waiver = _signed_waiver(text)
        if waiver is not None and _same(waiver, stated):
            one = approval_of(replace(waiver, approvals=stated.approvals), trusted, needed)
            found = max(found, one, key=lambda approval: len(approval.keys))
    return found


def _signed_waiver(text: str) -> Waiver | None:
    try:
        said = parse_row(parse_envelope(text.encode(), Path("approvals")).payload)
        del said["signed_as"]
        return Waiver(**{**said, "reason": WaiverReason(said["reason"])})
    except (EvidenceError, RowError, KeyError, TypeError, ValueError):
        return None


def _same(waiver: Waiver, stated: AppliedWaiver) -> bool:
    said = (waiver.finding, waiver.rule, f"{waiver.reason}: {waiver.text}", waiver.author, waiver.policy)
    shown = (stated.finding, stated.rule, stated.reason, stated.author, stated.policy)
    dates = (waiver.created, waiver.expires) == (stated.created, stated.expires)
    rows = type(waiver.samples) is int and waiver.samples >= stated.samples
    return said == shown and dates and rows


def _signer(text: str, waiver: Waiver, trusted: Sequence[TrustedApprover]) -> tuple[str, str]:
    envelope, name = _read(text, waiver)
    if same_person(name) in ("", same_person(waiver.author)):
        raise EvidenceError("the author's own approval never counts")
    message = envelope.signed_bytes()
    for one in trusted:
        if not any(one.key.verifies(signature.value, message) for signature in envelope.signatures):
            continue
        if one.key.key_id == waiver.author_key:
            raise EvidenceError("the author's own key never counts")
        if not one.name or same_person(one.name) == same_person(name):
            return one.key.key_id, name
    raise EvidenceError("a signature is by nobody who is trusted, or under a name that is not the key's")


def _read(text: str, waiver: Waiver) -> tuple[Envelope, str]:
    """Return an approval and the name it is signed by, if it says what the waiver says."""
    try:
        envelope = parse_envelope(text.encode(), Path("approvals"))
        name = parse_row(envelope.payload)["signed_as"]
        fits = isinstance(name, str) and envelope.payload == approval_content(waiver, name)
    except (EvidenceError, RowError, KeyError, TypeError, UnicodeEncodeError):
        raise EvidenceError("an approval is not a signed waiver") from None
    if envelope.payload_type != PAYLOAD_TYPE or not fits:
        raise EvidenceError("an approval is of another waiver, or of this one as it was before an edit")
    return envelope, name
