"""Whose signatures under the waivers of a permit whoever starts a training trusts.

The keys that an audit was given prove nothing here: whoever audits could have made them a minute before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from auditor.attest.approval import TrustedApprover, stated_approval, trusted_approvers
from auditor.attest.revocation import Revoked, RevokedKind
from auditor.domain.permit import Permit
from auditor.domain.rule import Pack
from auditor.domain.waiver import AppliedWaiver, WaiverMode, printable
from auditor.errors import RefusedError

_DIGITS = 12


def check_approvers(
    permit: Permit, given: Sequence[Path], pack: Pack | None, revoked: Collection[Revoked] = ()
) -> None:
    """Refuse a permit that rests on a signed waiver of nobody who is trusted here.

    The signatures are verified, not only their key ids. Waivers that a pack takes by name need none, unless
    a key is given.

    Args:
        given: public keys of approvers.
        pack: the pack that the permit must be for, which may list its approvers.
        revoked: keys among these count for nothing.

    Raises:
        RefusedError: a waiver lacks a signature by a key that is given or that the pack lists.
        UsageError, PolicyError: a key cannot be read.
    """
    trusted = _trusted(given, pack, {one.digest for one in revoked if one.kind is RevokedKind.KEY})
    needed = pack.threshold if pack is not None else 1
    signed = bool(given) or _taken(permit) == WaiverMode.SIGNED
    for one in permit.waivers:
        due = signed or bool(one.signed_by or one.approvals)
        if not one.stale and due and not stated_approval(one, trusted, needed).holds:
            raise RefusedError(
                printable(
                    f"the permit rests on a waiver that no approver trusted here {_signed(one, needed)}"
                ),
                fix="check whose keys these are, and name those that you trust: --approver-key K.pub; "
                "or name by --policy a pack that lists its approvers",
            )


def _signed(one: AppliedWaiver, needed: int) -> str:
    keys = ", ".join(key[:_DIGITS] for key in one.signed_by)
    asked = f"; {needed} must sign" if needed > 1 else ""
    return f"has signed: {one.finding or one.id}, signed by {f'key {keys}' if keys else 'nobody'}{asked}"


def _trusted(given: Sequence[Path], pack: Pack | None, revoked: set[str]) -> tuple[TrustedApprover, ...]:
    listed = trusted_approvers(pack.approvers, ()) if pack is not None and pack.approvers else ()
    every = (*listed, *trusted_approvers((), given))
    return tuple(one for one in every if one.key.key_id not in revoked)


def _taken(permit: Permit) -> str:
    stated = permit.facts.get("waivers")
    return str(stated.get("taken") or "") if isinstance(stated, dict) else ""
