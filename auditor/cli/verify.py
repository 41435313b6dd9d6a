"""`auditor verify`: check a permit against data, plan and policy."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditor.cli.common import DataFormat, FormatOption, emit, emit_json, present, say
from auditor.domain.permit import PermitPurpose
from auditor.domain.waiver import waiver_line

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
RevokedOption = Annotated[
    Path | None, typer.Option("--revoked", help="Revocation list: payload:, dataset: or key:SHA256.")
]
ApproverKeyOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--approver-key", help="Public key whose signature under the permit's waivers counts; repeatable."
    ),
]
CatalogOption = Annotated[
    str | None,
    typer.Option("--knowledge", help="Catalog that the permit must be by: shipped, or an overlay's folder."),
]
PurposeOption = Annotated[
    PermitPurpose, typer.Option("--purpose", help="What the rows are about to be used for.")
]
ReportOnlyOption = Annotated[
    bool,
    typer.Option("--allow-report-only", help="Take a verdict held against nothing but its own report."),
]
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
    approver_key: ApproverKeyOption = None,
    knowledge: CatalogOption = None,
    bind: BindOption = None,
    purpose: PurposeOption = PermitPurpose.TRAINING,
    report_only: ReportOnlyOption = False,
    allow_unread: AllowUnreadOption = False,
    output: FormatOption = DataFormat.TERMINAL,
) -> None:
    """Check signatures, terms and every row; 1 where the evidence says no, 4 where it cannot be verified."""
    from auditor.attest.binding import bind_all, names_of
    from auditor.cli.permit_words import permit_lines, unread_line
    from auditor.gate.grant import Request, check_bound, grant
    from auditor.report.words import plain

    signer = trusted_identity(identity, issuer)
    request = Request(
        permit,
        tuple(key or ()),
        threshold,
        plan,
        policy,
        revoked,
        signer,
        purpose=purpose,
        allow_report_only=report_only,
        allow_unread=allow_unread,
        approver_keys=tuple(approver_key or ()),
        knowledge=knowledge,
    )
    granted = grant(request, dataset, moment := present(), bound := bind_all(bind or []))
    held = granted.permit
    check_bound(held, names_of(bind or []))
    if output is DataFormat.JSON:
        emit_json(_facts(granted, bound, moment))
        return
    line = waiver_line(held.waivers)
    emit(f"PASSED{f' with waivers ({line})' if line else ''}: {held.samples:,} rows, permit {held.digest}")
    until = f"until {held.expires_at.isoformat()}" if held.expires_at else "without expiry"
    say(f"outcome {held.outcome}, policy {plain(held.policy_words)}, signed by {len(held.signers)}, {until}")
    say_not_compared(held.bound.keys() - bound.keys())
    say_beside(granted)
    for said in (*permit_lines(held, moment), unread_line(granted.unread)):
        if said:
            say(said)


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
        "version": held.version,
        "waivers": [asdict(one) for one in held.waivers],
        "absent": sorted({one.path for one in granted.absent}),
        "expires": held.expires_at.isoformat() if held.expires_at else None,
        "not_compared": sorted(held.bound.keys() - bound.keys()),
        "unread": list(granted.unread),
        **permit_facts(held, moment),
    }


def say_beside(granted: Grant) -> None:
    """Tell what the permit binds beside the rows and is gone, or that it is of the first version."""
    from auditor.gate.beside import said_absent

    if granted.permit.version < 2:
        say("the permit is of the first version: it binds no cards, licenses, side files, labels or columns")
    elif line := said_absent(granted.absent):
        say(line)


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
