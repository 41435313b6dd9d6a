"""The files that `attest` writes: the permit, the same as a bundle, the test result, the row list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.attest.envelope import MAX_BYTES, dump, parse_envelope, seal
from auditor.attest.files import read_bounded, write_new
from auditor.attest.keyless import sign_keyless
from auditor.attest.keys import PrivateKey
from auditor.attest.record import AuditRecord
from auditor.attest.row_list import rows_path
from auditor.attest.statement import Signing, permit_payload, result_of, result_payload
from auditor.attest.verify import unsigned_permit
from auditor.domain.permit import Permit, PermitResult
from auditor.errors import UsageError
from auditor.ids import Digest, digest_of

_ENDING = ".intoto.json"


@dataclass(frozen=True, slots=True)
class PermitFiles:
    """Where the parts of a permit lie, and what it says."""

    result: PermitResult
    digest: Digest
    """SHA-256 of the signed payload, by which a permit is revoked."""
    permit: Path
    bundle: Path
    test_result: Path
    rows: Path


def write_permit(record: AuditRecord, signing: Signing, keys: Sequence[PrivateKey], out: Path) -> PermitFiles:
    """Sign an audit and write all files; `out` ends in `.intoto.json`.

    Raises:
        UsageError: another ending, no key, or a useless expiry.
        EnvironmentFault: the folder cannot be written.
    """
    _check_ending(out)
    payload = permit_payload(record, signing)
    files = PermitFiles(
        result_of(record),
        digest_of(payload),
        out,
        _beside(out, ".sigstore.json"),
        _beside(out, ".test-result.intoto.json"),
        rows_path(out),
    )
    envelope = seal(payload, keys)
    write_new(files.rows, record.rows.pieces())
    write_new(files.test_result, dump(seal(result_payload(record), keys).as_json()))
    write_new(files.bundle, dump(envelope.as_bundle()))
    write_new(out, dump(envelope.as_json()))
    return files


def write_keyless(record: AuditRecord, signing: Signing, out: Path, token: str | None = None) -> Path:
    """Sign an audit under an identity and write bundle and row list; return the bundle's path.

    Raises:
        UsageError: another ending, or no identity.
        EvidenceError: the authority or the log cannot be reached.
        EnvironmentFault: the folder cannot be written.
    """
    _check_ending(out)
    bundle = _beside(out, ".sigstore.json")
    signed = sign_keyless(permit_payload(record, signing), token)
    write_new(rows_path(bundle), record.rows.pieces())
    write_new(bundle, signed)
    return bundle


def add_signature(path: Path, key: PrivateKey) -> tuple[Permit, tuple[str, ...]]:
    """Sign a permit once more, by another person; return what was signed and the key ids now on it.

    Raises:
        UsageError: it is a bundle, which takes one signature.
        EvidenceError: it is not a permit.
        EnvironmentFault: it cannot be written.
    """
    raw = read_bounded(path, MAX_BYTES)
    envelope = parse_envelope(raw, path)
    if b'"dsseEnvelope"' in raw:
        raise UsageError(
            "a bundle takes one signature", where=str(path), fix=f"sign the {_ENDING} file beside it"
        )
    permit = unsigned_permit(envelope, path)
    signed = envelope.sign(key)
    write_new(path, dump(signed.as_json()))
    return permit, tuple(signature.key_id for signature in signed.signatures)


def _check_ending(out: Path) -> None:
    if not out.name.endswith(_ENDING):
        raise UsageError(f"--out must end in {_ENDING}", where=str(out), fix=f"give permit{_ENDING}")


def _beside(out: Path, ending: str) -> Path:
    return out.with_name(out.name.removesuffix(_ENDING) + ending)
