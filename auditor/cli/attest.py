"""`auditor attest`: sign an audit's verdict."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.common import emit, now, say
from auditor.errors import UsageError

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
    manifest: Annotated[
        Path | None,
        typer.Option("--manifest", help="Data folder: sign its OpenSSF model-signing manifest too."),
    ] = None,
) -> None:
    """Sign an audit's verdict as a permit: PASSED where all rows are allowed, FAILED otherwise."""
    from auditor.attest.binding import bind_all
    from auditor.attest.envelope import dump
    from auditor.attest.files import write_new
    from auditor.attest.manifest import signed_manifest
    from auditor.attest.permit_files import write_keyless, write_permit
    from auditor.attest.record import read_record
    from auditor.attest.row_list import rows_path
    from auditor.attest.statement import Signing
    from auditor.cli.keys import load_signer

    moment = now()
    signing = Signing(moment, moment + duration(expires) if expires else None, bind_all(bind or []))
    if keyless:
        bundle = write_keyless(read_record(folder), signing, out, os.environ.get(ID_TOKEN))
        say(f"signed keyless; this statement is in the public log (rows {rows_path(bundle).name})")
        emit(str(bundle))
        return
    keys = [load_signer(path) for path in key or ()]
    files = write_permit(read_record(folder), signing, keys, out)
    if manifest is not None:
        write_new(out.with_name(f"{out.name}.oms.sigstore.json"), dump(signed_manifest(manifest, keys[0])))
    say(f"{files.result}: {files.permit} (rows {files.rows.name}, bundle {files.bundle.name})")
    say(f"to revoke it, put this line on a list: payload:{files.digest.removeprefix('sha256:')}")
    emit(str(files.permit))


def duration(text: str) -> timedelta:
    """Read a length of time such as `30d`.

    Raises:
        UsageError: another form, zero, or beyond ten years.
    """
    match = re.fullmatch(r"([0-9]{1,9})([smhd])", text)
    length = timedelta(**{_UNITS[match.group(2)]: int(match.group(1))}) if match else timedelta()
    if not timedelta() < length <= timedelta(days=3660):
        raise UsageError(f"no length of time: {text!r}", fix="give e.g. 90s, 15m, 12h or 30d")
    return length
