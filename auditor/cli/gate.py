"""`auditor gate`: run a command only if a permit covers its data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.common import present, say
from auditor.cli.verify import (
    BindOption,
    DatasetOption,
    IdentityOption,
    IssuerOption,
    KeyOption,
    PlanOption,
    PolicyOption,
    PurposeOption,
    ReportOnlyOption,
    RevokedOption,
    ThresholdOption,
    say_beside,
    say_evidence,
    say_not_compared,
    say_unread,
    trusted_identity,
)
from auditor.domain.permit import PermitPurpose
from auditor.domain.waiver import waiver_line


def gate(
    permit: Annotated[Path, typer.Option("--permit", help="Permit, as an envelope or a bundle.")],
    dataset: DatasetOption,
    key: KeyOption = None,
    command: Annotated[
        list[str] | None, typer.Argument(metavar="-- COMMAND…", help="What to run, with its arguments.")
    ] = None,
    identity: IdentityOption = None,
    issuer: IssuerOption = None,
    threshold: ThresholdOption = 1,
    plan: PlanOption = None,
    policy: PolicyOption = None,
    revoked: RevokedOption = None,
    bind: BindOption = None,
    purpose: PurposeOption = PermitPurpose.TRAINING,
    report_only: ReportOnlyOption = False,
) -> None:
    """Verify, then become COMMAND; refuse with 1 or 4 and never start it."""
    from auditor.attest.binding import bind_all, names_of
    from auditor.gate.grant import Request, check_bound, child_environment, grant
    from auditor.gate.launcher import find_command, launch

    program = find_command(command or [])
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
    say_evidence(held)
    say_not_compared(held.bound.keys() - bound.keys())
    say_beside(granted)
    say_unread(dataset)
    if "(" in held.policy_words:
        say(f"gate: policy {held.policy_words}")
    waived = f" with waivers ({line})" if (line := waiver_line(held.waivers)) else ""
    say(f"gate: {held.samples:,} rows permitted{waived} by {held.digest}; starting {(command or [''])[0]}")
    launch(program, command or [], child_environment(request, held, dataset))
