"""`auditor keys`: make signing keys, and sign a permit a second time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.attest.keys import KeyType
from auditor.cli.common import emit, say

if TYPE_CHECKING:
    from auditor.attest.keys import PrivateKey

app = typer.Typer(no_args_is_help=True, help="Make signing keys.")

PASSWORD = "AUDITOR_KEY_PASSWORD"


def load_signer(path: Path) -> PrivateKey:
    """Read a private key with the password of the environment; warn where others can read it in plain.

    Raises:
        EvidenceError: it cannot be read.
    """
    from auditor.attest.keys import is_open, load_private

    key = load_private(path, os.environ.get(PASSWORD))
    if is_open(path):
        say(f"warning: others can read {path}, which is not encrypted; chmod 600 it")
    return key


@app.command()
def new(
    out: Annotated[Path, typer.Option("--out", help="Private key file; KEY.pub is written beside it.")],
    kind: Annotated[KeyType, typer.Option("--type", help="Signature scheme.")] = KeyType.ED25519,
) -> None:
    """Make a key pair; AUDITOR_KEY_PASSWORD encrypts the private half."""
    from auditor.attest.keys import new_key, write_pair

    password = os.environ.get(PASSWORD)
    key = new_key(kind)
    private, public = write_pair(key, out, password)
    if password is None:
        say(f"warning: {private} is not encrypted (mode 0600); set {PASSWORD} to encrypt new keys")
    say(f"private key: {private}")
    say(f"public key:  {public}")
    emit(key.public().key_id)


@app.command()
def cosign(
    permit: Annotated[Path, typer.Argument(help="Permit to sign once more.")],
    key: Annotated[Path, typer.Option("--key", help="Private key of the second signer.")],
) -> None:
    """Add a signature to a permit, where a verifier asks for more than one."""
    from auditor.attest.permit_files import add_signature

    signed, signers = add_signature(permit, load_signer(key))
    until = f"until {signed.expires_at.isoformat()}" if signed.expires_at else "without expiry"
    say(f"{signed.result}: {signed.samples:,} rows {signed.dataset_digest}, policy {signed.policy}, {until}")
    say(f"signed by {len(signers)} keys:")
    for key_id in signers:
        emit(key_id)
