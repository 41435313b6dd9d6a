"""`auditor verify`: check a permit against data, plan and policy."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.common import DataFormat, FormatOption, emit, emit_json, present, say

if TYPE_CHECKING:
    from auditor.attest.keyless import Identity
    from auditor.gate.grant import Grant
    from auditor.ids import Digest

DatasetOption = Annotated[
    list[str], typer.Option("--dataset", help="Data that the permit must cover; repeat for several.")
]
KeyOption = Annotated[
    list[Path] | None, typer.Option("--key", help="Trusted public key; repeat for several.")
]
IdentityOption = Annotated[
    str | None, typer.Option("--identity", help="Who signed without a key: an e-mail, or a workflow's URL.")
]
IssuerOption = Annotated[str | None, typer.Option("--issuer", help="Who vouches for --identity: a URL.")]
ThresholdOption = Annotated[int, typer.Option("--threshold", help="How many distinct keys must have signed.")]
PlanOption = Annotated[Path | None, typer.Option("--plan", help="Plan that the permit must be for.")]
PolicyOption = Annotated[str | None, typer.Option("--policy", help="Pack that the permit must be for.")]
RevokedOption = Annotated[Path | None, typer.Option("--revoked", help="Revocation list, one SHA-256 a line.")]
BindOption = Annotated[
    list[str] | None,
    typer.Option("--bind", help="NAME=PATH: the tokenizer, chat-template or collator about to be used."),
]

AllowUnreadOption = Annotated[
    bool,
    typer.Option("--allow-unread", help="Start beside data-like files that were not read; all are named."),
]


def verify(
    permit: Annotated[Path, typer.Argument(help="Permit, as an envelope or a bundle.")],
    dataset: DatasetOption,
    key: KeyOption = None,
    identity: IdentityOption = None,
    issuer: IssuerOption = None,
    threshold: ThresholdOption = 1,
    plan: PlanOption = None,
    policy: PolicyOption = None,
    revoked: RevokedOption = None,
    bind: BindOption = None,
    allow_unread: AllowUnreadOption = False,
    output: FormatOption = DataFormat.TERMINAL,
) -> None:
    """Check signatures, terms and every row; 1 where the evidence says no, 4 where it cannot be verified."""
    from auditor.attest.binding import bind_all, names_of
    from auditor.cli.permit_words import permit_lines, unread_line
    from auditor.gate.grant import Request, check_bound, grant

    signer = trusted_identity(identity, issuer)
    request = Request(permit, tuple(key or ()), threshold, plan, policy, revoked, signer)
    request = replace(request, allow_unread=allow_unread)
    granted = grant(request, dataset, moment := present(), bound := bind_all(bind or []))
    held = granted.permit
    check_bound(held, names_of(bind or []))
    if output is DataFormat.JSON:
        emit_json(_facts(granted, bound, moment))
        return
    emit(f"PASSED: {held.samples:,} rows, permit {held.digest}")
    until = f"until {held.expires_at.isoformat()}" if held.expires_at else "without expiry"
    say(f"outcome {held.outcome}, policy {held.policy}, signed by {len(held.signers)}, {until}")
    say_not_compared(held.bound.keys() - bound.keys())
    for line in (*permit_lines(held, moment), unread_line(granted.unread)):
        if line:
            say(line)


def _facts(granted: Grant, bound: Mapping[str, Digest], moment: datetime) -> dict[str, Any]:
    """Return what was verified, as JSON values."""
    from auditor.cli.permit_words import permit_facts

    held = granted.permit
    return {
        "result": held.result,
        "outcome": held.outcome,
        "permit": held.digest,
        "dataset": held.dataset_digest,
        "samples": held.samples,
        "policy": held.policy,
        "signers": held.signers,
        "expires": held.expires_at.isoformat() if held.expires_at else None,
        "not_compared": sorted(held.bound.keys() - bound.keys()),
        "unread": list(granted.unread),
        **permit_facts(held, moment),
    }


def say_not_compared(names: AbstractSet[str]) -> None:
    """Tell what the permit binds and nobody named here."""
    if names:
        say(f"bound by the permit and not compared here: {', '.join(sorted(names))} (see --bind)")


def trusted_identity(name: str | None, issuer: str | None) -> Identity | None:
    """Return who must have signed without a key.

    Raises:
        UsageError: one of the two without the other.
    """
    from auditor.attest.keyless import Identity
    from auditor.errors import UsageError

    if (name is None) != (issuer is None):
        raise UsageError("--identity and --issuer go together", fix="give both, or --key")
    return None if name is None or issuer is None else Identity(name, issuer)
