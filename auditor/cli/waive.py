"""`auditor waive`: accept a finding for a stated reason and time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.common import DEFAULT_OUT, emit, say, today
from auditor.domain.waiver import WaiverReason

DEFAULT_FILE = Path("waivers.yaml")


def waive(
    finding: Annotated[str, typer.Argument(help="Id of the finding, as the report prints it.")],
    reason: Annotated[WaiverReason, typer.Option("--reason", help="Why it is accepted.")],
    text: Annotated[str, typer.Option("--text", help="The same in words.")],
    expires: Annotated[str, typer.Option("--expires", help="Last day it holds, e.g. 2027-01-31.")],
    author: Annotated[str, typer.Option("--author", help="Who asks for it.", envvar="AUDITOR_AUTHOR")],
    approver: Annotated[str, typer.Option("--approver", help="Who accepts it: somebody else.")],
    audit: Annotated[Path, typer.Option("--audit", help="Folder that the audit wrote.")] = DEFAULT_OUT,
    waivers: Annotated[Path, typer.Option("--waivers", help="File to add it to.")] = DEFAULT_FILE,
    samples: Annotated[
        int | None, typer.Option("--samples", min=1, help="Rows it covers; those of the finding by default.")
    ] = None,
) -> None:
    """Accept a finding for a stated reason and time; the next audit with `--waivers` counts it."""
    from auditor.domain.waiver import Waiver
    from auditor.errors import UsageError
    from auditor.policy.waivers import load_waivers, propose, save_waivers
    from auditor.report.jsonfile import read_report

    report = read_report(audit)
    found = next((one for one in report.findings if one.id == finding), None)
    if found is None:
        known = ", ".join(one.id for one in report.findings) or "none"
        raise UsageError(f"the audit has no finding {finding}", where=str(audit), fix=f"findings: {known}")
    waiver = propose(
        Waiver(
            finding=finding,
            rule=found.rule,
            reason=reason,
            text=text,
            author=author,
            approver=approver,
            created=today().isoformat(),
            expires=expires,
            samples=samples or found.samples,
            policy=report.policy.name,
        ),
        found,
    )
    kept = [one for one in load_waivers(waivers) if one.finding != finding]
    save_waivers(waivers, [*kept, waiver])
    emit(f"{finding} waived until {expires} by {approver}: {found.title}")
    say(f"written to {waivers}; run the audit again with --waivers {waivers}")
