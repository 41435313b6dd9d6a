"""`auditor verify`: check a permit against data, plan and policy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.common import DataFormat, FormatOption, emit, emit_json, now, say

DatasetOption = Annotated[
    list[str], typer.Option("--dataset", help="Data that the permit must cover; repeat for several.")
]
KeyOption = Annotated[list[Path], typer.Option("--key", help="Trusted public key; repeat for several.")]
ThresholdOption = Annotated[int, typer.Option("--threshold", help="How many distinct keys must have signed.")]
PlanOption = Annotated[Path | None, typer.Option("--plan", help="Plan that the permit must be for.")]
PolicyOption = Annotated[str | None, typer.Option("--policy", help="Pack that the permit must be for.")]
RevokedOption = Annotated[Path | None, typer.Option("--revoked", help="Revocation list, one SHA-256 a line.")]
BindOption = Annotated[
    list[str] | None,
    typer.Option("--bind", help="NAME=PATH: the tokenizer, chat-template or collator about to be used."),
]


def verify(
    permit: Annotated[Path, typer.Argument(help="Permit, as an envelope or a bundle.")],
    dataset: DatasetOption,
    key: KeyOption,
    threshold: ThresholdOption = 1,
    plan: PlanOption = None,
    policy: PolicyOption = None,
    revoked: RevokedOption = None,
    bind: BindOption = None,
    output: FormatOption = DataFormat.TERMINAL,
) -> None:
    """Check signatures, terms and every row; 1 where the evidence says no, 4 where it cannot be verified."""
    from auditor.attest.binding import bind_all
    from auditor.gate.grant import Request, grant

    request = Request(permit, tuple(key), threshold, plan, policy, revoked)
    held = grant(request, dataset, now(), bind_all(bind or [])).permit
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
                "expires": held.expires_at.isoformat() if held.expires_at else None,
            }
        )
        return
    emit(f"PASSED: {held.samples:,} rows, permit {held.digest}")
    until = f"until {held.expires_at.isoformat()}" if held.expires_at else "without expiry"
    say(f"outcome {held.outcome}, policy {held.policy}, signed by {len(held.signers)}, {until}")
