"""`auditor verify`: check a permit against data, plan and policy."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from auditor.cli.common import DataFormat, FormatOption, emit, emit_json, present, say
from auditor.domain.permit import PermitPurpose
from auditor.domain.waiver import waiver_line

if TYPE_CHECKING:
    from auditor.attest.keyless import Identity
    from auditor.domain.permit import Permit
    from auditor.gate.grant import Grant

SHOWN = 5
"""So many files are named; the rest are counted."""

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
    purpose: PurposeOption = PermitPurpose.TRAINING,
    report_only: ReportOnlyOption = False,
    output: FormatOption = DataFormat.TERMINAL,
) -> None:
    """Check signatures, terms and every row; 1 where the evidence says no, 4 where it cannot be verified."""
    from auditor.attest.binding import bind_all, names_of
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
    )
    granted = grant(request, dataset, present(), bound := bind_all(bind or []))
    held = granted.permit
    check_bound(held, names_of(bind or []))
    if output is DataFormat.JSON:
        emit_json(
            {
                "result": held.result,
                "outcome": held.outcome,
                "permit": held.digest,
                "dataset": held.dataset_digest,
                "samples": held.samples,
                "policy": held.policy,
                "signers": held.signers,
                "waivers": [asdict(one) for one in held.waivers],
                "version": held.version,
                "evidence": held.evidence if held.version > 1 else None,
                "expires": held.expires_at.isoformat() if held.expires_at else None,
                "not_compared": sorted(held.bound.keys() - bound.keys()),
                "absent": sorted({one.path for one in granted.absent}),
            }
        )
        return
    line = waiver_line(held.waivers)
    emit(f"PASSED{f' with waivers ({line})' if line else ''}: {held.samples:,} rows, permit {held.digest}")
    until = f"until {held.expires_at.isoformat()}" if held.expires_at else "without expiry"
    say(f"outcome {held.outcome}, policy {plain(held.policy_words)}, signed by {len(held.signers)}, {until}")
    say_evidence(held)
    say_not_compared(held.bound.keys() - bound.keys())
    say_beside(granted)
    say_unread(dataset)


def say_evidence(permit: Permit) -> None:
    """Tell what the verdict was held against when it was signed."""
    from auditor.domain.permit import EvidenceMode

    if permit.version == 1:
        say(
            "permit of the first form: the map of columns, the files beside the rows, the trainer's teachers "
            "and what its verdict was held against are not bound"
        )
        return
    match permit.evidence:
        case EvidenceMode.ROWS:
            say("evidence: rows (read and judged again before it was signed)")
        case EvidenceMode.LEDGER:
            say("evidence: ledger (judged again and held against the ledger's entry before it was signed)")
        case EvidenceMode.REPORT_ONLY:
            say("warning: evidence: report-only (neither rows nor ledger were compared)")
        case _:
            assert_never(permit.evidence)


def say_unread(places: Sequence[str]) -> None:
    """Tell which files in the data's folders hold no rows that were checked."""
    from auditor.gate.data_files import unread

    if names := unread(places):
        shown = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else "")
        say(f"not read, so not covered by the permit: {shown}")


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
