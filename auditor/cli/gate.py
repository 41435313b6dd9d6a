"""`auditor gate`: run a command only if a permit covers its data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.common import present, say
from auditor.cli.verify import (
    AllowUnreadOption,
    ApproverKeyOption,
    BindOption,
    CatalogOption,
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
    say_not_compared,
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
    approver_key: ApproverKeyOption = None,
    knowledge: CatalogOption = None,
    bind: BindOption = None,
    purpose: PurposeOption = PermitPurpose.TRAINING,
    report_only: ReportOnlyOption = False,
    allow_unread: AllowUnreadOption = False,
    trainer_config: Annotated[
        list[Path] | None,
        typer.Option(
            "--trainer-config", help="The trainer's settings (YAML, JSON), held against the permit."
        ),
    ] = None,
) -> None:
    """Verify, then become COMMAND; refuse with 1 or 4 and never start it."""
    from auditor.attest.binding import bind_all, names_of
    from auditor.cli.permit_words import permit_lines, unread_line
    from auditor.gate.grant import Request, check_bound, child_environment, grant
    from auditor.gate.launcher import find_command, launch
    from auditor.gate.trainer_config import check_settings, named_files

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
        allow_unread=allow_unread,
        approver_keys=tuple(approver_key or ()),
        knowledge=knowledge,
    )
    granted = grant(request, dataset, moment := present(), bound := bind_all(bind or []))
    held = granted.permit
    check_bound(held, names_of(bind or []))
    foreign = check_settings(held, trainer_config or (), command or [], dataset)
    say_not_compared(held.bound.keys() - bound.keys())
    say_beside(granted)
    compared = bool(trainer_config or named_files(command or [], dataset))
    for said in (*permit_lines(held, moment, compared=compared), unread_line(granted.unread)):
        if said:
            say(f"gate: {said}")
    if foreign:
        say(f"gate: the command names data that this permit does not cover: {', '.join(foreign)}")
    waived = f" with waivers ({line})" if (line := waiver_line(held.waivers)) else ""
    say(f"gate: {held.samples:,} rows permitted{waived} by {held.digest}; starting {(command or [''])[0]}")
    launch(program, command or [], child_environment(request, held, dataset))
