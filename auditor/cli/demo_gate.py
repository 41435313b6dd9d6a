"""The end of the demo: the gate refuses the faulty set and passes the part that `split` kept."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from auditor.attest.keys import KeyType, new_key, write_pair
from auditor.attest.permit_files import write_permit
from auditor.attest.record import read_record
from auditor.attest.statement import Signing
from auditor.cli.attest import held_against
from auditor.cli.common import emit, now, say
from auditor.engine.request import AuditRequest
from auditor.errors import EnvironmentFault, RefusedError
from auditor.gate.grant import grant
from auditor.gate.request import Request

_HOLDS = timedelta(days=30)


def show_gate(faulty: AuditRequest) -> None:
    """Sign the audit of the faulty set, split it, audit what is kept, and ask the gate about both.

    Raises:
        EnvironmentFault: the gate passes the faulty set or refuses the kept part.
    """
    from dataclasses import replace

    from auditor.cli.audit import run_audit
    from auditor.cli.split import split

    out = faulty.out
    key = out / "demo-key.pem"
    for old in (key, key.with_name(f"{key.name}.pub")):
        old.unlink(missing_ok=True)
    write_pair(new_key(KeyType.ED25519), key, None)
    say("")
    say("The gate, in front of the training step:")
    if ask_gate(faulty, key, out / "permit.intoto.json"):
        raise EnvironmentFault("the gate passed the faulty set", fix="report this error")
    parts = out / "split"
    shutil.rmtree(parts, ignore_errors=True)
    split(out, list(faulty.data), parts)
    kept = replace(
        faulty,
        data=(str(parts / "kept"),),
        out=out / "kept-audit",
        command=f"auditor audit {parts / 'kept'} --out {out / 'kept-audit'}",
    )
    run_audit(kept, quiet=True)
    if not ask_gate(kept, key, out / "kept.intoto.json"):
        raise EnvironmentFault("the gate refused the part that was kept", fix="report this error")


def ask_gate(audited: AuditRequest, key: Path, permit: Path) -> bool:
    """Sign an audit, tell what the gate says of its data, and return whether training may start."""
    from auditor.attest.keys import load_private

    moment = now()
    data = list(audited.data)
    record = read_record(audited.out)
    # The first entries of all ledgers bear one id: the one in the working directory may be another audit's.
    signing = Signing(moment, moment + _HOLDS, {}, held_against(record, data, audited.ledger))
    files = write_permit(record, signing, [load_private(key)], permit)
    try:
        held = grant(Request(permit, (key.with_name(f"{key.name}.pub"),)), data, moment, {}).permit
    except RefusedError as refusal:
        emit(f"refused                {files.result} {permit}: {refusal.message}")
        return False
    emit(f"passed                 {files.result} {permit}: {held.samples:,} rows may be trained on")
    return True
