"""Other people's programs verify what is signed here, and see the same tampering."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from evidence import ROWS, write_audit, write_jsonl
from securesystemslib.dsse import Envelope as ReferenceEnvelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

from auditor.attest.envelope import dump, read_envelope
from auditor.attest.keys import KeyType, new_key, write_pair
from auditor.attest.manifest import signed_manifest
from auditor.attest.permit_files import PermitFiles, write_permit
from auditor.attest.record import read_record
from auditor.attest.statement import Signing

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KINDS = pytest.mark.parametrize("kind", list(KeyType))


def _signed(folder: Path, kind: KeyType) -> tuple[PermitFiles, Path]:
    key = new_key(kind)
    _, public = write_pair(key, folder / "KEY", None)
    data = write_jsonl(folder / "data.jsonl", ROWS)
    record = read_record(write_audit(folder / "out", data))
    return write_permit(record, Signing(NOW), [key], folder / "permit.intoto.json"), public


def _forge(path: Path) -> None:
    document = json.loads(path.read_text())
    inner = document.get("dsseEnvelope", document)
    payload = base64.b64decode(inner["payload"]).replace(b"PASSED", b"FAILED")
    inner["payload"] = base64.b64encode(payload).decode()
    path.write_text(json.dumps(document))


@pytest.fixture(scope="session")
def sigstore_modules() -> Path:
    """The folder in which `npm install @sigstore/verify @sigstore/bundle` was run."""
    folder = Path(os.environ.get("AUDITOR_NODE_MODULES", Path(__file__).parents[2] / "node_modules"))
    if shutil.which("node") is None or not (folder / "@sigstore" / "verify").is_dir():
        pytest.skip("@sigstore/verify not here: npm install it, or set AUDITOR_NODE_MODULES")
    return folder


@KINDS
def test_sigstore_verifies_the_bundles_and_sees_a_change(
    tmp_path: Path, kind: KeyType, sigstore_modules: Path
) -> None:
    files, public = _signed(tmp_path, kind)
    script = Path(__file__).with_name("verify_bundle.mjs")
    command = ["node", str(script), str(sigstore_modules), str(files.bundle), str(public)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    _forge(files.bundle)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "SIGNATURE_ERROR" in done.stderr


def _openssl(folder: Path, envelope_file: Path, public: Path, kind: KeyType) -> int:
    if shutil.which("openssl") is None:
        pytest.skip("openssl not here")
    envelope = read_envelope(envelope_file)
    (folder / "pae").write_bytes(envelope.signed_bytes())
    (folder / "sig").write_bytes(envelope.signatures[0].value)
    pae, signature = str(folder / "pae"), str(folder / "sig")
    match kind:
        case KeyType.ED25519:
            command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(public), "-rawin"]
            command += ["-in", pae, "-sigfile", signature]
        case KeyType.ECDSA_P256:
            command = ["openssl", "dgst", "-sha256", "-verify", str(public), "-signature", signature, pae]
    return subprocess.run(command, capture_output=True, check=False).returncode


@KINDS
def test_openssl_verifies_the_signed_bytes_and_sees_a_change(tmp_path: Path, kind: KeyType) -> None:
    files, public = _signed(tmp_path, kind)
    assert _openssl(tmp_path, files.permit, public, kind) == 0
    assert _openssl(tmp_path, files.test_result, public, kind) == 0
    _forge(files.permit)
    assert _openssl(tmp_path, files.permit, public, kind) != 0


@KINDS
def test_the_dsse_reference_library_verifies_and_sees_a_change(tmp_path: Path, kind: KeyType) -> None:
    files, public = _signed(tmp_path, kind)
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    document = json.loads(files.permit.read_text())
    key = SSlibKey.from_crypto(
        load_pem_public_key(public.read_bytes()),  # type: ignore[arg-type]
        keyid=document["signatures"][0]["keyid"],
    )
    ReferenceEnvelope.from_dict(json.loads(files.permit.read_text())).verify([key], 1)
    _forge(files.permit)
    with pytest.raises(VerificationError):
        ReferenceEnvelope.from_dict(json.loads(files.permit.read_text())).verify([key], 1)


def _model_signing(folder: Path, signature: Path, public: Path) -> int:
    command = [sys.executable, "-m", "model_signing", "verify", "key", str(folder)]
    command += ["--signature", str(signature), "--public_key", str(public)]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_model_signing_verifies_the_manifest_and_sees_a_change(tmp_path: Path) -> None:
    pytest.importorskip("model_signing")
    key = new_key(KeyType.ECDSA_P256)
    _, public = write_pair(key, tmp_path / "KEY", None)
    data = tmp_path / "data"
    write_jsonl(data / "a.jsonl", ROWS)
    write_jsonl(data / "deep" / "b.jsonl", ROWS[:3])
    write_jsonl(data / "a" / "c.jsonl", ROWS[:2])
    signature = tmp_path / "data.oms.sigstore.json"
    signature.write_bytes(dump(signed_manifest(data, key)))
    assert _model_signing(data, signature, public) == 0
    write_jsonl(data / "a.jsonl", ROWS[1:])
    assert _model_signing(data, signature, public) != 0
    write_jsonl(data / "a.jsonl", ROWS)
    write_jsonl(data / "extra.jsonl", ROWS)
    assert _model_signing(data, signature, public) != 0
