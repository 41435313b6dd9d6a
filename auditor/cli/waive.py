"""`auditor waive`: accept a finding for a stated reason and time, and sign for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from auditor.cli.common import DEFAULT_OUT, emit, say, today
from auditor.cli.option_groups import grouped
from auditor.domain.waiver import Waiver, WaiverReason, printable
from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.domain.finding import Finding
    from auditor.domain.report.report import Report

DEFAULT_FILE = Path("waivers.yaml")
_WRITE = "add"


class WaiveGroup(TyperGroup):
    """Take `waive FINDING …` for `waive add FINDING …`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in where a finding stands in its place."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [_WRITE, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=WaiveGroup,
    no_args_is_help=True,
    help="Accept a finding for a stated reason and time: `waive FINDING …` writes it, `waive approve` signs.",
)


@dataclass(frozen=True, slots=True)
class WaiverOptions:
    """What a waiver says, and who asks for it and accepts it."""

    reason: Annotated[WaiverReason, typer.Option("--reason", help="Why it is accepted.")]
    text: Annotated[str, typer.Option("--text", help="The same in words.")]
    expires: Annotated[str, typer.Option("--expires", help="Last day it holds, e.g. 2027-01-31.")]
    author: Annotated[str, typer.Option("--author", help="Who asks for it.", envvar="AUDITOR_AUTHOR")]
    approver: Annotated[str, typer.Option("--approver", help="Who accepts it: somebody else.")]

    def waiver(self, found: Finding, report: Report, samples: int | None, author_key: Path | None) -> Waiver:
        """Return the waiver of a finding, under the policy and the use of its audit.

        Raises:
            UsageError: the finding cannot be waived so.
        """
        from auditor.attest.keys import load_public
        from auditor.policy.waivers.waivers import propose

        use = report.plan.intended_use if report.plan else None
        stated = Waiver(
            finding=found.id,
            rule=found.rule,
            reason=self.reason,
            text=self.text,
            author=self.author,
            approver=self.approver,
            created=today().isoformat(),
            expires=self.expires,
            samples=samples or found.samples,
            policy=report.policy.name,
            use=str(use or ""),
            author_key=load_public(author_key).key_id if author_key else "",
        )
        return propose(stated, found)


@app.command(_WRITE)
@grouped
def add(
    finding: Annotated[str, typer.Argument(help="Id of the finding, as the report prints it.")],
    asked: WaiverOptions,
    audit: Annotated[Path, typer.Option("--audit", help="Folder that the audit wrote.")] = DEFAULT_OUT,
    waivers: Annotated[Path, typer.Option("--waivers", help="File to add it to.")] = DEFAULT_FILE,
    samples: Annotated[
        int | None, typer.Option("--samples", min=1, help="Rows it covers; those of the finding by default.")
    ] = None,
    author_key: Annotated[
        Path | None,
        typer.Option("--author-key", help="The author's public key, which can then approve nothing."),
    ] = None,
) -> None:
    """Write a waiver of one finding into a file; the next audit with `--waivers FILE` counts it."""
    from auditor.policy.waivers.waiver_file import load_waivers, save_waivers
    from auditor.report.jsonfile import read_report

    report = read_report(audit)
    found = _finding(report, finding, audit)
    waiver = asked.waiver(found, report, samples, author_key)
    kept = [one for one in load_waivers(waivers) if one.finding != finding]
    save_waivers(waivers, [*kept, waiver])
    said = f"{finding} waived until {asked.expires}, to be accepted by {asked.approver}: {found.title}"
    emit(printable(said))
    if report.policy.waivers == "signed":
        say(f"policy {report.policy.name} asks for a signature: auditor waive approve {waivers} --key KEY")
    say(f"written to {waivers}; run the audit again with --waivers {waivers}")


def _finding(report: Report, id: str, audit: Path) -> Finding:
    found = next((one for one in report.findings if one.id == id), None)
    if found is None:
        known = ", ".join(one.id for one in report.findings) or "none"
        raise UsageError(f"the audit has no finding {id}", where=str(audit), fix=f"findings: {known}")
    return found


@app.command()
def approve(
    file: Annotated[Path, typer.Argument(help="File of waivers.")],
    key: Annotated[Path, typer.Option("--key", help="Private key of the approver.")],
    name: Annotated[
        str, typer.Option("--name", help="Who signs; by default the approver whom each waiver names.")
    ] = "",
    finding: Annotated[
        list[str] | None, typer.Option("--finding", help="Sign just the waiver of it; repeat for several.")
    ] = None,
) -> None:
    """Sign each waiver of a file as somebody else than its author; a later edit voids the signature."""
    from auditor.attest.approval import approve as signed_by
    from auditor.cli.keys import load_signer
    from auditor.policy.waivers.waiver_file import read_waivers, save_waivers

    signer, held = load_signer(key), read_waivers(file).waivers
    unknown = sorted(set(finding or ()) - {one.finding for one in held})
    if unknown or not held:
        wanted = unknown[0] if unknown else "any finding"
        raise UsageError(f"the file holds no waiver of {wanted}", where=str(file))
    chosen = [one for one in held if not finding or one.finding in finding]
    signed = {id(one): signed_by(one, signer, name) for one in chosen}
    save_waivers(file, [signed.get(id(one), one) for one in held])
    for one in chosen:
        said = f"{one.finding} ({one.rule}, {one.samples:,} rows, until {one.expires})"
        emit(printable(f"{said}: signed as {name or one.approver}"))
    say(f"{file} signed by key {signer.public().key_id}")
