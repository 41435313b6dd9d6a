"""Waivers that a permit may rest on: those that still hold, approved by others than its signers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from auditor.attest.keys import PrivateKey
from auditor.attest.record import AuditRecord
from auditor.domain.waiver import AppliedWaiver
from auditor.errors import EvidenceError, RefusedError, UsageError


def check_waivers(waivers: Iterable[AppliedWaiver], signers: Sequence[str], today: date) -> None:
    """Refuse a permit whose waivers have ended, or that nobody signed but those who approved one.

    Raises:
        RefusedError: it does not hold, or a waiver's last day cannot be read.
    """
    for one in waivers:
        if one.stale:
            continue
        name, ended = one.finding or one.id, one.expires or "an unknown day"
        if _last_day(one) < today:
            raise RefusedError(
                f"the permit rests on a waiver that ended on {ended}: {name}",
                fix="decide again on the finding, then audit and attest again",
            )
        if one.signed_by and set(signers) <= set(one.signed_by):
            raise RefusedError(
                f"who signed the permit approved a waiver that it rests on: {name}",
                fix="have the permit signed by a key that approved none of its waivers",
            )


def check_signers(record: AuditRecord, keys: Iterable[PrivateKey]) -> None:
    """Refuse to sign an audit by no key but those that approved one of its waivers.

    Raises:
        UsageError: all keys did.
        EvidenceError: the report's waivers are not those that it could rest on.
    """
    signers = {key.public().key_id for key in keys}
    waivers = waivers_of(record)
    _check_list(record, waivers)
    for one in waivers:
        if signers and signers <= set(one.signed_by):
            raise UsageError(
                f"this key approved a waiver that the permit would rest on: {one.finding or one.id}",
                fix="sign by a key that approved none of its waivers, or by one more --key",
            )


def _check_list(record: AuditRecord, waivers: Iterable[AppliedWaiver]) -> None:
    taken = record.report.policy.waivers
    lifted = {one.finding for one in waivers if not one.stale}
    unsigned = {one.finding for one in waivers if not one.stale and not one.signed_by}
    claimed = {one.id for one in record.report.findings if one.waived_by}
    wrong = claimed - lifted or (lifted if taken == "none" else unsigned if taken == "signed" else set())
    if wrong:
        raise EvidenceError(
            f"a finding is called waived without a waiver that the policy takes: {min(map(str, wrong))}",
            fix="run `auditor audit` again",
        )


def waivers_of(record: AuditRecord) -> tuple[AppliedWaiver, ...]:
    """Return the waivers that an audit rests on."""
    return record.report.waivers


def _last_day(waiver: AppliedWaiver) -> date:
    try:
        return date.fromisoformat(waiver.expires)
    except ValueError:
        return date.min
