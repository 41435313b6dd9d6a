"""`auditor attest`: sign an audit's verdict."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from auditor import interrupts
from auditor.cli.common import DEFAULT_LEDGER, emit, now, say
from auditor.cli.progress import progress
from auditor.domain.waiver import waiver_line
from auditor.errors import UsageError
from auditor.ids import hex_of

if TYPE_CHECKING:
    from auditor.attest.record import AuditRecord
    from auditor.attest.statement import Signing
    from auditor.domain.permit import EvidenceMode

ID_TOKEN = "SIGSTORE_ID_TOKEN"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def attest(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that an audit wrote.")],
    key: Annotated[
        list[Path] | None, typer.Option("--key", help="Private key; repeat for several signers.")
    ] = None,
    keyless: Annotated[
        bool, typer.Option("--keyless", help="Sign online under a CI identity, in Sigstore's public log.")
    ] = False,
    out: Annotated[Path, typer.Option("--out", help="Permit to write.")] = Path("permit.intoto.json"),
    expires: Annotated[
        str | None, typer.Option("--expires", help="How long it holds: 90s, 15m, 12h, 30d.")
    ] = None,
    bind: Annotated[
        list[str] | None,
        typer.Option("--bind", help="NAME=PATH: bind a tokenizer, chat-template or collator by digest."),
    ] = None,
    dataset: Annotated[
        list[str] | None,
        typer.Option("--dataset", help="The audited data, read and judged again; repeatable."),
    ] = None,
    ledger: Annotated[str | None, typer.Option("--ledger", help="Ledger that must hold the audit.")] = None,
    manifest: Annotated[
        Path | None,
        typer.Option("--manifest", help="Data folder: sign its OpenSSF model-signing manifest too."),
    ] = None,
) -> None:
    """Sign an audit's verdict as a permit: PASSED where all rows are allowed, FAILED otherwise.

    Its origins are judged again, and it is held against its ledger entry or its rows; where neither is at
    hand the permit says `report-only`, which the gate refuses.
    """
    from auditor.attest.binding import bind_all
    from auditor.attest.record import read_record
    from auditor.attest.statement import Signing, config_lacks
    from auditor.confirm.grounds import check_expiry

    moment = now()
    until = moment + duration(expires) if expires else None
    bound = bind_all(bind or [])
    record = read_record(folder)
    check_expiry(record, moment, until)
    signing = Signing(moment, until, bound, held_against(record, dataset or [], ledger))
    if lacks := config_lacks(record.report):
        say(f"warning: {lacks}")
    if keyless:
        _sign_keyless(record, signing, out)
    else:
        _sign(record, signing, key or [], out, manifest)


def _sign_keyless(record: AuditRecord, signing: Signing, out: Path) -> None:
    from auditor.attest.permit_files import write_keyless
    from auditor.attest.row_list import rows_path

    bundle = write_keyless(record, signing, out, os.environ.get(ID_TOKEN))
    interrupts.note_done(f"the permit is signed and written: {bundle}")
    say(f"signed keyless; this statement is in the public log (rows {rows_path(bundle).name})")
    emit(str(bundle))


def _sign(
    record: AuditRecord, signing: Signing, key: Sequence[Path], out: Path, manifest: Path | None
) -> None:
    from auditor.attest.envelope import dump
    from auditor.attest.files import write_new
    from auditor.attest.manifest import signed_manifest
    from auditor.attest.permit_files import write_permit
    from auditor.attest.rested_on import check_signers, waivers_of
    from auditor.cli.keys import load_signer

    keys = [load_signer(path) for path in key]
    check_signers(record, keys)
    with interrupts.held_back():
        files = write_permit(record, signing, keys, out)
        interrupts.note_done(f"the permit is signed and written: {files.permit}")
    if manifest is not None:
        write_new(out.with_name(f"{out.name}.oms.sigstore.json"), dump(signed_manifest(manifest, keys[0])))
    line = waiver_line(waivers_of(record))
    result = f"{files.result} with waivers" if line else files.result
    say(f"{result}: {files.permit} (rows {files.rows.name}, bundle {files.bundle.name})")
    if line:
        say(line)
    say(f"to revoke it, put this line on a list: payload:{hex_of(files.digest)}")
    emit(str(files.permit))


def held_against(record: AuditRecord, dataset: Sequence[str], ledger: str | None = None) -> EvidenceMode:
    """Hold an audit against all that is at hand, say how, and return the evidence."""
    from auditor.confirm.evidence import hold_up
    from auditor.domain.permit import EvidenceMode

    default = os.environ.get("AUDITOR_LEDGER") or DEFAULT_LEDGER
    with progress("judging again", record.report.dataset.samples) as bar:
        held = hold_up(
            record, now, dataset=dataset, ledger=ledger, default_ledger=default, progress=bar.update
        )
    match held.mode:
        case EvidenceMode.ROWS:
            say("evidence: the rows were read and judged again")
        case EvidenceMode.LEDGER:
            say(
                f"evidence: the origins were judged again; the ledger's entry {record.report.audit_id} agrees"
            )
        case EvidenceMode.REPORT_ONLY:
            say(f"warning: evidence is report-only, which the gate refuses: {'; '.join(held.reasons)}")
        case _:
            assert_never(held.mode)
    return held.mode


def duration(text: str) -> timedelta:
    """Read a length of time such as `30d`.

    Raises:
        UsageError: another form, zero, or beyond ten years.
    """
    match = re.fullmatch(r"([0-9]{1,9})([smhd])", text)
    length = timedelta(**{_UNITS[match.group(2)]: int(match.group(1))}) if match else timedelta()
    if not timedelta() < length <= timedelta(days=3660):
        raise UsageError(f"{text!r} is not a length of time", fix="give e.g. 90s, 15m, 12h or 30d")
    return length
